"""Calibration: three good drops, or a useful reason why not."""

import numpy as np
import pytest

from tests.hearing.heels.home import CALIBRATION, LEARNT
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.heels import (
    CalibrationFailed,
    CalibrationReason,
    Calibrator,
    HeelTemplate,
    ThumpDetector,
    calibrate,
)
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise
from voice_coach.speaking.tones import render, tones


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
    loud = recorded(noises=(Noise("tap", 86.0),))
    assert reason_of(loud)[0] is CalibrationReason.TOO_NOISY


def test_an_overloaded_microphone_is_told() -> None:
    assert reason_of(recorded(gain_db=40.0))[0] is CalibrationReason.CLIPPED


def test_silence_teaches_nothing() -> None:
    with pytest.raises(CalibrationFailed):
        calibrate(np.zeros(3 * SAMPLE_RATE, np.float32))
    with pytest.raises(CalibrationFailed):
        calibrate(np.zeros(0, np.float32))


GENTLE = (to_samples(11.0), to_samples(11.9))


def with_gentle(effort: float | None) -> HeelTemplate:
    kitchen = Kitchen(floor="wood", footwear="shoe", seed=4)
    calibrator = Calibrator()
    for start, end in CALIBRATION:
        kitchen.strike(start + to_samples(0.3))
        calibrator.open_window(start, end)
    calibrator.open_window(*GENTLE, gentle=True)
    if effort is not None:
        kitchen.strike(GENTLE[0] + to_samples(0.3), effort)
    calibrator.feed(kitchen.microphone(np.zeros(to_samples(13.0), np.float32)))
    return calibrator.finish()


def test_a_gentle_fourth_drop_is_measured_against_the_good_ones() -> None:
    template = with_gentle(0.3)
    assert template.drops == 3
    assert template.gentle_db is not None
    assert -18 < template.gentle_db < -6
    assert HeelTemplate.from_json(template.to_json()).gentle_db == pytest.approx(
        template.gentle_db, abs=0.06
    )


def test_a_gentle_drop_that_stays_away_or_is_not_gentle_is_told_as_it_was() -> None:
    assert with_gentle(None).gentle_db is None
    as_firm_as_the_others = with_gentle(1.0).gentle_db
    assert as_firm_as_the_others is not None
    assert as_firm_as_the_others > -8.0


def test_the_drop_is_learnt_and_not_the_noise_that_swells_before_it() -> None:
    kitchen = Kitchen(floor="wood", footwear="shoe", seed=4)
    for start, _ in CALIBRATION:
        kitchen.strike(start + to_samples(0.3))
    sound = kitchen.microphone(np.zeros(LEARNT, np.float32))
    rng = np.random.default_rng(1)
    n = to_samples(0.25)
    for start, _ in CALIBRATION:
        at = start + to_samples(0.3)
        top = float(np.abs(sound[at : at + 3200]).max())
        swell = 0.08 * top * rng.standard_normal(n) * np.linspace(0, 1, n)
        sound[at - n : at] += swell.astype(np.float32)
    calibrator = Calibrator()
    for window in CALIBRATION:
        calibrator.open_window(*window)
    calibrator.feed(sound)
    templates = calibrator.finish(), learnt(recorded())
    levels = [float(template.power.sum(axis=1).max()) for template in templates]
    assert abs(10 * np.log10(levels[0] / levels[1])) < 2.0


@pytest.mark.parametrize("landing", [True, False])
@pytest.mark.parametrize("footwear", ["shoe", "slipper"])
def test_the_echo_of_the_drop_cue_is_not_counted_as_a_drop(footwear: str, landing: bool) -> None:
    kitchen = Kitchen(floor="wood", footwear=footwear, seed=3)
    calibrator, cue = Calibrator(), to_samples(3)
    tone = render(tones()["drop"])
    playback = np.zeros(to_samples(5), np.float32)
    playback[cue : cue + len(tone)] = tone
    if landing:
        kitchen.strike(cue + to_samples(0.3))
    calibrator.open_window(cue - to_samples(0.15), cue + to_samples(0.9))
    measured = calibrator.feed(kitchen.microphone(playback), playback)
    assert len(measured) == landing
