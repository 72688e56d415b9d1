"""The vocabulary of what was done: said by the coach as it happens, written by the diary.

Every entry carries `at`, a position in samples on the stream's clock. Sets and repetitions are
numbered from 1. The ledger keeps what was prompted apart from what was heard and invents
nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Outcome(StrEnum):
    """What became of one prompted repetition."""

    HEARD = "heard"
    SOFT = "soft"
    HARD = "hard"
    NOT_HEARD = "not_heard"


class EndReason(StrEnum):
    """How a session ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    """Neither: the sound card or the power was lost, or the program was ended."""


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
    was heard.
    """

    at: int
    set: int
    number: int
    outcome: Outcome
    thump_at: int | None = None
    level_db: float | None = None


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
class FaultNoted:
    """Something of the machine failed; `source` is the room it failed in."""

    at: int
    source: str
    text: str


Entry: TypeAlias = (
    SessionStarted
    | RepetitionPrompted
    | RepetitionResolved
    | SetFinished
    | SessionEnded
    | FaultNoted
)
