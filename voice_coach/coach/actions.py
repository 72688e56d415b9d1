"""What the coach can ask for. Positions are stream positions, in samples."""

from dataclasses import dataclass
from typing import TypeAlias

from voice_coach.coach.cues import Cue
from voice_coach.coach.states import Mode
from voice_coach.programme.ledger import Entry


@dataclass(frozen=True, slots=True)
class Play:
    """Say `cues` one after the other, the first at `at`.

    When the last of them has ended, :class:`~voice_coach.coach.events.Spoken` reports
    `utterance`, unless a :class:`Hush` came first.
    """

    at: int
    cues: tuple[Cue, ...]
    utterance: int


@dataclass(frozen=True, slots=True)
class Hush:
    """Fall silent at once: drop whatever is sounding or is yet to sound."""

    at: int


@dataclass(frozen=True, slots=True)
class Listen:
    """Listen for the commands of `mode`."""

    at: int
    mode: Mode


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """Expect one landing in [`start`, `end`), after a drop cue at `prompted`.

    A `gentle` one is the last of a calibration: it tells where soft begins.
    """

    at: int
    start: int
    end: int
    prompted: int
    gentle: bool = False


@dataclass(frozen=True, slots=True)
class CloseWindow:
    """Expect no landing any more."""

    at: int


@dataclass(frozen=True, slots=True)
class AskHearing:
    """Find out whether heels can be heard over the room now; answered by HearingReport."""

    at: int


@dataclass(frozen=True, slots=True)
class StartCalibration:
    """From here on, windows are for calibration drops."""

    at: int


@dataclass(frozen=True, slots=True)
class FinishCalibration:
    """Make a template of the calibration drops; answered by CalibrationFinished.

    Asked for again after a gentle drop, which the template then takes into account.
    """

    at: int


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Make everything that is said `db` louder than the settings say."""

    at: int
    db: float


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """Take up the plans and the heels of `person`; answered by PlansMade."""

    at: int
    person: str


@dataclass(frozen=True, slots=True)
class LetIn:
    """Have digits made by which somebody may come to the page; answered by DoorAnswered."""

    at: int
    role: str


@dataclass(frozen=True, slots=True)
class ShowOut:
    """Let nobody come to the page any more; answered by DoorAnswered."""

    at: int


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """Switch the machine off, as soon as that has been said."""

    at: int


@dataclass(frozen=True, slots=True)
class Record:
    """Write `entry` into the diary."""

    at: int
    entry: Entry


Action: TypeAlias = (
    Play
    | Hush
    | Listen
    | OpenWindow
    | CloseWindow
    | AskHearing
    | StartCalibration
    | FinishCalibration
    | SetVolume
    | ChangePerson
    | LetIn
    | ShowOut
    | SwitchOff
    | Record
)
