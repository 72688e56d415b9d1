"""How much has lately been said in the room that was not said to us.

Whoever reads aloud, telephones or listens to the radio says hundreds of sentences of which none is
an order; somebody who exercises alone says little else. So the odds that a sentence is an order
are lower the more was said besides, and it has to be more certain.
"""

import math
from typing import Final

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples

_FORGETS: Final = 20.0
"""Seconds after which what was said counts a third (1/e)."""
_ORDER: Final = to_samples(0.5)
"""Vowels of so much in an utterance may be of an order to us that was not understood."""


class SideTalk:
    """Counts the vowels of utterances that were no commands, and forgets them little by little.

    A tap and clinking dishes stand out of the room, too, but have none.
    """

    def __init__(self) -> None:
        self._seconds = 0.0
        self._at = 0
        self._vowels = 0

    def hear(self, is_vowel: bool) -> None:
        """Take note of a hop of an utterance."""
        self._vowels += BLOCK * is_vowel

    def over(self, at: int, *, counts: bool) -> None:
        """Note that the utterance ended `at`, and whether it counts: it was no order."""
        if counts:
            self._seconds = self.seconds(at) + max(0, self._vowels - _ORDER) / SAMPLE_RATE
            self._at = max(self._at, at)
        self._vowels = 0

    def seconds(self, at: int) -> float:
        """Return how many seconds still count `at` a position: about five while somebody reads."""
        return self._seconds * math.exp(-max(0, at - self._at) / SAMPLE_RATE / _FORGETS)
