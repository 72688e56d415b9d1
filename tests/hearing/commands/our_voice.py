"""Sounds like our own voice, and what comes back of them."""

import numpy as np

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.simulation.room import impulse_response

RMS = 0.05


def voice(seconds: float, seed: int) -> Samples:
    """Return noise in the rhythm and the rough spectrum of speech, of level `RMS`."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    breath = np.convolve(rng.standard_normal(len(time)), [0.5, 0.8, 0.5, 0.2], "same")
    syllables = np.clip(np.sin(2 * np.pi * (3 + seed % 3) * time + seed), 0, None)
    words = np.repeat(rng.random(int(seconds * 2) + 1) > 0.25, SAMPLE_RATE // 2)[: len(time)]
    sound = breath * syllables * words
    spoken: Samples = (sound / max(np.std(sound), 1e-9) * RMS).astype(np.float32)
    return spoken


def in_room(sound: Samples, reverberation: float) -> Samples:
    response = impulse_response(0.5, reverberation, np.random.default_rng(1))
    echo = np.convolve(sound, response)[: len(sound)]
    heard: Samples = (echo / np.std(echo) * RMS).astype(np.float32)
    return heard
