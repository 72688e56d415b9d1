"""What can happen to the coach.

Every event carries `at`: the stream position, in samples, at which it is known. Events are
delivered in that order.
"""

from dataclasses import dataclass
from typing import TypeAlias

from voice_coach.coach.states import Intent
from voice_coach.programme.ledger import Complaint
from voice_coach.programme.planner import Today


@dataclass(frozen=True, slots=True)
class Command:
    """A spoken command was understood."""

    at: int
    intent: Intent
    level: str | None = None
    """The level named in "start {level}", if one was."""
    person: str | None = None
    """The person named, as the household calls them."""
    complaint: Complaint | None = None
    """What is complained of."""
    sure: bool = True
    """Whether it is certain enough to be believed whatever follows from it."""
    role: str | None = None
    """As what somebody is to be let in."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Somebody spoke, and it was no command."""

    at: int


@dataclass(frozen=True, slots=True)
class Thump:
    """Heels landed at `landed`; `level_db` is relative to the person's own calibration drops."""

    at: int
    landed: int
    level_db: float
    gentle_db: float | None = None
    """How loud their gentle drop was, likewise: it tells where soft begins; None without one."""
    drifted: bool = False
    """The last landings were all louder, or all fainter, than those learnt."""
    certain: bool = True
    """False for a sound that may have been the heels or something else."""
    late: bool = False
    """It was doubtful in its own window; what followed decided it. For the record alone."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The utterance with this number has been said to its end, at `at`."""

    at: int
    utterance: int


@dataclass(frozen=True, slots=True)
class TimeReached:
    """The stream has reached the coach's deadline, which was `at`."""

    at: int


@dataclass(frozen=True, slots=True)
class HearingReport:
    """Answers :class:`~voice_coach.coach.actions.AskHearing`."""

    at: int
    can_hear: bool


@dataclass(frozen=True, slots=True)
class CalibrationFinished:
    """Answers :class:`~voice_coach.coach.actions.FinishCalibration`."""

    at: int
    problem: str | None = None
    """None, or the last part of the cue that says what was wrong, such as ``too_few``."""
    heard: int = 0
    microphone: tuple[str, ...] = ()
    """The last parts of the cues that say what is wrong with the microphone."""


@dataclass(frozen=True, slots=True)
class SoundLost:
    """The microphone or the loudspeaker has gone."""

    at: int
    deaf: bool = False
    """The microphone is there, but hears nothing at all."""


@dataclass(frozen=True, slots=True)
class SoundBack:
    """Microphone and loudspeaker work again."""

    at: int


@dataclass(frozen=True, slots=True)
class DiaryLost:
    """What is done can be written down no more; it is remembered until it can."""

    at: int


@dataclass(frozen=True, slots=True)
class DiaryBack:
    """Everything that was remembered has been written down."""

    at: int


@dataclass(frozen=True, slots=True)
class PlansMade:
    """The plans for today have been made anew.

    Something was done or said that changes them, the day has changed, or somebody else is here.
    """

    at: int
    today: Today
    calibrated: bool | None = None
    """Whether it is known what their drops sound like; None leaves that as it was."""


@dataclass(frozen=True, slots=True)
class VolumeAsked:
    """Somebody who does not speak wants the volume at so many steps above what is set."""

    at: int
    steps: int


@dataclass(frozen=True, slots=True)
class DoorAnswered:
    """Answers LetIn and ShowOut.

    `code` holds the digits that were asked for; it is None, as `there` is False, where there is no
    page.
    """

    at: int
    code: str | None = None
    there: bool = False


Event: TypeAlias = (
    Command
    | NotUnderstood
    | Thump
    | Spoken
    | TimeReached
    | HearingReport
    | CalibrationFinished
    | SoundLost
    | SoundBack
    | DiaryLost
    | DiaryBack
    | PlansMade
    | VolumeAsked
    | DoorAnswered
)
