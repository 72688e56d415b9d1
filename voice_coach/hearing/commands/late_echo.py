"""What comes back of our own voice later than the echo canceller's filter is long.

A room fades exponentially. How fast, and how loud its echo is where the filter ends, is read off
the filter's own last parts (as in Valero, Mabande & Habets 2014, "Late residual echo power
spectral density estimation").
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK

Powers: TypeAlias = npt.NDArray[np.float32]
"""Power of `BLOCK` samples in each bin of a transform of twice that, shape ``(BLOCK + 1,)``."""

_LOOK: Final = 25
"""Hops between two looks at the filter."""
_FROM: Final = 4
"""Hops after which a room fades evenly."""
_FASTEST_DB, _SLOWEST_DB = -6.0, -1.2
"""Change per hop that is believed of a room: reverberation times of 0.2 and 1 s."""
_WIDTH: Final = 20
"""Bins, 500 Hz, that are taken to fade together."""
_LEAST: Final = 1e-9
"""Power of a part of the filter that is as good as none."""


class LateEcho:
    """Follows how much of our voice comes back after the end of the filter."""

    def __init__(self) -> None:
        self._fade: Powers = np.full(BLOCK + 1, 10 ** (_FASTEST_DB / 10), np.float32)
        self._loudness: Powers = np.zeros(BLOCK + 1, np.float32)
        self._power: Powers = np.zeros(BLOCK + 1, np.float32)
        self._hops = 0

    def is_due(self) -> bool:
        """Whether it is time to look at the filter again."""
        self._hops += 1
        return self._hops % _LOOK == 0

    def look(self, path: npt.NDArray[np.float32], doubt: npt.NDArray[np.float32]) -> None:
        """Learn from the filter's power, and from how much of it is mere doubt.

        Both have the shape ``(hops, BLOCK + 1)``.
        """
        parts = np.maximum(_wide(path) - _wide(doubt), _LEAST)[_FROM:]
        level = 10 * np.log10(parts)
        hops = np.arange(len(parts)) - (len(parts) - 1) / 2
        slope = np.clip(hops @ level / (hops @ hops), _FASTEST_DB, _SLOWEST_DB)
        next_db = level.mean(axis=0) + slope * (len(parts) + 1) / 2
        known = (parts > _LEAST).mean(axis=0) > 0.5
        self._fade = _narrow(10 ** (slope / 10))
        self._loudness = _narrow(np.where(known, 10 ** (next_db / 10), 0.0))

    def step(self, leaving: Powers | None) -> Powers:
        """Return the power of it in the next hop; `leaving` is what now leaves the filter."""
        self._power *= self._fade
        if leaving is not None:
            self._power += self._loudness * leaving
        return self._power


def _wide(powers: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    wide: npt.NDArray[np.float32] = powers[:, :BLOCK].reshape(len(powers), -1, _WIDTH).mean(axis=2)
    return wide


def _narrow(wide: npt.NDArray[np.float64]) -> Powers:
    narrow = np.repeat(wide, _WIDTH)
    return np.append(narrow, narrow[-1]).astype(np.float32)
