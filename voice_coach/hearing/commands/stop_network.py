"""The word "stop", heard by a small network of its own.

A causal convolutional network over log mel energies: it hears the last second, answers for every
hop of 20 ms how likely it is that "stop" has just been said, and is trained on nothing else
(``research/commands/train_stop.py``). Loudness does not count: of each frame it sees the shape of
the spectrum and by how much louder it is than a moment ago.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK
from voice_coach.errors import UserError
from voice_coach.samples import Samples

Floats = npt.NDArray[np.float32]

_SHIFT: Final = BLOCK // 2
_LENGTH: Final = 400
_FFT: Final = 512
_BEFORE: Final = _LENGTH - _SHIFT
"""Samples before a frame's newest that it holds, too: frames are of 25 ms, one every 10 ms."""
_FLOOR: Final = np.float32(np.finfo(np.float32).eps)
LAGS: Final = (4, 12, 32)
"""Frames ago with whose loudness a frame's is compared."""
_SCALE: Final = np.float32(0.25)
_SUREST: Final = np.float32(30)
"""Logarithm of the odds beyond which exponentials would overflow."""


@cache
def _window() -> Floats:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_LENGTH) / (_LENGTH - 1))
    window: Floats = (32768 * hann**0.85).astype(np.float32)
    return window


def log_mel(sound: Samples, bank: Floats) -> Floats:
    """Return the log mel energies of a stream's beginning: (2 frames per hop, `bank`'s bands)."""
    return _log_mel(np.concatenate([np.zeros(_BEFORE, np.float32), sound]), bank)


def _log_mel(sound: Samples, bank: Floats) -> Floats:
    frames = np.lib.stride_tricks.sliding_window_view(sound, _LENGTH)[::_SHIFT] * _window()
    spectrum = np.fft.rfft(frames, _FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    energies: Floats = np.log(np.maximum(power @ bank, _FLOOR))
    return energies


def inputs(energies: Floats, loudness: Floats) -> Floats:
    """Return what the network sees of frames: their spectra's shapes, and how loudness changed.

    Parameters
    ----------
    energies
        Log mel energies, shape (frames, bands).
    loudness
        Mean log energy of these frames, after that of the ``LAGS[-1]`` before them.
    """
    now = loudness[LAGS[-1] :]
    bands = energies.shape[1]
    seen: Floats = np.empty((len(energies), bands + len(LAGS)), np.float32)
    np.subtract(energies, now[:, None], out=seen[:, :bands])
    for place, lag in enumerate(LAGS, bands):
        np.subtract(now, loudness[LAGS[-1] - lag : len(loudness) - lag], out=seen[:, place])
    seen *= _SCALE
    return seen


@dataclass(frozen=True, slots=True)
class Layer:
    """A causal convolution: `taps` frames, each `dilation` after the other."""

    weights: Floats
    """Shape (taps * inputs, outputs), the oldest tap first."""
    bias: Floats
    taps: int
    dilation: int

    @property
    def context(self) -> int:
        """Frames before the newest that it sees."""
        return (self.taps - 1) * self.dilation


def layers(stored: Mapping[str, npt.NDArray[Any]]) -> tuple[Layer, ...]:
    """Return the layers in the file of a network, the first one first."""
    return tuple(
        Layer(
            stored[f"weights-{number}"].astype(np.float32),
            stored[f"bias-{number}"].astype(np.float32),
            *map(int, shape),
        )
        for number, shape in enumerate(stored["shapes"])
    )


@dataclass(frozen=True, slots=True)
class StopWeights:
    """What the network has learnt: mel bank and layers, of which the last gives the log odds."""

    bank: Floats
    layers: tuple[Layer, ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load what is in `path`; UserError if there is none."""
        try:
            with path.open("rb") as file, np.load(file) as stored:
                return cls(
                    stored["bank"].astype(np.float32),
                    layers(stored),
                )
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            raise UserError(
                f"The detector of 'stop' in {path} cannot be read; install the program anew."
            ) from error


class StopNetwork:
    """Says how likely it is that "stop" has just been said, hop by hop.

    Parameters
    ----------
    weights
        What it has learnt.
    """

    def __init__(self, weights: StopWeights) -> None:
        self._weights = weights
        self._taps = [np.arange(layer.taps)[None, :] * layer.dilation for layer in weights.layers]
        self.reset()

    def reset(self) -> None:
        """Forget everything heard: a new stretch of sound begins."""
        self._before = np.zeros(_BEFORE, np.float32)
        self._loudness: Floats | None = None
        self._memory = [
            np.zeros((layer.context, len(layer.weights) // layer.taps), np.float32)
            for layer in self._weights.layers
        ]

    def accept(self, samples: Samples) -> Floats:
        """Take in whole hops and return the score of each, 0 to 1."""
        sound = np.concatenate([self._before, samples])
        self._before = sound[len(sound) - _BEFORE :]
        energies = _log_mel(sound, self._weights.bank)
        loudness = energies.mean(axis=1)
        if self._loudness is None:
            self._loudness = np.full(LAGS[-1], loudness[0])
        loudness = np.concatenate([self._loudness, loudness])
        self._loudness = loudness[len(loudness) - LAGS[-1] :]
        frames = inputs(energies, loudness)
        last = len(self._weights.layers) - 1
        for number, layer in enumerate(self._weights.layers):
            heard = np.concatenate([self._memory[number], frames])
            self._memory[number] = heard[len(heard) - layer.context :]
            # The first layer halves the rate: a frame for every hop.
            newest = np.arange(0 if number else 1, len(frames), 1 if number else 2)
            seen = heard.take(newest[:, None] + self._taps[number], axis=0)
            out: Floats = seen.reshape(len(newest), -1) @ layer.weights
            out += layer.bias
            if number < last:
                np.maximum(out, 0, out=out)
                if number:
                    out += frames
            frames = out
        odds = np.minimum(np.maximum(frames[:, 0], -_SUREST), _SUREST)
        scores: Floats = np.reciprocal(1 + np.exp(-odds), dtype=np.float32)
        return scores
