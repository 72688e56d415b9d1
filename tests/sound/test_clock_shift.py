import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.sound.clock_shift import BREAK, ENOUGH, RECENT, TOLERANCE, WINDOW, Shift


def feed(shift: Shift, values: npt.NDArray[np.float64]) -> list[int]:
    """Measure every block, reckon twice a second, return the shifts believed in."""
    believed = []
    for number, value in enumerate(values):
        shift.measured(float(value))
        if number % RECENT == RECENT - 1:
            settled = shift.settle()
            assert settled is not None
            believed.append(settled)
    return believed


def test_nothing_is_said_before_enough_was_measured() -> None:
    shift = Shift()
    for _ in range(ENOUGH - 1):
        shift.measured(100)
    assert shift.settle() is None
    shift.measured(100)
    assert shift.settle() == 100


def test_a_break_before_the_first_value_only_delays_it() -> None:
    shift = Shift()
    for _ in range(ENOUGH - 1):
        shift.measured(100)
    shift.broke()
    shift.measured(500)
    assert shift.settle() is None
    for _ in range(ENOUGH - 1):
        shift.measured(500)
    assert shift.settle() == 500


@pytest.mark.slow
@given(seed=st.integers(0, 2**32 - 1), offset=st.integers(-(10**9), 10**9))
def test_jitter_and_outliers_do_not_move_it(seed: int, offset: int) -> None:
    rng = np.random.default_rng(seed)
    measured = offset + rng.normal(0, 30, 4 * WINDOW)
    measured[rng.random(len(measured)) < 0.1] += 320  # a stamp taken one block late
    believed = feed(Shift(), measured)
    assert len(set(believed)) <= 2  # the first value, and at most one correction of it
    assert abs(believed[-1] - offset) <= TOLERANCE + 20


@pytest.mark.parametrize("parts_per_million", [-200, -50, 50, 200])
def test_drift_between_two_devices_is_followed_within_ten_milliseconds(
    parts_per_million: int,
) -> None:
    blocks = np.arange(20 * 60 * 50)
    true = blocks * 320 * parts_per_million * 1e-6
    measured = true + np.random.default_rng(1).normal(0, 30, len(blocks))
    believed = np.array(feed(Shift(), measured))
    late = believed - true[RECENT - 1 :: RECENT]
    assert np.abs(late).max() < 160


def test_a_break_is_followed_within_a_second_and_what_came_before_forgotten() -> None:
    rng = np.random.default_rng(2)
    shift = Shift()
    feed(shift, 1000 + rng.normal(0, 30, WINDOW))
    believed = feed(shift, 1000 + 2 * BREAK + rng.normal(0, 30, 2 * RECENT))
    assert abs(believed[-1] - (1000 + 2 * BREAK)) < TOLERANCE


def test_a_small_break_that_was_reported_is_followed_too() -> None:
    rng = np.random.default_rng(3)
    shift = Shift()
    feed(shift, 1000 + rng.normal(0, 30, WINDOW))
    shift.broke()
    believed = feed(shift, 1000 + BREAK // 2 + rng.normal(0, 30, RECENT))
    assert abs(believed[-1] - (1000 + BREAK // 2)) < TOLERANCE
