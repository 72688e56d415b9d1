"""What is listened for follows from the table: in every state, the intents that do something."""

from collections.abc import Mapping
from typing import Final

from voice_coach.coach.handlers import requests
from voice_coach.coach.states import MODES, Intent, Mode, State
from voice_coach.coach.table import TABLE

CRIES: Final = frozenset({Intent.OUCH, Intent.TROUBLE})
"""What is heard as a "stop", and said to be more than that; no sentences of their own."""


def handled(state: State) -> frozenset[Intent]:
    """Return the intents that do something in `state`."""
    row = TABLE[state]
    return frozenset(intent for intent in Intent if row[intent].handler is not requests.ignore)


def intents(mode: Mode) -> tuple[Intent, ...]:
    """Return what is listened for in `mode`: what its states handle, in the order of `Intent`.

    All states of a mode handle the same; a test holds them to it.
    """
    states = [state for state in State if MODES[state] is mode]
    wanted = frozenset().union(*map(handled, states)) - CRIES
    return tuple(intent for intent in Intent if intent in wanted)


LISTENED_FOR: Final[Mapping[Mode, tuple[Intent, ...]]] = {mode: intents(mode) for mode in Mode}
"""The intents of every mode."""
