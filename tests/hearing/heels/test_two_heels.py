"""Two heels are one landing; how far apart they came is heard where it can be."""

import numpy as np
import pytest

from research.heels.lags import person
from voice_coach.clock import to_samples
from voice_coach.hearing.heels.landing import Landing
from voice_coach.hearing.heels.two_heels import ECHO, TOLD, TwoHeels, lag_of
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen

LANDED = to_samples(1.5)


def strike(lag_ms: float | None, *, seed: int = 2, second: float = 0.8) -> Samples:
    """Return two seconds of a quiet kitchen in which heels arrive at about `LANDED`."""
    kitchen = Kitchen(floor="wood", footwear="shoe", distance_m=1.0, seed=seed)
    travel = round(kitchen.strike(LANDED, heels=1)) - LANDED
    if lag_ms is not None:
        kitchen.strike(LANDED + to_samples(lag_ms / 1000), second, heels=1)
    sound = kitchen.microphone(np.zeros(to_samples(2.2), np.float32))
    return sound[travel:]


def lag(sound: Samples, own: Samples | None = None) -> float | None:
    silent = np.zeros(len(sound), bool)
    return lag_of(sound, silent if own is None else own[: len(sound)] != 0, LANDED)


@pytest.mark.parametrize("lag_ms", [15.0, 25.0, 40.0, 60.0])
def test_the_lag_of_the_second_heel_is_measured(lag_ms: float) -> None:
    assert lag(strike(lag_ms)) == pytest.approx(lag_ms, abs=4.0)


@pytest.mark.parametrize("lag_ms", [None, 0.0, 4.0])
def test_one_heel_and_two_together_are_heard_as_one(lag_ms: float | None) -> None:
    assert lag(strike(lag_ms)) == 0.0


def test_nothing_is_told_of_a_landing_in_a_loud_room() -> None:
    sound = strike(30.0)
    noise = np.random.default_rng(1).normal(0, 0.05, len(sound)).astype(np.float32)
    assert lag(sound + noise) is None


@pytest.mark.parametrize(("after", "told"), [(-ECHO - 1600, True), (0, False), (2000, False)])
def test_nothing_is_told_of_a_landing_over_our_own_sound(after: int, told: bool) -> None:
    own = np.zeros(to_samples(2.2), np.float32)
    begins = LANDED + after
    own[begins - 400 : begins] = 0.1
    assert (lag(strike(30.0), own) is not None) == told


def test_what_is_not_there_is_not_asked_for() -> None:
    sound = strike(30.0)
    assert lag_of(sound[: LANDED + 100], np.zeros(LANDED + 100, bool), LANDED) is None
    assert lag_of(sound, np.zeros(len(sound), bool), 50) is None
    assert lag_of(0 * sound, np.zeros(len(sound), bool), LANDED) is None


def test_it_is_told_once_when_the_landing_has_been_counted() -> None:
    sound = strike(30.0)
    sure = Landing(LANDED, LANDED + 1100, -1.0, 0.99, certain=True)
    doubtful = Landing(LANDED - 4000, LANDED + 1100, -1.0, 0.5, certain=False)
    ears = TwoHeels()
    told = []
    for first in range(0, len(sound) // 320 * 320, 320):
        decided = [sure, doubtful] if first == LANDED + 960 else []
        told += ears.feed(sound[first : first + 320], None, decided)
    (one,) = told
    assert one.landed == LANDED
    assert TOLD <= one.decided - LANDED < TOLD + 320
    assert one.lag_ms == pytest.approx(30.0, abs=4.0)


def test_whatever_the_lag_a_landing_is_counted_once() -> None:
    strikes = person(12)
    assert len(strikes) == 9
    assert [strike.counted for strike in strikes] == [1] * 9
