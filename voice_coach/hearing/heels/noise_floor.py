"""The running noise floor: how loud the room is right now, band by band."""

from typing import Final

import numpy as np

from voice_coach.hearing.heels.spectrum import BANDS, FRAMES_PER_STEP, TINY, Powers

MEMORY: Final = 400
"""Frames looked back on: 2 s."""

PERCENTILE: Final = 0.85
"""Of the frames remembered, this share is at or below the floor."""

RENEWAL: Final = 10
"""Steps between two looks at the percentile: 200 ms."""

SETTLED: Final = 40
"""Frames needed before there is a floor at all: 0.2 s."""


class NoiseFloor:
    """Follows each band's 85th percentile over the last two seconds."""

    def __init__(self) -> None:
        self._ring = np.full((BANDS, MEMORY), TINY, np.float32)
        self._frames = 0
        self._steps = 0
        self.power: Powers = np.full(BANDS, TINY, np.float32)
        """Floor of each band; shape ``(BANDS,)``."""
        self.median: Powers = self.power
        """Median of each band over the same time; shape ``(BANDS,)``."""
        self.renewals = 0
        """How often `power` has been renewed."""

    @property
    def settled(self) -> bool:
        """Whether enough was heard for the floor to mean something."""
        return self._frames >= SETTLED

    def add(self, powers: Powers, echo: Powers | None) -> None:
        """Take in the `powers` of a step; where our own `echo` explains them, they do not count.

        Both of shape ``(FRAMES_PER_STEP, BANDS)``.
        """
        at = self._frames % MEMORY
        if echo is not None and self.settled:
            powers = np.where(echo > 0.25 * powers, np.minimum(powers, self.median), powers)
        self._ring[:, at : at + FRAMES_PER_STEP] = powers.T
        self._frames += FRAMES_PER_STEP
        self._steps += 1
        if self._steps % RENEWAL == 0 or self._frames <= SETTLED:
            known = min(self._frames, MEMORY)
            high, middle = int(PERCENTILE * (known - 1)), known // 2
            ranked = np.partition(self._ring[:, :known], (middle, high), axis=1)
            self.renewals += 1
            self.power, self.median = ranked[:, high].copy(), ranked[:, middle].copy()
