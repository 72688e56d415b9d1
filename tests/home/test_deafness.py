"""“The microphone was muted, and it said nothing”: that is noticed by itself."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.home.deafness import DeafnessWatch
from voice_coach.samples import Samples
from voice_coach.sound.block import Block
from voice_coach.sound.floor import Floor

QUIET = np.zeros(BLOCK, np.float32)
SPEECH = np.linspace(-0.3, 0.3, BLOCK, dtype=np.float32)


def blocks(seconds: float, microphone: Samples, playback: Samples = QUIET) -> Iterator[Block]:
    for _ in range(round(seconds * SAMPLE_RATE / BLOCK)):
        yield Block(0, microphone, playback)


def hear(watch: DeafnessWatch, *sounds: Iterator[Block]) -> list[bool]:
    """Return what it became, each time that it changed."""
    return [watch.deaf for sound in sounds for block in sound if watch.hear(block)]


@pytest.mark.parametrize("level", [0.0, 0.25, -1.0])
def test_a_level_that_never_moves_is_noticed_within_two_seconds(level: float) -> None:
    stuck = np.full(BLOCK, level, np.float32)
    assert hear(DeafnessWatch(), blocks(2.0, stuck)) == [True]


@given(st.integers(0, 2**32 - 1))
def test_the_quietest_of_rooms_is_heard(seed: int) -> None:
    generator = np.random.default_rng(seed)
    watch = DeafnessWatch()
    for _ in range(500):
        noise = generator.integers(-1, 2, BLOCK).astype(np.float32) * np.float32(2**-15)
        assert not watch.hear(Block(0, noise, QUIET))


def test_it_hears_again_by_itself() -> None:
    watch = DeafnessWatch()
    assert hear(watch, blocks(3, QUIET), blocks(1, SPEECH)) == [True, False]


def test_a_stream_that_was_moved_to_the_loudspeaker_s_monitor_hears_only_ourselves() -> None:
    watch = DeafnessWatch()
    ourselves = [sound for _ in range(5) for sound in (blocks(3, QUIET), blocks(3, SPEECH, SPEECH))]
    assert hear(watch, *ourselves) == [True]


def test_what_we_play_for_silence_is_known_for_our_own() -> None:
    watch, floor = DeafnessWatch(), Floor()
    became = []
    for _ in range(100):
        out = np.zeros(BLOCK, np.float32)
        floor.fill(out)
        if watch.hear(Block(0, out, QUIET)):
            became.append(watch.deaf)
    assert became == [True]


def test_a_microphone_that_gates_its_noise_is_not_taken_for_a_muted_one_for_ever() -> None:
    watch = DeafnessWatch()
    gated = [sound for _ in range(20) for sound in (blocks(3, QUIET), blocks(1, SPEECH))]
    assert hear(watch, *gated) == [True, False] * 3
