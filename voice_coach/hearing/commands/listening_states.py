"""The life of the command ear: its states, and what leads from one to the next.

The rules, and where to read them:

- A row is a state; a column is what was noticed: in the newest 20 ms of sound, by looking into what
  has been said, or by deciding about it.
- An entry names the state that follows, and why. What has no entry cannot be noticed in that
  state; :func:`after` refuses it.
- Nothing but :func:`after` leads from one state to another, and the picture in
  ``docs/listening.md`` is drawn from the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final, TypeAlias


class State(StrEnum):
    """What the ear is doing."""

    QUIET = "quiet"
    """Nothing stands out of the room."""
    OPENING = "opening"
    """Something does, but only just; it may be a click."""
    LISTENING = "listening"
    """An utterance grows. If it has paused, nobody has looked into it since."""
    LOOKED_INTO = "looked into"
    """What was said before this pause cannot be answered yet: more of it, or of the pause, is
    waited for."""
    AWAITING_STOP = "awaiting the stop network"
    """A "stop" has been found, and the network that knows it alone has not heard it out."""
    AWAITING_STOP_IN_PAUSE = "awaiting the stop network in a pause"
    """The same, in a pause that has been looked into."""
    CUT = "cut"
    """An utterance has ended although the voice goes on; its end begins the next one."""


class Noticed(StrEnum):
    """What leads from state to state."""

    VOICE = auto()
    """A voice stands out in the newest hop."""
    NO_VOICE = auto()
    """None does."""
    URGENT = auto()
    """What is being said has become an urgent sentence."""
    PAUSE = auto()
    """The voice has paused after what may be a sentence, or no new words come."""
    LIKELY_STOP = auto()
    """The voice has paused after what the network takes for a "stop"."""
    UNDECIDED = auto()
    """The sentence found holds a "stop" of which the network will soon know more."""
    DECIDED = auto()
    """The network has heard that "stop" out."""
    COMMAND = auto()
    """What was said is a command."""
    END = auto()
    """It is over, and was none."""
    CUT_OFF = auto()
    """It is over and was none, but the voice goes on."""


@dataclass(frozen=True, slots=True)
class Transition:
    """The state that follows, and why."""

    to: State
    reason: str


Row: TypeAlias = dict[Noticed, Transition]


def _decided() -> Row:
    """Return the part of a row that ends an utterance."""
    return {
        Noticed.COMMAND: Transition(State.QUIET, "it is answered at once"),
        Noticed.END: Transition(State.QUIET, "there is nothing to answer"),
        Noticed.CUT_OFF: Transition(State.CUT, "a word may have begun in its end"),
    }


def _looks(voice_goes_on: State) -> Row:
    """Return the part of a row in which something is looked into, hearing it out once more."""
    return {
        Noticed.URGENT: Transition(voice_goes_on, "an urgent sentence waits for no pause"),
        Noticed.PAUSE: Transition(State.LOOKED_INTO, "each pause is looked into once"),
        Noticed.LIKELY_STOP: Transition(
            State.LOOKED_INTO, "it counts where the recogniser has found nothing better"
        ),
    }


TABLE: Final[Mapping[State, Row]] = {
    State.QUIET: {
        Noticed.VOICE: Transition(State.OPENING, "somebody may begin to speak"),
        Noticed.NO_VOICE: Transition(State.QUIET, "the last moments are kept"),
    },
    State.OPENING: {
        Noticed.VOICE: Transition(State.LISTENING, "two hops in a row are more than a click"),
        Noticed.NO_VOICE: Transition(State.QUIET, "it was a click"),
    },
    State.LISTENING: {
        Noticed.VOICE: Transition(State.LISTENING, "the utterance grows"),
        Noticed.NO_VOICE: Transition(State.LISTENING, "so does the pause in it"),
        **_looks(State.LISTENING),
        Noticed.UNDECIDED: Transition(State.AWAITING_STOP, "in a moment more is known"),
        **_decided(),
    },
    State.LOOKED_INTO: {
        Noticed.VOICE: Transition(State.LISTENING, "the next pause is another one"),
        Noticed.NO_VOICE: Transition(State.LOOKED_INTO, "the pause grows"),
        **_looks(State.LOOKED_INTO),
        Noticed.UNDECIDED: Transition(State.AWAITING_STOP_IN_PAUSE, "in a moment more is known"),
        **_decided(),
    },
    State.AWAITING_STOP: {
        Noticed.VOICE: Transition(State.AWAITING_STOP, "the utterance grows"),
        Noticed.NO_VOICE: Transition(State.AWAITING_STOP, "so does the pause in it"),
        **_looks(State.LISTENING),
        Noticed.DECIDED: Transition(State.LISTENING, "the sentence can be weighed now"),
        **_decided(),
    },
    State.AWAITING_STOP_IN_PAUSE: {
        Noticed.VOICE: Transition(State.AWAITING_STOP, "the next pause is another one"),
        Noticed.NO_VOICE: Transition(State.AWAITING_STOP_IN_PAUSE, "the pause grows"),
        **_looks(State.LOOKED_INTO),
        Noticed.DECIDED: Transition(State.LOOKED_INTO, "the sentence can be weighed now"),
        **_decided(),
    },
    State.CUT: {
        Noticed.VOICE: Transition(State.LISTENING, "the next utterance grows"),
        Noticed.NO_VOICE: Transition(State.LISTENING, "it begins with a pause"),
        Noticed.COMMAND: Transition(State.QUIET, "nothing more is fed, and its end was one"),
        Noticed.END: Transition(State.QUIET, "nothing more is fed"),
    },
}
"""The entry for everything that can be noticed in a state."""

AWAITING: Final = frozenset({State.AWAITING_STOP, State.AWAITING_STOP_IN_PAUSE})
"""States in which the network's word is waited for."""
PAUSE_KNOWN: Final = frozenset({State.LOOKED_INTO, State.AWAITING_STOP_IN_PAUSE})
"""States in which the present pause has been looked into."""


def after(state: State, noticed: Noticed) -> State:
    """Return the state that follows `state` when something is `noticed`.

    Raises
    ------
    ValueError
        When it cannot be noticed in that state: a mistake in the program.
    """
    try:
        return TABLE[state][noticed].to
    except KeyError:
        raise ValueError(f"{noticed!r} cannot be noticed while {state}") from None
