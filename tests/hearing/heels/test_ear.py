"""The heel ear knows the room before, during and after a calibration."""

import numpy as np
import pytest

from tests.hearing.heels.home import CUE, expect, live, tick
from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.heels import HeelTemplate, Landing, thresholds
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen

BEFORE = 20.0
"""Seconds of the coach speaking before the calibration."""

DROPS = 7
CALIBRATION = 3
EVERY = 4.0
"""Seconds from one drop cue to the next."""

CUES = [to_samples(BEFORE + 2.0 + EVERY * i) for i in range(DROPS)]


def kitchen(seed: int, *, open_microphone: bool) -> tuple[Samples, Samples]:
    """Return microphone and playback of heels that land a quarter of a second after each cue.

    The loudspeaker does not reach the microphone. A microphone that is not open gives zeros
    but around a landing.
    """
    total = CUES[-1] + to_samples(EVERY)
    playback = np.zeros(total, np.float32)
    speech = np.random.default_rng(seed).standard_normal(to_samples(BEFORE))
    playback[: len(speech)] = 0.05 * speech
    room = Kitchen(floor="wood", footwear="shoe", distance_m=1.0, echo_db=-np.inf, seed=seed)
    gate = np.zeros(total, np.float32)
    for cue in CUES:
        playback += tick(cue, total)
        landing = cue + to_samples(0.25)
        room.strike(landing)
        gate[landing - BLOCK : landing + 29 * BLOCK] = 1.0
    sound = room.microphone(playback)
    return (sound if open_microphone else sound * gate), playback


def session(microphone: Samples, playback: Samples) -> list[Landing]:
    """Return what is heard by an ear that is calibrated with the first drops of a session."""
    ear = HeelEar()
    heard = []
    for at in range(0, len(microphone), BLOCK):
        if at == to_samples(BEFORE):
            ear.start_calibration()
        if at == CUES[CALIBRATION] - to_samples(EVERY) + to_samples(1.0):
            ear.finish_calibration()
        for cue in CUES:
            if at <= cue < at + BLOCK:
                ear.open_window(cue - CUE, cue + to_samples(0.9), prompted=cue)
        block = slice(at, at + BLOCK)
        heard += ear.feed(microphone[block], playback[block])
    return heard


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("open_microphone", [True, False], ids=["open", "gated"])
def test_every_drop_after_a_calibration_is_heard(seed: int, open_microphone: bool) -> None:
    heard = session(*kitchen(seed, open_microphone=open_microphone))
    expected = [cue + to_samples(0.25) for cue in CUES[CALIBRATION:]]
    landed = [thump.impact for thump in heard if thump.impact > CUES[CALIBRATION]]
    assert len(landed) == len(expected)
    assert np.allclose(landed, expected, atol=to_samples(0.03))


@pytest.fixture
def unsure_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no sound be likely enough to count, nor unlikely enough to be dismissed."""
    limits_of_none = thresholds.Thresholds(
        at_once=50.0, likely=50.0, unsure=-50.0, hearable_db=-99.0, reason=""
    )
    monkeypatch.setattr(thresholds, "load", lambda: limits_of_none)


@pytest.mark.usefixtures("unsure_of_all")
@pytest.mark.parametrize("others", [0, 1], ids=["one footwear", "two footwears"])
def test_what_may_have_been_a_drop_is_told_as_doubtful(others: int) -> None:
    sound = live(((1.35, 1.0), (5.35, 1.0)), seconds=8.0)
    other = live(((1.35, 1.0),), floor="tile", seed=8).template
    ear = HeelEar([sound.template, *[other] * others])
    ear.choose()
    for start in (1.0, 5.0):
        expect(ear, start, start + 1.05)
    heard = []
    for at in range(0, len(sound.microphone), BLOCK):
        block = slice(at, at + BLOCK)
        heard += ear.feed(sound.microphone[block], sound.playback[block])
    assert not any(landing.certain for landing in heard)
    for arrival in sound.arrivals:
        assert min(abs(landing.impact - arrival) for landing in heard) < to_samples(0.05)


def calibrated(gentle: float | None, *, asked: bool = True) -> tuple[HeelEar, HeelTemplate]:
    """Return an ear after three good drops and, if `asked` for, a gentle one of that effort."""
    total = CUES[-1] + to_samples(EVERY)
    room = Kitchen(floor="wood", footwear="shoe", distance_m=1.0, echo_db=-np.inf, seed=2)
    for number, cue in enumerate(CUES):
        effort = gentle if number == CALIBRATION else 1.0
        if effort is not None:
            room.strike(cue + to_samples(0.25), effort)
    microphone, ear = room.microphone(np.zeros(total, np.float32)), HeelEar()
    template, learnt = None, []
    finishes = [CUES[number] + to_samples(1.1) for number in ((2, 3) if asked else (2,))]
    for at in range(0, len(microphone), BLOCK):
        if at == to_samples(BEFORE):
            ear.start_calibration()
        if any(at <= finish < at + BLOCK for finish in finishes):
            template = ear.finish_calibration()
        for number, cue in enumerate(CUES):
            if at <= cue < at + BLOCK:
                last = asked and number == CALIBRATION
                ear.open_window(cue - CUE, cue + to_samples(0.9), prompted=cue, gentle=last)
        learnt += ear.feed(microphone[at : at + BLOCK])
    assert template is not None
    # The drops of the calibration are reported as well, so that they can be counted aloud.
    expected = [cue for n, cue in enumerate(CUES) if n != CALIBRATION or gentle is not None]
    landed = [thump.impact - to_samples(0.25) for thump in learnt]
    assert len(landed) == len(expected)
    assert np.allclose(landed, expected, atol=to_samples(0.03))
    return ear, template


def test_a_gentle_drop_after_the_good_ones_is_learnt_and_then_drops_are_counted_again() -> None:
    _, template = calibrated(0.35)
    assert template.drops == CALIBRATION
    assert template.gentle_db is not None
    assert template.gentle_db < -4.0


def test_a_gentle_drop_that_stays_away_takes_nothing_from_the_good_ones() -> None:
    _, with_it = calibrated(None)
    _, without = calibrated(None, asked=False)
    assert with_it.to_json() == without.to_json()
    assert with_it.gentle_db is None


def test_a_calibration_without_a_gentle_drop_ends_with_the_next_window() -> None:
    ear, template = calibrated(1.0, asked=False)
    assert template.gentle_db is None
    with pytest.raises(AssertionError):
        ear.finish_calibration()
