"""Takes our own voice out of the microphone's sound, as far as the room's echo is linear.

A partitioned-block frequency-domain Kalman filter (Enzner & Vary 2006; Kuech, Mabande & Enzner
2014) learns the path from loudspeaker to microphone. Beside the path it keeps how uncertain each
part of it still is. Thus it learns fast where it knows little and the room is quiet, holds still
where somebody talks, and can say how much of our voice may still be in what it leaves.

For the recogniser only: the remainder is no faithful image of what happened in the room, and
thumps must never pass through here.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK
from voice_coach.hearing.commands.late_echo import LateEcho, Powers
from voice_coach.samples import Samples

PARTITIONS: Final = 12
"""Hops of echo that are modelled: 240 ms."""
_BINS: Final = BLOCK + 1
_AUDIBLE: Final = 1e-4
"""Peak below which playback is silence: -80 dB."""
_FIRST: Final = 1.0
"""Power that the first 20 ms of an unknown path are expected to have: a loudspeaker so near that
it is as loud at the microphone as it is played, or almost."""
_FADES_DB: Final = 2.0
"""By how much each further 20 ms of an unknown path are expected to be weaker."""
_STEADY: Final = 0.9995
"""How much of the path stays as it is from hop to hop: in 20 s half of it may have changed."""
_FADED: Final = 40
"""Hops after the end of the filter from which nothing comes back any more."""
_SMOOTHING: Final = 0.8
"""Weight of the past in how loud all else is."""
_FIRST_NOISE: Final = np.float32(1e-3)
_HELD_TO_LENGTH: Final = 2
"""Partitions that are held to their own 20 ms in each hop; all of them would cost far more."""


class EchoCanceller:
    """Subtracts from the microphone what it makes of our playback."""

    def __init__(self) -> None:
        self._path = np.zeros((PARTITIONS, _BINS), np.complex64)
        fading = 10 ** (-_FADES_DB / 10 * np.arange(PARTITIONS, dtype=np.float32))
        self._doubt = np.tile(np.float32(_FIRST) * fading[:, None], (1, _BINS)).astype(np.float32)
        """Power by which each part of the path may be wrong."""
        self._spectra = np.zeros((PARTITIONS, _BINS), np.complex64)
        self._powers = np.zeros((PARTITIONS, _BINS), np.float32)
        self._previous = np.zeros(BLOCK, np.float32)
        self._noise: Powers = np.full(_BINS, _FIRST_NOISE)
        self._since_sound = PARTITIONS
        self._constrained = 0
        self._late = LateEcho()
        self.left: Powers | None = None
        """What of our voice may be in the last hop returned; None where we were silent."""

    def hop(self, microphone: Samples, playback: Samples) -> Samples:
        """Return one hop of `BLOCK` samples of `microphone` without the echo of `playback`."""
        self._since_sound = 0 if np.abs(playback).max() > _AUDIBLE else self._since_sound + 1
        if self._since_sound > PARTITIONS:
            fading = self._since_sound <= PARTITIONS + _FADED
            self.left = _HALF * self._late.step(None) if fading else None
            return microphone
        playback = playback.astype(np.float32)
        spectrum = np.fft.rfft(np.concatenate([self._previous, playback]))
        self._previous = playback
        self._spectra[1:] = self._spectra[:-1]
        self._spectra[0] = spectrum
        late = self._late.step(self._powers[-1])
        self._powers[1:] = self._powers[:-1]
        self._powers[0] = _power(self._spectra[0])

        echo = np.fft.irfft(np.einsum("pk,pk->k", self._path, self._spectra))[BLOCK:]
        rest = (microphone - echo).astype(np.float32)
        self.left = self._learn(rest) + _HALF * late
        # A filter that adds more than it takes is worse than none.
        return rest if rest @ rest < microphone @ microphone else microphone

    def _learn(self, rest: Samples) -> Powers:
        """Learn from what was left of a hop; return how much our voice was expected to leave."""
        error = np.fft.rfft(np.concatenate([_SILENCE, rest])).astype(np.complex64)
        # Half of the transform is silence: the power of what is left is half of the product's.
        left: Powers = _HALF * np.einsum("pk,pk->k", self._doubt, self._powers)
        self._noise += (1 - _SMOOTHING) * (_power(error) - self._noise)
        gain = self._doubt / (left + self._noise + _TINY)
        self._path += np.conj(self._spectra) * (gain * error)
        self._doubt *= 1 - _HALF * gain * self._powers
        for _ in range(_HELD_TO_LENGTH):
            part = self._constrained = (self._constrained + 1) % PARTITIONS
            response = np.fft.irfft(self._path[part])
            response[BLOCK:] = 0.0
            self._path[part] = np.fft.rfft(response)
        if self._late.is_due():
            self._late.look(_power(self._path), self._doubt)
        self._doubt *= _STAYS
        self._doubt += (1 - _STAYS) * _power(self._path)
        return left


def _power(spectra: npt.NDArray[np.complex64]) -> npt.NDArray[np.float32]:
    power: npt.NDArray[np.float32] = spectra.real**2 + spectra.imag**2
    return power


_SILENCE: Final = np.zeros(BLOCK, np.float32)
_HALF: Final = np.float32(0.5)
_TINY: Final = np.float32(1e-9)
_STAYS: Final = np.float32(_STEADY**2)
