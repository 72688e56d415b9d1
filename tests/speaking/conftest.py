"""The voice as the real espeak-ng renders it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.shared import once
from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice

SYNTHETIC = "gmw/en"
"""The voice of espeak-ng that speaks what the natural voice cannot know."""


@pytest.fixture(scope="session")
def cache(shared: Path, script: Script) -> Path:
    """A clip cache that holds every line in the synthetic voice."""

    def render(folder: Path) -> None:
        assert Voice(script, voice=SYNTHETIC, cache=folder / "clips").prepare() == []

    return once(shared / "synthetic-voice", render) / "clips"


@pytest.fixture
def voice(script: Script, cache: Path) -> Voice:
    return Voice(script, voice=SYNTHETIC, cache=cache)


@pytest.fixture(scope="session")
def energy() -> Callable[[Samples, float, float], float]:
    """Return how much of the energy of a sound lies in a band, from 0 to 1."""

    def share(sound: Samples, low: float, high: float) -> float:
        padded = np.pad(sound, SAMPLE_RATE // 2)
        power = np.abs(np.fft.rfft(padded)) ** 2
        frequency = np.fft.rfftfreq(len(padded), 1 / SAMPLE_RATE)
        return float(power[(frequency >= low) & (frequency < high)].sum() / power.sum())

    return share
