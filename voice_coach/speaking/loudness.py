"""How loud a sound is to a listener: integrated loudness after EBU R 128 and ITU-R BS.1770-4.

A sound of less than 0.4 s is one block.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.samples import Samples

_BLOCK: Final = to_samples(0.4)
_HOP: Final = to_samples(0.1)
_OFFSET_DB: Final = -0.691
_SILENT: Final = -70.0
"""LUFS below which a block is silence."""
_GATE_DB: Final = -10.0
"""Blocks so far below the loudness of all of them are pauses."""

_SHELF_HZ: Final = 1681.97
_SHELF_DB: Final = 3.99984
_SHELF_Q: Final = 0.70718
_SHELF_MIDDLE: Final = 0.49967
"""How a head makes high sounds louder."""
_LOW_CUT_HZ: Final = 38.135
_LOW_CUT_Q: Final = 0.50033
"""How faint low sounds are to us."""


def loudness(sound: Samples) -> float:
    """Return the loudness of mono `sound` in LUFS, its pauses not counted; -inf for silence."""
    if not len(sound):
        return -np.inf
    padded = np.pad(sound.astype(np.float64), (0, _BLOCK))
    size = 1 << (len(padded) - 1).bit_length()
    weighted = np.fft.irfft(np.fft.rfft(padded, size) * _weight(size), size)[: len(sound)]
    energy = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, max(1, len(sound) - _BLOCK + 1), _HOP)
    length = min(_BLOCK, len(sound))
    power = (energy[starts + length] - energy[starts]) / length
    power = power[_lufs(power) > _SILENT]
    if not len(power):
        return -np.inf
    gate = _lufs(power.mean()) + _GATE_DB
    return float(_lufs(power[_lufs(power) > gate].mean()))


def _lufs(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return _OFFSET_DB + 10 * np.log10(np.maximum(power, 1e-20))


def _weight(size: int) -> npt.NDArray[np.float64]:
    """Return by how much the ear weighs each bin of a transform of `size` samples."""
    s = 1j * np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    high = s / _SHELF_HZ
    gain = 10 ** (_SHELF_DB / 20)
    middle = gain**_SHELF_MIDDLE
    shelf = (gain * high**2 + middle * high / _SHELF_Q + 1) / (high**2 + high / _SHELF_Q + 1)
    low = s / _LOW_CUT_HZ
    cut = low**2 / (low**2 + low / _LOW_CUT_Q + 1)
    weight: npt.NDArray[np.float64] = np.abs(shelf * cut)
    return weight
