"""The check of the microphone, in plain words."""

import numpy as np
import pytest
from scipy import signal

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.heels import MicrophoneCheck, MicrophoneProblem, check_microphone
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen


def recorded(*, gain_db: float = 0.0, automatic_gain: bool = False) -> Samples:
    kitchen = Kitchen(
        floor="wood", footwear="shoe", seed=4, gain_db=gain_db, automatic_gain=automatic_gain
    )
    for second in (4, 7, 10):
        kitchen.strike(to_samples(second))
    return kitchen.microphone(np.zeros(13 * SAMPLE_RATE, np.float32))


def test_a_good_microphone_has_no_problem() -> None:
    assert check_microphone(recorded()) == []


def test_an_overloaded_one_is_told() -> None:
    assert check_microphone(recorded(gain_db=40.0)) == [MicrophoneProblem.CLIPPED]


def test_filtered_low_sound_is_told() -> None:
    sos = signal.butter(6, 350, "highpass", fs=SAMPLE_RATE, output="sos")
    filtered = signal.sosfilt(sos, recorded()).astype(np.float32)
    assert check_microphone(filtered) == [MicrophoneProblem.LOW_SOUND_FILTERED]


def test_automatic_gain_is_told() -> None:
    assert MicrophoneProblem.GAIN_CHANGES in check_microphone(recorded(automatic_gain=True))


def test_nothing_is_not_a_problem() -> None:
    assert check_microphone(np.zeros(0, np.float32)) == []
    assert check_microphone(np.zeros(SAMPLE_RATE, np.float32)) == []


@pytest.mark.parametrize("gain_db", [0.0, 40.0])
def test_the_block_lengths_do_not_matter(gain_db: float) -> None:
    sound = recorded(gain_db=gain_db)
    check = MicrophoneCheck()
    for i in range(0, len(sound), 77):
        check.feed(sound[i : i + 77])
    assert check.problems() == check_microphone(sound)


def test_clipping_across_two_blocks_is_found() -> None:
    check = MicrophoneCheck()
    check.feed(np.array([0.0, 1.0, 1.0], np.float32))
    assert check.problems() == []
    check.feed(np.array([-1.0, 0.0], np.float32))
    assert check.problems() == [MicrophoneProblem.CLIPPED]
