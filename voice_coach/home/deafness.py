"""Noticing a microphone that is there and hears nothing.

A microphone that works is never quite still: its own noise moves the last digits. One that is
muted gives the same number over and over, and a stream that the sound server has moved to the
monitor of a loudspeaker the same one up and down, which is what we play for silence
(`sound/floor.py`). Our own sound proves nothing, for a monitor has it.
"""

from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, to_samples
from voice_coach.sound.block import Block

STILL: Final = to_samples(1.5)
"""Samples of stillness from which the microphone hears nothing."""
ALIVE: Final = to_samples(0.3)
"""Samples of sound from which it hears again."""
DECAY: Final = to_samples(0.5)
"""Samples after our own sound in which nothing is judged: the room may still carry it."""
GATED: Final = 3
"""So many times it may begin to hear again by itself: then it is one that gates its noise."""


class DeafnessWatch:
    """Judges the microphone block by block."""

    def __init__(self) -> None:
        self.deaf = False
        """Whether the microphone hears nothing."""
        self._still = self._alive = 0
        self._sounded = DECAY
        self._level: float | None = None
        self._recovered = 0

    def hear(self, block: Block) -> bool:
        """Take in a block; return whether `deaf` has changed."""
        sizes = np.abs(block.microphone)
        low, high = float(sizes.min()), float(sizes.max())
        moves = low != high or low != self._level
        self._level = high
        self._sounded = 0 if np.any(block.playback) else self._sounded + BLOCK
        if self._sounded < DECAY:
            return False
        self._still = 0 if moves else self._still + BLOCK
        self._alive = self._alive + BLOCK if moves else 0
        if self.deaf and self._alive >= ALIVE:
            self.deaf = False
            self._recovered += 1
            return True
        if not self.deaf and self._still >= STILL and self._recovered < GATED:
            self.deaf = True
            return True
        return False
