"""Taking our own voice out of the microphone's sound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hearing.commands.our_voice import in_room, voice
from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.hearing.commands.echo_canceller import EchoCanceller
from voice_coach.samples import Samples

SECONDS = 10


def run(microphone: Samples, playback: Samples) -> Samples:
    canceller = EchoCanceller()
    starts = range(0, len(microphone) - BLOCK + 1, BLOCK)
    return np.concatenate(
        [canceller.hop(microphone[at : at + BLOCK], playback[at : at + BLOCK]) for at in starts]
    )


def reduction_db(before: Samples, after: Samples) -> float:
    return float(10 * np.log10(np.mean(before**2) / np.mean(after**2)))


LATER = slice(4 * SAMPLE_RATE, SECONDS * SAMPLE_RATE)


@pytest.mark.parametrize("reverberation", [0.2, 0.4, 0.7])
def test_our_voice_becomes_25_times_weaker_within_four_seconds(reverberation: float) -> None:
    playback = voice(SECONDS, 1)
    echo = in_room(playback, reverberation)
    assert reduction_db(echo[LATER], run(echo, playback)[LATER]) > 14


@pytest.mark.parametrize("reverberation", [0.2, 0.7])
def test_somebody_elses_voice_stays_whole_while_we_speak(reverberation: float) -> None:
    playback = voice(SECONDS, 1)
    echo = in_room(playback, reverberation)
    somebody = np.zeros_like(echo)
    somebody[LATER] = voice(SECONDS - 4, 2)
    rest = run(echo + somebody, playback)
    assert reduction_db(echo[LATER], (rest - somebody)[LATER]) > 12


def test_without_playback_nothing_is_touched() -> None:
    sound = voice(1, 3)
    assert np.array_equal(run(sound, np.zeros_like(sound)), sound)


@settings(max_examples=20)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 5))
def test_the_remainder_is_never_louder_than_the_microphone(
    microphone: float, playback: float, seed: int
) -> None:
    sound, played = voice(1, seed) * microphone * 10, voice(1, seed + 1) * playback * 10
    rest = run(sound, played)
    before, after = (
        np.sum(one[: len(rest)].astype(np.float64).reshape(-1, BLOCK) ** 2, axis=1)
        for one in (sound, rest)
    )
    assert (after <= before * 1.001).all()
