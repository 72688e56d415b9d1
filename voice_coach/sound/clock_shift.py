"""The shift between two sample counts, measured again and again and held steady."""

from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples

WINDOW: Final = 30 * SAMPLE_RATE // BLOCK
"""Measurements in the long view: half a minute of blocks."""
RECENT: Final = 25
"""Measurements in the short view: half a second of blocks."""
ENOUGH: Final = 15
"""Measurements before a first value is ventured."""
TOLERANCE: Final = to_samples(0.004)
"""How far the long view may stray before the value follows it."""
BREAK: Final = to_samples(0.025)
"""How far the short view must stray for it to be a break, not drift or jitter."""


class Shift:
    """A steady estimate, in samples, from measurements with jitter, drift and breaks.

    One measurement is off by milliseconds (PulseAudio interpolates its delays, a busy machine
    stamps late); the clocks of two devices part by some 50 samples a minute; and a stream
    that ran dry goes on later by as much as it lost. So the value is the median over the
    window, followed only when it strays by more than `TOLERANCE`; when the last half second
    agrees on something `BREAK` away, what came before is dropped.

    `measured` and `broke` are called by one thread, `settle` by another.
    """

    def __init__(self) -> None:
        self._measured = np.zeros(WINDOW)
        self._count = 0
        self._since = 0
        self._value: int | None = None

    def measured(self, shift: float) -> None:
        """Take in one measurement, one for each block."""
        self._measured[self._count % WINDOW] = shift
        self._count += 1

    def broke(self) -> None:
        """Note that sound has just broken off: what was measured before no longer holds."""
        self._since = self._count

    def settle(self) -> int | None:
        """Return the shift as it is now believed to be, or None while too little is known."""
        count, since = self._count, self._since
        if count - since < ENOUGH:
            return self._value
        recent = self._median(count, min(RECENT, count - since))
        if self._value is None:
            self._value = round(recent)
        elif abs(recent - self._value) > BREAK:
            self._since = max(since, count - RECENT)
            self._value = round(recent)
        else:
            steady = self._median(count, min(WINDOW, count - since))
            if abs(steady - self._value) > TOLERANCE:
                self._value = round(steady)
        return self._value

    def _median(self, count: int, number: int) -> float:
        """Return the median of the last `number` of `count` measurements."""
        return float(np.median(self._measured[np.arange(count - number, count) % WINDOW]))
