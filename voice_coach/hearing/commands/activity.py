"""How loud the microphone is, band by band, and when that stands out from the room."""

from collections import deque
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.samples import Samples

Bands: TypeAlias = npt.NDArray[np.float64]
"""Power per band in dB relative to full scale, shape ``(BANDS,)``."""

BANDS: Final = 12
_LOWEST, _HIGHEST = 200.0, 5_600.0
"""Hz. Below lie hum and heel thumps, above little of a voice."""

_SILENT_DB: Final = -100.0
_QUIETEST_ROOM_DB: Final = -75.0
"""Nothing quieter than this in a band counts as sound, however quiet the room."""

_STANDS_OUT_DB: Final = 6.0
_ROOM_HOPS: Final = 150
"""Hops (3 s) over which the room's own noise is judged."""
_ROOM_QUANTILE: Final = 0.2
_REFRESH: Final = 5
"""Hops between two looks at the room; it does not change faster."""

_window: Final = np.hanning(BLOCK + 1)[:BLOCK]


def _mel_edges() -> npt.NDArray[np.int64]:
    """Return the FFT bins between which the bands lie, equally wide on the mel scale."""
    low, high = (2595 * np.log10(1 + f / 700) for f in (_LOWEST, _HIGHEST))
    hertz = 700 * (10 ** (np.linspace(low, high, BANDS + 1) / 2595) - 1)
    return np.round(hertz * BLOCK / SAMPLE_RATE).astype(np.int64)


_edges: Final = _mel_edges()


def bands(hop: Samples) -> Bands:
    """Return the level of one hop of `BLOCK` samples in each band; DC does not count."""
    spectrum = np.fft.rfft(hop * _window)
    power = spectrum.real**2 + spectrum.imag**2
    per_band = np.add.reduceat(power[: _edges[-1]], _edges[:-1])
    # A full-scale sine has the power (sum of the window / 2)^2 in its bin.
    level: Bands = 10 * np.log10(per_band / (BLOCK / 4) ** 2 + 10 ** (_SILENT_DB / 10))
    return level


class VoiceActivity:
    """Tells the hops in which a voice may be from those that are only the room.

    The room's noise in each band is the level it falls below a fifth of the time in the last
    three seconds: a voice leaves gaps, a running tap does not.
    """

    def __init__(self) -> None:
        self._history: deque[Bands] = deque(maxlen=_ROOM_HOPS)
        self._hops = 0
        self.room: Bands = np.full(BANDS, _QUIETEST_ROOM_DB)

    def excess(self, level: Bands) -> Bands:
        """Take in one hop's levels and return how far each band stands out of the room, dB."""
        self._history.append(level)
        self._hops += 1
        if self._hops % _REFRESH == 0:
            # Until three seconds are known, the room counts as quiet for the rest of them.
            seen = np.sort(np.array(self._history), axis=0)
            rank = int(_ROOM_QUANTILE * _ROOM_HOPS) - (_ROOM_HOPS - len(seen))
            if rank >= 0:
                self.room = np.maximum(seen[rank], _QUIETEST_ROOM_DB)
        return level - self.room


def stands_out(excess: Bands) -> bool:
    """Whether a hop whose bands exceed the room by `excess` dB may hold a voice."""
    return bool(np.sort(excess)[-3:].mean() > _STANDS_OUT_DB)
