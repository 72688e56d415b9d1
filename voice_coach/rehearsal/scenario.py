"""Scenarios: who exercises where, and what they do, as a small TOML file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from voice_coach.errors import UserError
from voice_coach.programme.ledger import Complaint
from voice_coach.programme.levels import Level, load_levels
from voice_coach.programme.prescription import Prescription
from voice_coach.text_files import read_text

FOLDER: Final = Path(__file__).with_name("scenarios")

Seconds = Annotated[float, Meta(ge=0)]


class NoiseHeard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A noise in the kitchen, from and until so many seconds after the beginning."""

    kind: str
    level_db: float | None = None
    from_: Seconds = 0.0
    until: Seconds | None = None


class Room(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The kitchen: what the heels land on, in what, how far from the microphone."""

    floor: str = "wood"
    footwear: str = "shoe"
    distance_m: Annotated[float, Meta(gt=0, le=10)] = 1.5
    echo_db: float = -6.0
    noises: tuple[NoiseHeard, ...] = ()


class Remark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something the person says: `at` a time, or `after` the `nth` time a cue has begun."""

    text: str
    at: Seconds | None = None
    cue: str | None = None
    nth: Annotated[int, Meta(ge=1)] = 1
    after: Seconds = 0.0
    level_db: float = 66.0

    def __post_init__(self) -> None:
        if (self.at is None) == (self.cue is None):
            raise ValueError(f"'{self.text}' needs either 'at' (seconds) or 'cue' (a cue's name)")


class Past(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that stands in the diary already: a session, or something complained of."""

    days_ago: Annotated[int, Meta(ge=0)]
    level: str | None = None
    sets: Annotated[int, Meta(ge=1)] = 2
    repetitions: Annotated[int, Meta(ge=1)] = 10
    complaint: Complaint | None = None

    def __post_init__(self) -> None:
        if (self.level is None) == (self.complaint is None):
            raise ValueError("what is past needs either 'level' (a session) or 'complaint'")


class Background(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known of somebody.

    Attributes
    ----------
    screened
        Whether they have been through the screening, and all was well.
    calibrated
        Whether the sound of their heels on this floor is known.
    past
        What else stands in the diary.
    prescription
        Their therapist's prescription, as the text of its file.
    """

    screened: bool = True
    calibrated: bool = False
    past: tuple[Past, ...] = ()
    prescription: str = ""

    def read_prescription(self, levels: Sequence[Level]) -> Prescription | None:
        """Return the prescription, if there is one."""
        if not self.prescription:
            return None
        return Prescription.parse(self.prescription, "the prescription", levels)


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How somebody exercises; drops are numbered through the session, from 1.

    Attributes
    ----------
    voice
        A voice of espeak-ng, other than the coach's.
    reaction, reaction_spread
        Seconds from the beginning of the drop cue to the landing, and their deviation.
    firmness, firmness_spread
        Effort of a landing against this person's own good drop, and its deviation.
    gentleness
        Effort of the landing when a gentle one is asked for, against a good one.
    misses, soft
        The numbers of drops that are left out, and of those that land too softly.
    miss_rate, soft_rate
        Share of the other drops that are left out, or too soft, at random.
    thinking
        Seconds from the end of a question to its answer.
    answers
        What they say when a cue has been said to its end, time after time; "" is silence.
        Questions that are not named here are answered as who is well answers them.
    """

    voice: str = "gmw/en-us+f3"
    reaction: Annotated[float, Meta(ge=0, le=2)] = 0.32
    reaction_spread: Seconds = 0.05
    firmness: Annotated[float, Meta(gt=0, le=3)] = 1.0
    firmness_spread: Seconds = 0.08
    gentleness: Annotated[float, Meta(gt=0, le=1)] = 0.35
    misses: frozenset[int] = frozenset()
    soft: frozenset[int] = frozenset()
    miss_rate: Annotated[float, Meta(ge=0, le=1)] = 0.0
    soft_rate: Annotated[float, Meta(ge=0, le=1)] = 0.0
    says: tuple[Remark, ...] = ()
    thinking: Seconds = 0.7
    answers: dict[str, str | tuple[str, ...]] = {}


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One session to rehearse."""

    title: str
    seed: Annotated[int, Meta(ge=0)] = 1
    started: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    longest: Annotated[float, Meta(gt=0)] = 3600.0
    kitchen: Room = Room()
    person: Person = Person()
    background: Background = Background()
    people: dict[str, Background] = {}
    """Those of the household who have plans of their own, if there are several."""

    def __post_init__(self) -> None:
        if self.started.utcoffset() is None:
            raise ValueError("'started' needs an offset from UTC, such as 2026-03-02T09:00:00Z")

    def own_words(self) -> dict[str, tuple[str, ...]]:
        """Return what the coach's script cannot know of: names, and cautions."""
        known = (self.background, *self.people.values())
        prescribed = [each.read_prescription(load_levels()) for each in known]
        cautions = (text for one in prescribed if one for text in one.cautions)
        return {"people": tuple(self.people), "cautions": tuple(cautions)}

    @classmethod
    def load(cls, name: str) -> "Scenario":
        """Return the shipped scenario `name`, or the one in the file of that name."""
        path = FOLDER / f"{name}.toml"
        if not path.is_file():
            path = Path(name)
        try:
            text = read_text(path, "scenario")
        except UserError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                raise
            raise UserError(
                f"There is no scenario '{name}'; name a TOML file, or one of: "
                f"{', '.join(shipped())}."
            ) from error
        try:
            return msgspec.toml.decode(text, type=cls)
        except (msgspec.DecodeError, RecursionError, ValueError) as error:
            raise UserError(f"The scenario {path} has a mistake: {error}.") from error


def shipped() -> list[str]:
    """Return the names of the scenarios that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))
