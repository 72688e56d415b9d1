"""Takes our own voice out of the microphone's sound, as far as the room's echo is linear.

A partitioned-block frequency-domain adaptive filter (Soo & Pang 1990) learns the path from
loudspeaker to microphone. How fast it learns is set bin by bin, as in Valin 2007 ("On adjusting
the learning rate in frequency domain echo cancellation with double-talk"): where the remainder
is much louder than the echo that may still be in it, somebody else is talking, and the filter
holds still.

For the recogniser only: the remainder is no faithful image of what happened in the room, and
thumps must never pass through here.
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK
from voice_coach.samples import Samples

_Reals: TypeAlias = npt.NDArray[np.float64]

PARTITIONS: Final = 12
"""Hops of echo that are modelled: 240 ms."""
_BINS: Final = BLOCK + 1
_FASTEST: Final = 0.5
"""Largest step, of 1."""
_SMOOTHING: Final = 0.9
"""Weight of the past in the power of the playback: a time constant of 0.2 s."""
_AUDIBLE: Final = 1e-4
"""Peak below which playback is silence: -80 dB."""
_LEARNING: Final = 50
"""Hops (1 s) of playback in which the filter learns fast, whoever talks."""
_LEAKAGE_LOWEST, _LEAKAGE_HIGHEST = 0.005, 1.0
_LEAKAGE_MEMORY: Final = 0.98


class EchoCanceller:
    """Subtracts from the microphone what it makes of our playback."""

    def __init__(self) -> None:
        self._filter = np.zeros((PARTITIONS, _BINS), np.complex128)
        self._spectra = np.zeros((PARTITIONS, _BINS), np.complex128)
        self._previous = np.zeros(BLOCK)
        self._power = np.zeros(_BINS)
        self._since_sound = PARTITIONS
        self._learnt = 0
        self._constrained = 0
        self._echo_power = np.zeros(_BINS)
        self._rest_power = np.zeros(_BINS)
        self._cross = 0.0
        self._square = 1e-9
        self._leakage = _LEAKAGE_HIGHEST

    def hop(self, microphone: Samples, playback: Samples) -> Samples:
        """Return one hop of `BLOCK` samples of `microphone` without the echo of `playback`."""
        self._since_sound = 0 if np.abs(playback).max() > _AUDIBLE else self._since_sound + 1
        if self._since_sound > PARTITIONS:
            return microphone
        spectrum = np.fft.rfft(np.concatenate([self._previous, playback]))
        self._previous = playback.astype(np.float64)
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = spectrum
        power = spectrum.real**2 + spectrum.imag**2
        self._power = _SMOOTHING * self._power + (1 - _SMOOTHING) * power

        echo = np.fft.irfft(np.sum(self._filter * self._spectra, axis=0))[BLOCK:]
        rest = microphone - echo
        self._adapt(rest, echo)
        # A filter that adds more than it takes is worse than none.
        return (rest if rest @ rest < microphone @ microphone else microphone).astype(np.float32)

    def _adapt(self, rest: _Reals, echo: _Reals) -> None:
        silence = np.zeros(BLOCK)
        error = np.fft.rfft(np.concatenate([silence, rest]))
        echoed = np.fft.rfft(np.concatenate([silence, echo]))
        error_power = error.real**2 + error.imag**2 + 1e-12
        echo_power = echoed.real**2 + echoed.imag**2
        self._learnt += 1
        if self._learnt <= _LEARNING:
            step = np.full(_BINS, _FASTEST)
        else:
            self._measure_leakage(error_power, echo_power)
            step = np.minimum(_FASTEST, self._leakage * echo_power / error_power)
        total = PARTITIONS * self._power + 1e-6
        self._filter += np.conj(self._spectra) * (step * error / total)
        # One partition a hop is held to its own 20 ms; all at once would cost twelve times more.
        part = self._constrained = (self._constrained + 1) % PARTITIONS
        response = np.fft.irfft(self._filter[part])
        response[BLOCK:] = 0.0
        self._filter[part] = np.fft.rfft(response)

    def _measure_leakage(self, error_power: _Reals, echo_power: _Reals) -> None:
        """Learn how much of the echo is left, by how far the remainder's power follows it."""
        error_change = error_power - self._rest_power
        echo_change = echo_power - self._echo_power
        self._rest_power += 0.1 * error_change
        self._echo_power += 0.1 * echo_change
        keep = _LEAKAGE_MEMORY
        self._cross = keep * self._cross + (1 - keep) * float(error_change @ echo_change)
        self._square = keep * self._square + (1 - keep) * float(echo_change @ echo_change)
        ratio = self._cross / max(self._square, 1e-12)
        self._leakage = float(np.clip(ratio, _LEAKAGE_LOWEST, _LEAKAGE_HIGHEST))
