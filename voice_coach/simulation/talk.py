"""Speech-like babble: voiced syllables through moving formants, fricatives, pauses; no words."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from voice_coach.clock import SAMPLE_RATE

_VOWELS: Final = np.array(
    [[730, 1090, 2440], [530, 1840, 2480], [270, 2290, 3010], [570, 840, 2410], [300, 870, 2240]]
)
"""First three formants in Hz of five vowels (Peterson & Barney 1952, men)."""


def babble(rng: np.random.Generator, length: int, overhang: int) -> npt.NDArray[np.float64]:
    """Return `length` + `overhang` samples of babble, about 1 root mean square while talking."""
    sound = np.zeros(length + overhang)
    at = int(rng.uniform(0, 0.6) * SAMPLE_RATE)
    pitch = rng.choice([115.0, 200.0]) * rng.uniform(0.85, 1.2)
    while at < length:
        for _ in range(int(rng.integers(3, 9))):
            syllable = _syllable(rng, pitch * rng.uniform(0.85, 1.2))
            if at + len(syllable) >= len(sound):
                break
            sound[at : at + len(syllable)] += syllable * rng.uniform(0.4, 1.2)
            at += len(syllable) + int(rng.uniform(0, 0.05) * SAMPLE_RATE)
        at += int(rng.uniform(0.15, 0.9) * SAMPLE_RATE)
    return sound


def _syllable(rng: np.random.Generator, pitch: float) -> npt.NDArray[np.float64]:
    """Return one syllable: perhaps a fricative or a plosive, then a vowel."""
    vowel = round(rng.uniform(0.08, 0.24) * SAMPLE_RATE)
    time = np.arange(vowel) / SAMPLE_RATE
    glide = pitch * (1 + rng.uniform(-0.15, 0.1) * time / time[-1])
    phase = np.cumsum(glide) / SAMPLE_RATE
    pulses = np.diff(np.floor(phase), prepend=0.0)
    source = signal.lfilter([1.0], [1.0, -0.94], pulses) + 0.01 * rng.standard_normal(vowel)
    voiced = source
    for hertz in _VOWELS[rng.integers(len(_VOWELS))] * (1.15 if pitch > 160 else 1.0):
        radius = np.exp(-np.pi * rng.uniform(60, 120) / SAMPLE_RATE)
        angle = 2 * np.pi * hertz / SAMPLE_RATE
        voiced = signal.lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], voiced)
    edge = min(vowel // 3, 400)
    voiced[:edge] *= np.linspace(0, 1, edge)
    voiced[-edge:] *= np.linspace(1, 0, edge)
    voiced *= 1.2 / max(float(np.sqrt(np.mean(voiced**2))), 1e-9)
    kind = rng.random()
    if kind < 0.45:
        hiss = rng.standard_normal(round(rng.uniform(0.04, 0.12) * SAMPLE_RATE))
        hiss = np.diff(hiss, prepend=0.0) * np.hanning(len(hiss)) * 0.35
        return np.concatenate([hiss, voiced])
    if kind < 0.75:
        gap = np.zeros(round(rng.uniform(0.03, 0.07) * SAMPLE_RATE))
        burst = rng.standard_normal(240) * np.exp(-np.arange(240) / 60) * rng.uniform(0.3, 1.2)
        return np.concatenate([gap, burst, voiced])
    return np.asarray(voiced)
