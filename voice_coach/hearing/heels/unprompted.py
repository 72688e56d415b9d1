"""Sounds like the user's heels that came when nobody was asked to drop them.

They say how much this room deceives the ear just now: a neighbour's steps, the beat of music.
Their rate is the sum of their probabilities over the last seconds.
"""

from collections import deque
from typing import Final

import numpy as np

from voice_coach.clock import to_samples

MEMORY: Final = to_samples(10.0)
"""Samples looked back on."""

LONG: Final = to_samples(40.0)
"""Samples looked back on to know the room's habits."""

AFTER_WINDOW: Final = to_samples(0.2)
"""A sound that soon after a window may be a late drop."""

BEFORE_WINDOW: Final = to_samples(0.1)
"""A sound that soon before a window is too new to be known."""

FEWEST: Final = 0.05
"""Rate of a room that has not deceived the ear at all."""

COST_DB: Final = 4.0
"""What each e-fold of the rate costs, in dB of the expected signal-to-noise ratio."""

MOST: Final = 200
"""Sounds remembered."""


class Unprompted:
    """Remembers the likely thumps outside every window."""

    def __init__(self) -> None:
        self._sounds: deque[tuple[int, float]] = deque(maxlen=MOST)
        self._ended = -AFTER_WINDOW

    def window_ended(self, at: int) -> None:
        """Note that a window ended at stream position `at`."""
        self._ended = at

    def add(self, at: int, evidence: float) -> bool:
        """Note a sound at `at` outside every window; `evidence` is the logarithm of its odds.

        Returns whether it was unprompted: not so soon after a window that it may be a late drop.
        """
        unprompted = at >= self._ended + AFTER_WINDOW
        if unprompted:
            self._sounds.append((at, float(1.0 / (1.0 + np.exp(-evidence)))))
        return unprompted

    def rate(self, at: int, memory: int = MEMORY) -> float:
        """Return how many likely thumps came unprompted in the `memory` before `at`."""
        return sum(p for when, p in self._sounds if at - memory < when < at - BEFORE_WINDOW)

    def penalty_db(self, at: int, memory: int = MEMORY) -> float:
        """Return what the room's thumps cost at `at`, in dB of signal-to-noise ratio."""
        return COST_DB * float(np.log((self.rate(at, memory) + FEWEST) / FEWEST))
