"""Calibration: three good drops, or a useful reason why not."""

import numpy as np
import pytest

from tests.hearing.thumps.home import CALIBRATION, LEARNT
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.thumps import (
    CalibrationFailed,
    CalibrationReason,
    Calibrator,
    HeelTemplate,
    ThumpDetector,
    calibrate,
)
from voice_coach.samples import Samples
from voice_coach.sound.simulation import Kitchen, Noise


def recorded(
    efforts: tuple[float, ...] = (1.0, 1.0, 1.0),
    noises: tuple[Noise, ...] = (),
    gain_db: float = 0.0,
    seed: int = 4,
) -> Samples:
    kitchen = Kitchen(floor="wood", footwear="shoe", seed=seed, noises=noises, gain_db=gain_db)
    for (start, _), effort in zip(CALIBRATION, efforts, strict=False):
        kitchen.strike(start + to_samples(0.3), effort)
    return kitchen.microphone(np.zeros(LEARNT, np.float32))


def learnt(sound: Samples, block: int = 320) -> HeelTemplate:
    calibrator = Calibrator()
    for window in CALIBRATION:
        calibrator.open_window(*window)
    for i in range(0, len(sound), block):
        calibrator.feed(sound[i : i + block])
    return calibrator.finish()


def reason_of(sound: Samples) -> tuple[CalibrationReason, int]:
    with pytest.raises(CalibrationFailed) as failure:
        learnt(sound)
    return failure.value.reason, failure.value.heard


def test_three_good_drops_make_a_template() -> None:
    template = learnt(recorded())
    assert template.calibrated
    assert template.drops == 3


def test_each_drop_is_told_once_as_it_is_heard() -> None:
    calibrator = Calibrator()
    for window in CALIBRATION:
        calibrator.open_window(*window)
    measured = calibrator.feed(recorded())
    assert len(measured) == 3
    for drop, (start, _) in zip(measured, CALIBRATION, strict=True):
        assert abs(drop.at - start - to_samples(0.3)) < 800
        assert drop.decided - drop.at < to_samples(0.2)


def test_the_block_lengths_do_not_matter() -> None:
    sound = recorded()
    assert learnt(sound, 77).to_json() == learnt(sound, 50_000).to_json()


def test_a_recording_without_windows_teaches_the_same_drops() -> None:
    template = calibrate(recorded())
    sound = recorded(seed=4)
    detector = ThumpDetector(template)
    assert len(detector.feed(sound)) == 3


def test_clinking_in_the_recording_is_not_learnt() -> None:
    noisy = recorded(noises=(Noise("dishes", 66.0),))
    heard = ThumpDetector(calibrate(noisy)).feed(recorded())
    assert len(heard) == 3


@pytest.mark.parametrize("heard", [0, 1, 2])
def test_too_few_drops_are_told_with_their_number(heard: int) -> None:
    assert reason_of(recorded((1.0,) * heard)) == (CalibrationReason.TOO_FEW_HEARD, heard)


def test_very_different_drops_are_told() -> None:
    assert reason_of(recorded((1.2, 1.1, 0.2)))[0] is CalibrationReason.TOO_DIFFERENT


def test_a_loud_room_is_told() -> None:
    loud = recorded(noises=(Noise("tap", 82.0),))
    assert reason_of(loud)[0] is CalibrationReason.TOO_NOISY


def test_an_overloaded_microphone_is_told() -> None:
    assert reason_of(recorded(gain_db=40.0))[0] is CalibrationReason.CLIPPED


def test_silence_teaches_nothing() -> None:
    with pytest.raises(CalibrationFailed):
        calibrate(np.zeros(3 * SAMPLE_RATE, np.float32))
    with pytest.raises(CalibrationFailed):
        calibrate(np.zeros(0, np.float32))
