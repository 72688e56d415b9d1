"""The vocabulary of what was done: said by the coach as it happens, written by the diary.

Every entry carries `at`, a position in samples on the stream's clock. Sets and repetitions are
numbered from 1. The ledger keeps what was prompted apart from what was heard and invents
nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias


class Outcome(StrEnum):
    """What became of one prompted repetition."""

    HEARD = "heard"
    SOFT = "soft"
    HARD = "hard"
    NOT_HEARD = "not_heard"
    UNSURE = "unsure"
    """Something landed that may have been the heels; the ear left it open."""
    TOLD = "told"
    """Nothing could be heard, and the person said that it was done."""


class EndReason(StrEnum):
    """How a session ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    """Neither: the sound card or the power was lost, or the program was ended."""


class Answer(StrEnum):
    """What a person answered to a yes-or-no question."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    SILENCE = "silence"
    """Nothing was said, or nothing that could be understood."""


class Feeling(StrEnum):
    """How a set felt to the person."""

    EASY = "easy"
    FINE = "fine"
    HARD = "hard"
    SORE = "sore"
    PAIN = "pain"
    SILENCE = "silence"


class Complaint(StrEnum):
    """What a person told of that speaks against going on."""

    SHARP_PAIN = "sharp_pain"
    BACK_PAIN = "back_pain"
    CHEST_PAIN = "chest_pain"
    BREATHLESS = "breathless"
    DIZZY = "dizzy"
    FALL = "fall"
    PAIN = "pain"
    SORENESS = "soreness"
    LOST_BALANCE = "lost_balance"
    UNWELL = "unwell"


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A session began; `sets` and `repetitions` (of each set) are what was planned.

    `overrode` is the refusal that the person set aside by "start anyway", such as
    ``refused.rest_day``; empty when there was none.
    """

    at: int
    level: str
    sets: int
    repetitions: int
    overrode: str = ""


@dataclass(frozen=True, slots=True)
class RepetitionPrompted:
    """The drop cue of repetition `number` of `set` was given at `at`."""

    at: int
    set: int
    number: int


@dataclass(frozen=True, slots=True)
class RepetitionResolved:
    """What was heard of a prompted repetition.

    `thump_at` and `level_db` (relative to the person's own calibration) are None when nothing
    was heard for certain.
    """

    at: int
    set: int
    number: int
    outcome: Outcome
    thump_at: int | None = None
    level_db: float | None = None


@dataclass(frozen=True, slots=True)
class DoubtDecided:
    """A repetition that was left open was a landing after all.

    For the record only: nothing was said of it, and nothing is.
    """

    at: int
    set: int
    number: int
    outcome: Outcome
    thump_at: int
    level_db: float


@dataclass(frozen=True, slots=True)
class LagHeard:
    """The heels of the landing at `thump_at` came `lag_ms` apart; 0 is together.

    For the therapist's page alone.
    """

    at: int
    thump_at: int
    lag_ms: float


@dataclass(frozen=True, slots=True)
class SetFinished:
    """The last repetition of `set` is over."""

    at: int
    set: int


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The session is over, and why."""

    at: int
    reason: EndReason


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of ``questions.toml`` was answered; silence after asking is an answer too."""

    at: int
    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class ScreeningFinished:
    """Every question of the screening has been asked and answered."""

    at: int


@dataclass(frozen=True, slots=True)
class SetFelt:
    """How `set` felt; soreness and pain open a complaint as `Complained` does."""

    at: int
    set: int
    feeling: Feeling


@dataclass(frozen=True, slots=True)
class Complained:
    """The person told of something, in a session or outside one; open until `PainSettled`."""

    at: int
    complaint: Complaint


@dataclass(frozen=True, slots=True)
class PainSettled:
    """The person said that what they had told of has settled, or answered so when asked."""

    at: int


@dataclass(frozen=True, slots=True)
class DayAnswered:
    """The person was asked what day it is; not for the diary, but for whoever keeps the time."""

    at: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class FaultNoted:
    """Something of the machine failed; `source` is the room it failed in."""

    at: int
    source: str
    text: str


Entry: TypeAlias = (
    SessionStarted
    | RepetitionPrompted
    | RepetitionResolved
    | DoubtDecided
    | LagHeard
    | SetFinished
    | SessionEnded
    | Answered
    | ScreeningFinished
    | SetFelt
    | Complained
    | PainSettled
    | DayAnswered
    | FaultNoted
)

CHANGES_PLANS: Final = (SessionEnded, ScreeningFinished, Complained, PainSettled, DayAnswered)
"""Entries after which the plans for today may be other ones."""
