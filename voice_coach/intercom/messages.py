"""What is said over the intercom: one JSON object a line, described in ``docs/intercom.md``.

Never sound, and never words that somebody said: what goes on, how many drops were counted, and
what is broken.
"""

from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

PROTOCOL: Final = 1
"""The number of this protocol; a message that is only added does not change it."""

LONGEST: Final = 4096
"""Bytes of a line, its end included; whoever sends a longer one is cut off."""

Doing: TypeAlias = Literal[
    "starting",
    "asleep",
    "asking",
    "exercising",
    "resting",
    "paused",
    "checking_in",
    "teaching",
    "without_sound",
]
"""What the speaker is doing, in few words; there may be more of them one day."""

What: TypeAlias = Literal[
    "started", "completed", "stopped", "interrupted", "not_answering", "asked_for_help"
]

Role: TypeAlias = Literal["look", "change", "therapist"]
"""What somebody who is let in may do."""


class Told(msgspec.Struct, frozen=True, tag_field="event", kw_only=True):
    """What the speaker tells."""


class Hello(Told, frozen=True, tag="hello"):
    """The first line to everybody who calls."""

    version: str
    protocol: int = PROTOCOL


class Status(Told, frozen=True, tag="status"):
    """What goes on; told at the beginning, and when it changes.

    `volume` counts steps from -3 to 3; `person` is None where nobody is told apart.
    """

    doing: Doing = "starting"
    session: bool = False
    person: str | None = None
    volume: int = 0
    muted: bool = False


class Count(Told, frozen=True, tag="count"):
    """Where a session is: the repetition and the set of those planned, and the landings so far."""

    level: str
    set: int
    sets: int
    number: int
    repetitions: int
    heard: int = 0
    soft: int = 0
    hard: int = 0
    unsure: int = 0
    told: int = 0
    not_heard: int = 0


class News(Told, frozen=True, tag="news"):
    """Something happened, to `person`."""

    what: What
    person: str | None = None


class Levels(Told, frozen=True, tag="levels"):
    """How loud the last half second was at the microphone, in dB of full scale.

    `clipped` is whether it was more than the microphone takes. What made the sound is not told.
    """

    room_db: float
    peak_db: float
    clipped: bool = False


class Devices(Told, frozen=True, tag="devices"):
    """The microphones and loudspeakers there are, and the two that are used; empty for none."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    input: str = ""
    output: str = ""


class Trouble(Told, frozen=True, tag="trouble"):
    """What is broken, in a sentence; None when nothing is any more."""

    text: str | None = None


DIGITS: Final = 6


class LetIn(Told, frozen=True, tag="let_in"):
    """Somebody at the speaker said that somebody may come in who knows these six digits."""

    code: str
    role: Role


class Withdrawn(Told, frozen=True, tag="withdrawn"):
    """Somebody at the speaker said that nobody is let in any more."""


class Done(Told, frozen=True, tag="done"):
    """The answer to a request: whether it was done, and if not, why not."""

    id: int
    done: bool
    why: str | None = None


Event: TypeAlias = (
    Hello | Status | Count | News | Levels | Devices | Trouble | LetIn | Withdrawn | Done
)


class Asked(
    msgspec.Struct, frozen=True, tag_field="request", kw_only=True, forbid_unknown_fields=True
):
    """What may be asked; the answer carries its `id`."""

    id: Annotated[int, Meta(ge=0, le=1 << 31)]


class Stop(Asked, frozen=True, tag="stop"):
    """Do as if somebody had said "stop"."""


class Volume(Asked, frozen=True, tag="volume"):
    """Be so many steps louder, or quieter, than the settings say."""

    steps: Annotated[int, Meta(ge=-3, le=3)]


class Mute(Asked, frozen=True, tag="mute"):
    """Hear nothing at all, or hear again; a session that is going on is stopped first."""

    on: bool


class Remind(Asked, frozen=True, tag="remind"):
    """Remind of today's session, if one is planned."""


class SayTest(Asked, frozen=True, tag="test"):
    """Say a sentence, to hear that the loudspeaker works."""


class Measure(Asked, frozen=True, tag="measure"):
    """Tell how loud it is at the microphone, twice a second, for so many seconds."""

    seconds: Annotated[int, Meta(ge=1, le=60)] = 30


class ListDevices(Asked, frozen=True, tag="list_devices"):
    """Tell which microphones and loudspeakers there are."""


class LetGo(Asked, frozen=True, tag="let_go"):
    """Close the diary and all other files for so many seconds, or until `Take`: to change them.

    Refused while a session, or a conversation, is going on.
    """

    seconds: Annotated[int, Meta(ge=1, le=120)] = 30


class Take(Asked, frozen=True, tag="take"):
    """Read everything anew, and go on."""


Request: TypeAlias = Stop | Volume | Mute | Remind | SayTest | Measure | ListDevices | LetGo | Take

_EVENT: Final = msgspec.json.Decoder(Event)
_REQUEST: Final = msgspec.json.Decoder(Request)
_ENCODER: Final = msgspec.json.Encoder()


def line(message: Told | Asked) -> bytes:
    """Return `message` as a line."""
    return _ENCODER.encode(message) + b"\n"


def read_request(text: bytes) -> Request:
    """Return the request in a line; ValueError where there is none."""
    request: Request = _read(_REQUEST, text)
    return request


def read_event(text: bytes) -> Event:
    """Return the event in a line; ValueError where it is none that is known here."""
    event: Event = _read(_EVENT, text)
    return event


def _read(decoder: msgspec.json.Decoder[Any], text: bytes) -> Any:
    try:
        return decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise ValueError(str(error)) from error
