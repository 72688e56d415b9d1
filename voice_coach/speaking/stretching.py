"""Time-stretching: the same voice, slower or faster, at the same pitch.

Waveform similarity overlap-add (Verhelst & Roelands 1993): frames are taken out of the sound at
one pace and laid down at another, each moved by a few milliseconds to where it continues the one
before it best.
"""

from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.samples import Samples

_FRAME: Final = to_samples(0.032)
_HOP: Final = _FRAME // 2
_SEARCH: Final = to_samples(0.010)
"""How far a frame may be moved: a whole period of a deep voice."""


def stretch(sound: Samples, factor: float) -> Samples:
    """Return mono `sound` taking `factor` times as long, shape ``(round(n * factor),)``."""
    length = round(len(sound) * factor)
    if length == len(sound) or len(sound) <= _FRAME:
        return sound
    window = np.hanning(_FRAME + 1)[:_FRAME].astype(np.float32)
    frames = length // _HOP + 2
    # One frame of silence ahead, so that the first half window falls on nothing.
    padded = np.pad(sound, (_HOP + _SEARCH, 2 * _FRAME + 2 * _SEARCH))
    out = np.zeros((frames + 1) * _HOP, np.float32)
    taken = _SEARCH
    for number in range(frames):
        if number:
            wanted = padded[taken + _HOP : taken + _HOP + _FRAME]
            nominal = _SEARCH + round(number * _HOP / factor)
            nominal = min(nominal, len(padded) - _FRAME - _SEARCH)
            around = padded[nominal - _SEARCH : nominal + _SEARCH + _FRAME]
            taken = nominal - _SEARCH + _most_alike(around, wanted)
        out[number * _HOP : number * _HOP + _FRAME] += padded[taken : taken + _FRAME] * window
    return out[_HOP : _HOP + length]


def _most_alike(around: Samples, wanted: Samples) -> int:
    """Return where in `around` the stretch begins that resembles `wanted` most."""
    if len(wanted) < _FRAME:
        return _SEARCH
    likeness = np.correlate(around, wanted, "valid")
    energy = np.cumsum(np.concatenate([[0.0], around.astype(np.float64) ** 2]))
    norm = np.sqrt(energy[_FRAME:] - energy[:-_FRAME] + 1e-9)
    return int(np.argmax(likeness / norm))
