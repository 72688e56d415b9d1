"""Sound in bands: the power in 18 bands every 5 ms, streaming.

Work is done in steps of `STEP` samples of the stream, whatever lengths arrive, so that every
figure is the same to the last bit for any block length.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.samples import Samples

Powers = npt.NDArray[np.float32]
"""Mean square per band; shape ``(frames, BANDS)``, full scale sine = 0.5."""

STEP: Final = BLOCK
"""Samples worked on at a time: 20 ms."""

HOP: Final = 80
"""Samples from frame to frame: 5 ms."""

FRAME: Final = 320
"""Samples in a frame: 20 ms, Hann window."""

FRAMES_PER_STEP: Final = STEP // HOP

BANDS: Final = 18
"""Bands, equally wide on a logarithmic scale."""

LOWEST_HZ: Final = 62.0
HIGHEST_HZ: Final = 7600.0

TINY: Final = 1e-10
"""Added to every power: -100 dB of full scale, below any open microphone's noise.

A gated microphone gives zeros while all is quiet; no room is taken to be quieter than this.
"""

_FFT: Final = 512

BAND_EDGES: Final = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
"""Limits of the bands in Hz; shape ``(BANDS + 1,)``."""


def _filterbank() -> Powers:
    """Return the share of each FFT bin's power in each band; shape ``(2 bins, BANDS)``."""
    width = SAMPLE_RATE / _FFT
    low = (np.arange(_FFT // 2 + 1) - 0.5) * width
    overlap = np.minimum(low[:, None] + width, BAND_EDGES[1:]) - np.maximum(
        low[:, None], BAND_EDGES[:-1]
    )
    share = np.clip(overlap, 0, None) / width
    window = np.hanning(FRAME)
    bank = share * 2.0 / (_FFT * np.sum(window**2))
    # Each row twice: for the square of the real part and of the imaginary part of its bin.
    return np.repeat(bank, 2, axis=0).astype(np.float32)


_BANK: Final = _filterbank()
_TINY: Final = np.float32(TINY)
_DECIBELS: Final = np.float32(10.0 / np.log(10.0))
_WINDOW: Final = np.hanning(FRAME).astype(np.float32)


class BandAnalyser:
    """Turns successive steps of `STEP` samples into band powers.

    The frames of the step that ends at position p end at p - 240, p - 160, p - 80 and p.
    """

    def __init__(self) -> None:
        self._sound = np.zeros(FRAME - HOP + STEP, np.float32)
        self._frames = sliding_window_view(self._sound, FRAME)[::HOP]

    def __deepcopy__(self, memo: object) -> "BandAnalyser":
        """Return an analyser that goes on from the same sound: a copied view shows nothing new."""
        copy = BandAnalyser()
        copy._sound[:] = self._sound
        return copy

    def powers(self, step: Samples) -> Powers:
        """Return the band powers of the next step; shape ``(FRAMES_PER_STEP, BANDS)``."""
        self._sound[: FRAME - HOP] = self._sound[STEP:]
        self._sound[FRAME - HOP :] = step
        spectrum = np.fft.rfft(self._frames * _WINDOW, _FFT)
        parts = spectrum.view(np.float32)
        parts *= parts
        return np.asarray(parts @ _BANK + _TINY)


class Steps:
    """Cuts a stream of any block lengths into steps of `STEP` samples, cleaned of NaN."""

    def __init__(self) -> None:
        self._waiting = np.zeros(0, np.float32)

    def __len__(self) -> int:
        return len(self._waiting)

    def cut(self, samples: Samples) -> Samples:
        """Return the whole steps that `samples` completes; shape ``(steps, STEP)``."""
        sound = np.asarray(samples, dtype=np.float32)
        if not np.isfinite(sound).all():
            sound = np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0)
        if len(self._waiting):
            sound = np.concatenate([self._waiting, sound])
        whole = len(sound) - len(sound) % STEP
        self._waiting = sound[whole:].copy()
        return sound[:whole].reshape(-1, STEP)


def decibels(power: Powers | np.floating | float) -> Powers:
    """Return `power` in dB."""
    # The natural logarithm of 32-bit floats is several times faster than that to the base 10.
    return np.asarray(_DECIBELS * np.log(np.asarray(power, np.float32)), dtype=np.float32)
