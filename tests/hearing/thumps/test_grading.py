"""Grading: inside the prescribed band, without wavering at its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.hearing.thumps import Band, Landing, grade


@pytest.mark.parametrize(
    ("level", "landing"),
    [(-20.0, Landing.SOFT), (-6.5, Landing.SOFT), (-5.5, Landing.GOOD), (0.0, Landing.GOOD),
     (5.5, Landing.GOOD), (6.5, Landing.HARD), (20.0, Landing.HARD)],
)  # fmt: skip
def test_the_default_band_is_six_decibels_either_way(level: float, landing: Landing) -> None:
    assert grade(level) is landing


def test_the_prescription_moves_the_band() -> None:
    gentle = Band(soft_below=-20.0, hard_above=0.0)
    assert grade(-10.0, gentle) is Landing.GOOD
    assert grade(1.0, gentle) is Landing.HARD


def test_a_level_at_the_limit_keeps_the_grade_before() -> None:
    assert grade(-6.5, previous=Landing.GOOD) is Landing.GOOD
    assert grade(-7.5, previous=Landing.GOOD) is Landing.SOFT
    assert grade(-5.5, previous=Landing.SOFT) is Landing.SOFT
    assert grade(-4.5, previous=Landing.SOFT) is Landing.GOOD
    assert grade(6.5, previous=Landing.GOOD) is Landing.GOOD
    assert grade(5.5, previous=Landing.HARD) is Landing.HARD


@given(st.floats(-40, 40), st.floats(-40, 40), st.sampled_from([None, *Landing]))
def test_a_louder_landing_is_never_graded_softer(
    one: float, other: float, previous: Landing | None
) -> None:
    order = [Landing.SOFT, Landing.GOOD, Landing.HARD]
    low, high = sorted((one, other))
    assert order.index(grade(low, previous=previous)) <= order.index(grade(high, previous=previous))
