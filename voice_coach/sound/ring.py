"""A ring of samples addressed by position: one thread writes, another reads."""

import numpy as np

from voice_coach.samples import Samples


class Ring:
    """The last `size` samples of a stream, allocated once.

    Nothing is locked: the reader must keep to what was written, at most `size` samples ago.
    Positions are not negative, and no more than `size` samples go in or out at once.
    """

    def __init__(self, size: int) -> None:
        self._samples: Samples = np.zeros(size, np.float32)

    def write(self, at: int, samples: Samples) -> None:
        """Put `samples` at the positions from `at` on."""
        start = at % len(self._samples)
        first = len(self._samples) - start
        self._samples[start : start + len(samples)] = samples[:first]
        self._samples[: max(0, len(samples) - first)] = samples[first:]

    def clear(self, start: int, end: int) -> None:
        """Put silence at the positions from `start` up to `end`."""
        first, last = start % len(self._samples), end % len(self._samples)
        if end - start >= len(self._samples):
            self._samples[:] = 0
        elif first <= last:
            self._samples[first:last] = 0
        else:
            self._samples[first:] = 0
            self._samples[:last] = 0

    def read(self, start: int, end: int) -> Samples:
        """Return a copy of the samples from position `start` up to `end`."""
        first = start % len(self._samples)
        tail = self._samples[first : first + end - start]
        return np.concatenate([tail, self._samples[: end - start - len(tail)]])
