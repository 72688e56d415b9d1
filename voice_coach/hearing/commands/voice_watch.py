"""Sees a voice begin, where nobody has been speaking.

What stands out of the room and is periodic, as vowels are, is a voice: a splashing tap and a clink
of dishes stand out as much, but hardly repeat themselves from one hundredth of a second to the
next. A voice that was there all the time, of a radio or of somebody reading, does not begin.
"""

from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.samples import Samples

_EVERY: Final = 2
"""Samples that are taken as one: nothing here is higher than `_HIGHEST`."""
_RATE: Final = SAMPLE_RATE // _EVERY
_WINDOW: Final = 512
"""Samples, 64 ms, that are compared with themselves."""
_LOWEST, _HIGHEST = 120.0, 1200.0
"""Hz between which they are: above a fan's hum, and where vowels are loudest."""
_DEEPEST, _SHRILLEST = 80.0, 400.0
"""Pitch of voices, Hz."""
_PERIODIC: Final = 0.8
"""Likeness after one period, 1 for the same again. Of hops that stand out, a tap's reach 0.55 in
one of ten, words 0.8 in every other; at 0.7 what is left of our own voice in a splash counts."""

_LATELY: Final = 20
"""Hops (0.4 s) of which so many are a voice's where somebody speaks:"""
_VOWEL: Final = 3
_OVER: Final = 20
"""Hops without a voice after which the next one begins anew."""
_BEFORE: Final = 200
"""Hops (4 s) of which no more than such a share were a voice's where one begins:"""
_TALK: Final = 0.15
_KEPT: Final = _BEFORE + _LATELY

_spectrum: Final = np.fft.rfftfreq(2 * _WINDOW, 1 / _RATE)
_heard: Final = (_spectrum > _LOWEST) & (_spectrum < _HIGHEST)
_window: Final = np.hanning(_WINDOW).astype(np.float32)
_of_window: Final = np.fft.irfft(np.abs(np.fft.rfft(_window, 2 * _WINDOW)) ** 2)[:_WINDOW]
_periods: Final = slice(round(_RATE / _SHRILLEST), round(_RATE / _DEEPEST))


class VoiceWatch:
    """Follows hops of the microphone's sound, our own echo taken out."""

    def __init__(self) -> None:
        self._sound: Samples = np.zeros(_WINDOW, np.float32)
        self._voice = np.zeros(_KEPT, bool)
        self._hops = 0
        self._first = 0
        self._last = -_OVER
        self.is_vowel = False
        """Whether the last hop was of a voice's vowel."""
        self._is_new = False

    @property
    def began(self) -> int | None:
        """Where somebody began to speak, in samples; None while nobody does, or does all along."""
        recent = np.arange(self._hops - _LATELY, self._hops) % _KEPT
        speaks = np.count_nonzero(self._voice[recent]) >= _VOWEL
        return self._first * BLOCK if speaks and self._is_new else None

    def step(self, sound: Samples, stands_out: bool) -> None:
        """Take in one hop, and whether it stands out of the room."""
        thinner = sound.reshape(-1, _EVERY).mean(axis=1)
        self._sound = np.concatenate([self._sound[len(thinner) :], thinner])
        voice = self.is_vowel = stands_out and periodicity(self._sound) >= _PERIODIC
        if voice:
            if self._hops - self._last > _OVER:
                self._first = self._hops
                self._is_new = bool(np.count_nonzero(self._voice) < _TALK * _BEFORE)
            self._last = self._hops
        self._voice[self._hops % _KEPT] = voice
        self._hops += 1


def periodicity(sound: Samples) -> float:
    """Return how much `sound`, `_WINDOW` samples, is like itself a period of a voice later."""
    power = np.abs(np.fft.rfft(sound * _window, 2 * _WINDOW)) ** 2 * _heard
    likeness = np.fft.irfft(power)[:_WINDOW]
    if likeness[0] <= 0:
        return 0.0
    return float((likeness[_periods] / _of_window[_periods]).max() * _of_window[0] / likeness[0])
