"""Loudness as a listener has it: EBU R 128, which says what must come out."""

import numpy as np
import pytest

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking.loudness import loudness


def sine(frequency: float, level_db: float, seconds: float = 2.0) -> Samples:
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * frequency * t)).astype(np.float32)


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [(100, -4.87), (400, -3.76), (997, -3.05), (3000, 0.06), (6000, 0.29)],
)
def test_a_full_tone_is_as_loud_as_the_standard_says(frequency: float, expected: float) -> None:
    assert loudness(sine(frequency, 0.0)) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("level", [-40.0, -23.0, -6.0])
def test_a_decibel_more_is_a_unit_more(level: float) -> None:
    assert loudness(sine(997, level)) == pytest.approx(level - 3.05, abs=0.02)


def test_pauses_do_not_count() -> None:
    spoken = sine(997, -20.0)
    with_pauses = np.concatenate([spoken, np.zeros(3 * len(spoken), np.float32), spoken])
    # Blocks that are half a pause still count, as the standard wants it.
    assert loudness(with_pauses) == pytest.approx(loudness(spoken), abs=0.6)


def test_a_word_shorter_than_a_block_has_a_loudness() -> None:
    assert loudness(sine(997, -20.0, 0.2)) == pytest.approx(-23.05, abs=0.1)


@pytest.mark.parametrize("length", [0, 1, 100, SAMPLE_RATE])
def test_silence_has_none(length: int) -> None:
    assert loudness(np.zeros(length, np.float32)) == -np.inf
