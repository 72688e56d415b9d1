"""Log mel energies as Kaldi computes them, and what turns them into its MFCCs.

Kaldi's defaults but for: 40 mel bins from 20 to 7,600 Hz, all 40 cepstra, no lifter, no dither. The
cepstra are then an orthonormal turn of the log energies, so that training may use the latter and
the exported network, which is fed MFCCs, begins with the inverse turn. Samples are scaled to the
16-bit range, frames are 25 ms every 10 ms without padding (``snip-edges``).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
LENGTH, SHIFT, FFT = 400, 160, 512
BINS = 40
LOW_HZ, HIGH_HZ = 20.0, 7600.0
FLOOR = float(np.finfo(np.float32).eps)
CONFIG = {
    "sample-frequency": SAMPLE_RATE, "use-energy": "false", "num-mel-bins": BINS,
    "num-ceps": BINS, "cepstral-lifter": 0, "low-freq": LOW_HZ, "high-freq": HIGH_HZ, "dither": 0,
}  # fmt: skip

Floats = NDArray[np.float32]


def _mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return 1127.0 * np.log1p(np.asarray(hertz) / 700.0)


@cache
def mel_bank(warp: float = 1.0) -> Floats:
    """Return the (257, 40) triangular weights; `warp` scales the vocal tract's frequencies."""
    edges = np.linspace(_mel(LOW_HZ), _mel(HIGH_HZ), BINS + 2)
    hertz = np.arange(FFT // 2 + 1) * SAMPLE_RATE / FFT
    # Piecewise linear, as in vocal tract length normalisation: the top stays where it is.
    knee = 4800.0 / max(warp, 1.0)
    top = SAMPLE_RATE / 2
    warped = np.interp(hertz, [0, knee, top], [0, knee * warp, top])
    position = _mel(warped)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    weights = np.minimum((position - left) / (centre - left), (right - position) / (right - centre))
    weights = np.maximum(weights, 0)
    weights[-1] = 0
    return weights.astype(np.float32)


@cache
def _window() -> Floats:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / (LENGTH - 1))
    return (hann**0.85).astype(np.float32)


def log_mel(sound: Floats, warp: float = 1.0) -> Floats:
    """Return the (frames, 40) log mel energies of `sound`, float32 in -1..1."""
    scaled = sound * np.float32(32768)
    frames = np.lib.stride_tricks.sliding_window_view(scaled, LENGTH)[::SHIFT]
    frames = frames - frames.mean(axis=1, keepdims=True)
    emphasised = frames.copy()
    emphasised[:, 1:] -= np.float32(0.97) * frames[:, :-1]
    emphasised[:, 0] *= np.float32(0.03)
    spectrum = scipy.fft.rfft(emphasised * _window(), FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    energies: Floats = np.log(np.maximum(power @ mel_bank(warp), FLOOR))
    return energies


@cache
def dct() -> Floats:
    """Return the orthonormal (40, 40) matrix that turns log mel energies into MFCCs."""
    matrix: Floats = scipy.fft.dct(np.eye(BINS), axis=0, norm="ortho").astype(np.float32)
    return matrix
