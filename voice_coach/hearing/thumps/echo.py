"""Our own sound in the microphone: predicted from the known playback, band by band.

The coupling from loudspeaker to microphone is learnt as a high quantile of the ratio heard
over played; it starts far too high, so that until it is learnt our own sound masks too much
rather than too little.
"""

from typing import Final

import numpy as np

from voice_coach.hearing.thumps.spectrum import (
    BANDS,
    FRAMES_PER_STEP,
    TINY,
    BandAnalyser,
    Powers,
)
from voice_coach.samples import Samples

FIRST_COUPLING_DB: Final = 3.0
"""Coupling assumed before anything was played."""

MARGIN_DB: Final = 3.0
"""Added to the coupling learnt: peaks of a reverberant room above its quantile."""

QUANTILE: Final = 0.95
"""Of the ratios heard over played, this share stays below the coupling."""

RATE_DB: Final = 0.4
"""Step of the quantile's tracking for each frame with playback, in dB."""

HASTE: Final = 15.0
"""Factor on the rate while nothing is known; halves every `HALF_KNOWN` frames of playback."""

HALF_KNOWN: Final = 40.0

DECAY_DB: Final = 0.45
"""Fall of the predicted echo from frame to frame after playback: 60 dB in 0.67 s."""

SPREAD_DB: Final = -38.0
"""Share of the total playback expected in every band: distortion of a small loudspeaker."""

AUDIBLE: Final = 1e-8
"""Mean square of playback below which it is taken for silence (-80 dB)."""

HOLD: Final = 12
"""Frames for which the loudest playback stands, for uncertain delay: 60 ms."""


class OwnSound:
    """Predicts the power of our own sound in each band of the microphone."""

    def __init__(self) -> None:
        self._analyser = BandAnalyser()
        self._coupling = np.full(BANDS, FIRST_COUPLING_DB, np.float32)
        self._recent = np.zeros((HOLD + FRAMES_PER_STEP, BANDS), np.float32)
        self._tail = np.zeros(BANDS, np.float32)
        self._known = np.zeros(BANDS, np.float32)
        self._quiet = 10**6
        self._spread = np.float32(10 ** (SPREAD_DB / 10))
        self._fall = np.float32(10 ** (-DECAY_DB / 10)) ** np.arange(1, FRAMES_PER_STEP + 1)

    def predict(self, playback: Samples | None) -> Powers | None:
        """Return the echo expected during a step, or None when there is none.

        Shape ``(FRAMES_PER_STEP, BANDS)``; `playback` is one step of what was emitted.
        """
        silent = playback is None or not playback.any()
        self._quiet = self._quiet + 1 if silent else 0
        if self._quiet > 60:
            if self._quiet == 61:
                self._analyser = BandAnalyser()
                self._recent[:] = 0.0
                self._tail[:] = 0.0
            return None
        sound = np.zeros(FRAMES_PER_STEP * 80, np.float32) if playback is None else playback
        played = self._analyser.powers(sound)
        played = played + self._spread * played.sum(axis=1, keepdims=True)
        self._recent[:HOLD] = self._recent[FRAMES_PER_STEP:]
        self._recent[HOLD:] = played
        spans = np.arange(FRAMES_PER_STEP)[:, None] + np.arange(1, HOLD + 1)
        held = self._recent[spans].max(axis=1)
        fading = self._tail * self._fall[:, None].astype(np.float32)
        self._playing = np.maximum(held, fading)
        self._tail = np.maximum(self._playing[-1], 0.0)
        gain = np.float32(10.0) ** ((self._coupling + np.float32(MARGIN_DB)) / 10)
        return np.asarray(self._playing * gain, dtype=np.float32)

    def learn(self, heard: Powers) -> None:
        """Adjust the coupling to what was `heard` in the step last predicted."""
        loud = self._playing > max(AUDIBLE, 1e-3 * float(self._playing.max()))
        if not loud.any():
            return
        ratio = 10.0 * np.log10((heard + TINY) / (self._playing + TINY))
        haste = 1.0 + HASTE * np.float32(0.5) ** (self._known / HALF_KNOWN)
        move = np.where(ratio > self._coupling, QUANTILE, QUANTILE - 1.0) * RATE_DB * haste * loud
        self._known = np.minimum(self._known + loud.sum(axis=0), 1e4).astype(np.float32)
        self._coupling = np.clip(self._coupling + move.sum(axis=0), -60.0, 20.0).astype(np.float32)
