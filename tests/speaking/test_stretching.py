"""Slower or faster, and otherwise the same voice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.stretching import stretch


def vowel(pitch: float, seconds: float) -> Samples:
    """Return a buzz at `pitch` that swells and fades three times a second."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * pitch * n * t) / n for n in range(1, 12))
    return (0.1 * buzz * (1 - 0.5 * np.cos(2 * np.pi * 3 * t))).astype(np.float32)


def pitch_of(sound: Samples) -> float:
    middle = sound[len(sound) // 4 :][: SAMPLE_RATE // 2]
    likeness = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    shortest, longest = SAMPLE_RATE // 400, SAMPLE_RATE // 60
    return SAMPLE_RATE / (shortest + int(np.argmax(likeness[shortest:longest])))


@pytest.mark.parametrize("factor", [0.66, 0.8, 1.21, 1.32])
@pytest.mark.parametrize("pitch", [95.0, 210.0])
def test_the_pitch_and_the_loudness_stay(pitch: float, factor: float) -> None:
    sound = vowel(pitch, 2.0)
    stretched = stretch(sound, factor)
    assert pitch_of(stretched) == pytest.approx(pitch, rel=0.02)
    assert loudness(stretched) == pytest.approx(loudness(sound), abs=0.5)


@pytest.mark.parametrize("factor", [0.66, 1.32])
def test_what_comes_at_half_the_time_still_does(factor: float) -> None:
    sound = vowel(150.0, 2.0)
    sound[: SAMPLE_RATE - 400] = 0
    begun = np.flatnonzero(np.abs(stretch(sound, factor)) > 0.01)[0]
    assert begun / SAMPLE_RATE == pytest.approx(factor, abs=0.03)


@given(st.integers(0, 6000), st.floats(0.5, 2.0), st.integers(0, 9))
def test_it_takes_as_long_as_was_asked_for(length: int, factor: float, seed: int) -> None:
    sound = np.random.default_rng(seed).uniform(-1, 1, length).astype(np.float32)
    stretched = stretch(sound, factor)
    assert stretched.dtype == np.float32
    assert np.isfinite(stretched).all()
    if length > SAMPLE_RATE // 20:
        assert len(stretched) == round(length * factor)


def test_at_the_voices_own_rate_nothing_is_changed() -> None:
    sound = vowel(150.0, 1.0)
    np.testing.assert_array_equal(stretch(sound, 1.0), sound)
