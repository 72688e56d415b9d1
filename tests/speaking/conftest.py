"""A voice rendered once for all tests of the room, by the real espeak-ng."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice


@pytest.fixture(scope="session")
def script() -> Script:
    return Script.load(people=("anna", "ben"), cautions=("Keep both hands on.",))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory, script: Script) -> Path:
    """A clip cache that holds every line."""
    folder = tmp_path_factory.mktemp("clips")
    assert Voice(script, cache=folder).prepare() == []
    return folder


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
