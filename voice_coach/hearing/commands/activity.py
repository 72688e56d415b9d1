"""How loud the microphone is, band by band, and when that stands out from the room."""

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

_STANDS_OUT_DB: Final = 7.0
"""Mean of the three loudest bands. Steady noise stays below 5 dB in 95 of 100 hops, words at
10 dB in pink noise rise above 11 dB in as many clips."""
_SMOOTHING: Final = 0.5
"""Weight of the past in the smoothed levels: a time constant of about 30 ms."""
_ROOM_HOPS: Final = 150
"""Hops (3 s) over which the room's own noise is judged."""
_ROOM_QUANTILE: Final = 0.2
_REFRESH: Final = 5
"""Hops between two looks at the room; it does not change faster."""

_window: Final = np.hanning(BLOCK + 1)[:BLOCK]
_OF_WINDOW: Final = float(np.mean(_window**2)) / 2
"""What the window leaves of the power, which twice as many bins share."""


def _mel_edges() -> npt.NDArray[np.int64]:
    """Return the FFT bins between which the bands lie, equally wide on the mel scale."""
    low, high = (2595 * np.log10(1 + f / 700) for f in (_LOWEST, _HIGHEST))
    hertz = 700 * (10 ** (np.linspace(low, high, BANDS + 1) / 2595) - 1)
    return np.round(hertz * BLOCK / SAMPLE_RATE).astype(np.int64)


_edges: Final = _mel_edges()
_silence: Final[Bands] = np.full(BANDS, _SILENT_DB)


def bands(hop: Samples) -> Bands:
    """Return the level of one hop of `BLOCK` samples in each band; DC does not count."""
    if not hop.any():  # as our own playback mostly is
        return _silence
    spectrum = np.fft.rfft(hop * _window)
    power = spectrum.real**2 + spectrum.imag**2
    per_band = np.add.reduceat(power[: _edges[-1]], _edges[:-1])
    # A full-scale sine has the power (sum of the window / 2)^2 in its bin.
    level: Bands = 10 * np.log10(per_band / (BLOCK / 4) ** 2 + 10 ** (_SILENT_DB / 10))
    return level


def in_bands(power: npt.NDArray[np.float32]) -> Bands:
    """Return what `bands` gives for a hop of which the `power` is known.

    `power` is that of the hop in each bin of a transform of twice its length, without a window.
    """
    per_band = np.add.reduceat(power[: 2 * _edges[-1]], 2 * _edges[:-1]) * _OF_WINDOW
    level: Bands = 10 * np.log10(per_band / (BLOCK / 4) ** 2 + 10 ** (_SILENT_DB / 10))
    return level


class VoiceActivity:
    """Tells the hops in which a voice may be from those that are only the room.

    The room's noise in each band is the level it falls below a fifth of the time in the last
    three seconds: a voice leaves gaps, a running tap does not.
    """

    def __init__(self) -> None:
        self._history: npt.NDArray[np.float64] = np.empty((_ROOM_HOPS, BANDS))
        self._hops = 0
        self.room: Bands = np.full(BANDS, _QUIETEST_ROOM_DB)
        """How loud the room is, as far as it is known."""
        self._quiet_room = self.room
        self._smooth: Bands | None = None

    def step(self, level: Bands, besides: Bands | None = None) -> bool:
        """Take in one hop's levels and return whether it may hold a voice.

        `besides` says how far each band exceeds our own echo, in dB; None where we are silent.
        """
        self._history[self._hops % _ROOM_HOPS] = level
        self._hops += 1
        if self._hops % _REFRESH == 0:
            self._look_at_room()
        if besides is None:
            excess = level - self._quiet_room
        else:
            excess = np.minimum(level - self.room, besides)
        self._smooth = (
            excess
            if self._smooth is None
            else (_SMOOTHING * self._smooth + (1 - _SMOOTHING) * excess)
        )
        loudest: list[float] = sorted(self._smooth.tolist())[-3:]
        return sum(loudest) / 3 > _STANDS_OUT_DB

    def _look_at_room(self) -> None:
        seen = np.sort(self._history[: self._hops], axis=0)
        self.room = np.maximum(seen[int(_ROOM_QUANTILE * len(seen))], _QUIETEST_ROOM_DB)
        # Until three seconds are known, the room counts as quiet for the rest of them, lest who
        # speaks at once be taken for it; but what we say ourselves is heard in the room there is.
        rank = int(_ROOM_QUANTILE * _ROOM_HOPS) - (_ROOM_HOPS - len(seen))
        if rank >= 0:
            self._quiet_room = np.maximum(seen[rank], _QUIETEST_ROOM_DB)
