"""The voice as the real espeak-ng renders it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice


@pytest.fixture(scope="session")
def cache(voice_cache: Path) -> Path:
    """A clip cache that holds every line."""
    return voice_cache / "clips"


@pytest.fixture
def voice(script: Script, cache: Path) -> Voice:
    return Voice(script, cache=cache)


@pytest.fixture(scope="session")
def energy() -> Callable[[Samples, float, float], float]:
    """Return how much of the energy of a sound lies in a band, from 0 to 1."""

    def share(sound: Samples, low: float, high: float) -> float:
        padded = np.pad(sound, SAMPLE_RATE // 2)
        power = np.abs(np.fft.rfft(padded)) ** 2
        frequency = np.fft.rfftfreq(len(padded), 1 / SAMPLE_RATE)
        return float(power[(frequency >= low) & (frequency < high)].sum() / power.sum())

    return share
