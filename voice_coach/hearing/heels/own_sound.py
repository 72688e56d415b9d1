"""Our own sound in the microphone: predicted from the known playback, band by band.

The power expected is a sum of two parts: the *direct* part follows the loudest playback of the
last 40 ms, for the delay is not known exactly; the *reverberant* part follows playback that
has faded as a room fades. The gain of each part in each band is learnt as a high quantile of
what is heard; both start far too high, so that until they are learnt our own sound masks too
much rather than too little.
"""

from typing import Final

import numpy as np

from voice_coach.hearing.heels.spectrum import BANDS, FRAMES_PER_STEP, STEP, BandAnalyser, Powers
from voice_coach.samples import Samples

FIRST_DB: Final = (3.0, 0.0)
"""Gains of the direct and the reverberant part assumed before anything was played, in dB."""

MARGIN_DB: Final = 2.0
"""Added to the gains learnt, in dB."""

QUANTILE: Final = 0.93
"""Of the powers heard, this share stays below the prediction."""

RATE_DB: Final = 0.3
"""Step of the quantile's tracking for each frame that tells something, in dB."""

HASTE: Final = 20.0
"""Factor on the rate while nothing is known; halves every `HALF_KNOWN` such frames."""

HALF_KNOWN: Final = 40.0

FADE_DB: Final = 0.5
"""Fall of the reverberant part from frame to frame: 60 dB in 0.6 s."""

SPREAD_DB: Final = -45.0
"""Share of the total playback expected in every band: distortion of a small loudspeaker."""

HOLD: Final = 8
"""Frames for which the loudest playback stands: 40 ms."""

AUDIBLE: Final = 4.0
"""Only a prediction this many times the noise floor can be held against what is heard."""

SILENT: Final = 2
"""Steps of silent playback after which no frame holds any of it."""

FORGET: Final = 60
"""Steps after the end of playback when nothing of it is left: 1.2 s."""


class OwnSound:
    """Predicts the power of our own sound in each band of the microphone."""

    def __init__(self) -> None:
        self._analyser = BandAnalyser()
        self._gains = np.tile(np.array(FIRST_DB, np.float32)[:, None], (1, BANDS))
        self._factors = _factors(self._gains)
        self._known = np.zeros((2, BANDS), np.float32)
        self._recent = np.zeros((HOLD + FRAMES_PER_STEP, BANDS), np.float32)
        self._parts = np.zeros((2, FRAMES_PER_STEP, BANDS), np.float32)
        self._echo = np.zeros((FRAMES_PER_STEP, BANDS), np.float32)
        self._reverberant = np.zeros(BANDS, np.float32)
        self._silent = FORGET + 1

    def predict(self, playback: Samples | None) -> Powers | None:
        """Return the echo expected during a step, or None when there is none.

        Shape ``(FRAMES_PER_STEP, BANDS)``; `playback` is one step of what was emitted.
        """
        silent = playback is None or not playback.any()
        self._silent = self._silent + 1 if silent else 0
        if self._silent > FORGET:
            if self._silent == FORGET + 1:
                self._analyser = BandAnalyser()
                self._recent[:] = 0.0
                self._reverberant[:] = 0.0
            return None
        if self._silent < SILENT:
            played = _spread(self._analyser.powers(_SILENCE if playback is None else playback))
        else:
            played = _NOTHING
        self._recent[:HOLD] = self._recent[FRAMES_PER_STEP:]
        self._recent[HOLD:] = played
        self._parts[0] = _loudest(self._recent)
        self._parts[1] = _RESPONSE @ played + _FADING * self._reverberant
        self._reverberant = self._parts[1, -1].copy()
        np.multiply(self._parts, self._factors[:, None], out=self._parts)
        self._echo = self._parts.sum(axis=0)
        return self._echo

    def learn(self, heard: Powers, floor: Powers) -> None:
        """Adjust the gains to what was `heard` in the step last predicted, over noise `floor`.

        The larger of the two parts answers for a frame.
        """
        telling = self._echo > AUDIBLE * floor
        if not telling.any():
            return
        move = np.where(heard > self._echo + floor, QUANTILE, QUANTILE - 1.0).astype(np.float32)
        direct = self._parts[0] >= self._parts[1]
        answers = np.stack([telling & direct, telling & ~direct])
        haste = 1.0 + HASTE * np.float32(0.5) ** (self._known / HALF_KNOWN)
        self._gains += RATE_DB * haste * (move * answers).sum(axis=1)
        self._known = np.minimum(self._known + answers.sum(axis=1), 1e4).astype(np.float32)
        self._gains.clip(-60.0, 20.0, out=self._gains)
        self._factors = _factors(self._gains)


def _loudest(recent: Powers) -> Powers:
    """Return the loudest of the `HOLD` frames up to each of the last `FRAMES_PER_STEP`."""
    span, loudest = 1, recent[1:]
    while span < HOLD:
        loudest = np.maximum(loudest[:-span], loudest[span:])
        span *= 2
    return loudest


def _factors(gains: Powers) -> Powers:
    """Return the factors on power that belong to `gains` in dB, with the margin."""
    return np.asarray(np.float32(10.0) ** ((gains + MARGIN_DB) * np.float32(0.1)))


def _spread(played: Powers) -> Powers:
    """Return what was played with the share of all of it that is expected in every band."""
    return np.asarray(played + _SPREAD * played.sum(axis=1, keepdims=True))


_SILENCE: Final = np.zeros(STEP, np.float32)
_SPREAD: Final = np.float32(10 ** (SPREAD_DB / 10))
_NOTHING: Final = _spread(BandAnalyser().powers(_SILENCE))
_FADE: Final = 10 ** (-FADE_DB / 10)
_FADING: Final = (_FADE ** np.arange(1, FRAMES_PER_STEP + 1)).astype(np.float32)[:, None]
_AGES: Final = np.subtract.outer(np.arange(FRAMES_PER_STEP), np.arange(FRAMES_PER_STEP))
_RESPONSE: Final = np.where(_AGES >= 0, (1 - _FADE) * _FADE ** np.maximum(_AGES, 0), 0.0).astype(
    np.float32
)
