"""The names of what the coach can be doing, of what can be asked of it, of what it listens for."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """What the coach is doing."""

    ASLEEP = "asleep"
    """Between sessions: waits for a full phrase such as "start beginner"."""
    CONFIRMING = "confirming"
    """Has said why not today, and waits for the explicit second phrase."""
    BRIEFING = "briefing"
    """Says the plan and the starting position."""
    CALIBRATING = "calibrating"
    """Learns what this person's own drops sound like."""
    PREPARING = "preparing"
    """Finds out, before a set, whether heels can be heard over the room."""
    COUNTING_IN = "counting in"
    RISING = "rising"
    HOLDING = "holding"
    LISTENING = "listening"
    """The drop cue has sounded: silence until the thump, or until the window ends."""
    PAUSING = "pausing"
    """The recovery after a drop; the count and remarks are spoken here."""
    RESTING = "resting"
    PAUSED = "paused"
    CHECKING_IN = "checking in"
    """Three drops in a row were not heard: "are you all right?"."""
    SUMMING_UP = "summing up"


class Intent(StrEnum):
    """What a spoken command asks for."""

    START = "start"
    START_ANYWAY = "start_anyway"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    REPEAT = "repeat"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    SKIP_REST = "skip_rest"
    HOW_MANY_LEFT = "how_many_left"
    HELP = "help"
    YES = "yes"
    NO = "no"
    CALIBRATE = "calibrate"


class Mode(StrEnum):
    """Which commands are listened for."""

    ASLEEP = "asleep"
    EXERCISING = "exercising"
    RESTING = "resting"
    PAUSED = "paused"
    CHECKING_IN = "checking_in"
    CONFIRMING = "confirming"


MODES: Final = {
    State.ASLEEP: Mode.ASLEEP,
    State.CONFIRMING: Mode.CONFIRMING,
    State.BRIEFING: Mode.EXERCISING,
    State.CALIBRATING: Mode.EXERCISING,
    State.PREPARING: Mode.EXERCISING,
    State.COUNTING_IN: Mode.EXERCISING,
    State.RISING: Mode.EXERCISING,
    State.HOLDING: Mode.EXERCISING,
    State.LISTENING: Mode.EXERCISING,
    State.PAUSING: Mode.EXERCISING,
    State.RESTING: Mode.RESTING,
    State.PAUSED: Mode.PAUSED,
    State.CHECKING_IN: Mode.CHECKING_IN,
    State.SUMMING_UP: Mode.ASLEEP,
}
"""What is listened for in each state. "Stop" is part of every mode."""
