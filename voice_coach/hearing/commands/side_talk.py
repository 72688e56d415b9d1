"""How much has lately been said in the room that was not said to us.

Whoever reads aloud, telephones or listens to the radio says hundreds of sentences of which none is
an order; somebody who exercises alone says little else. So the odds that a sentence is an order
are lower the more was said besides, and it has to be more certain.
"""

import math
from typing import Final

from voice_coach.clock import SAMPLE_RATE, to_samples

_FORGETS: Final = 20.0
"""Seconds after which what was said counts a third (1/e)."""
_ORDER: Final = to_samples(1.0)
"""So much voice in an utterance may be an order to us that was not understood."""


class SideTalk:
    """Counts the voice in utterances that were no commands, and forgets it little by little."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._at = 0

    def note(self, voiced: int, at: int) -> None:
        """Note that an utterance which ended `at`, with so many samples of voice, was no order."""
        self._seconds = self.seconds(at) + max(0, voiced - _ORDER) / SAMPLE_RATE
        self._at = max(self._at, at)

    def seconds(self, at: int) -> float:
        """Return how many seconds still count `at` a position: about ten while somebody reads."""
        return self._seconds * math.exp(-max(0, at - self._at) / SAMPLE_RATE / _FORGETS)
