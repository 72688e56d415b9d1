"""What a landing is worth, within the band that is prescribed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.coach.grading import TIGHTEST_DB, grade, is_clear, of_person
from voice_coach.programme.ledger import Outcome
from voice_coach.programme.planner import Band

MODERATE = Band(-6.0, 6.0)
GENTLE = Band(-12.0, 3.0)


@pytest.mark.parametrize(
    ("level", "band", "outcome"),
    [
        (-20.0, MODERATE, Outcome.SOFT),
        (-6.5, MODERATE, Outcome.SOFT),
        (-6.0, MODERATE, Outcome.HEARD),
        (0.0, MODERATE, Outcome.HEARD),
        (6.5, MODERATE, Outcome.HARD),
        (-10.0, GENTLE, Outcome.HEARD),
        (4.0, GENTLE, Outcome.HARD),
    ],
)
def test_a_landing_is_graded_by_the_band(level: float, band: Band, outcome: Outcome) -> None:
    assert grade(level, band) is outcome


@given(st.floats(-40, 40), st.floats(-40, 40))
def test_a_louder_landing_is_never_graded_softer(one: float, other: float) -> None:
    order = [Outcome.SOFT, Outcome.HEARD, Outcome.HARD]
    low, high = sorted((one, other))
    assert order.index(grade(low, MODERATE)) <= order.index(grade(high, MODERATE))


@pytest.mark.parametrize(
    ("level", "clear"), [(-10.0, True), (-6.5, False), (0.0, True), (7.0, False)]
)
def test_close_to_an_edge_nothing_is_clear(level: float, clear: bool) -> None:
    assert is_clear(level, MODERATE) is clear


bands = st.builds(Band, st.floats(-20, -1), st.floats(0, 20))
shifts = st.floats(-3, 2)


@given(bands, shifts)
def test_ones_own_edge_moves_with_the_gentle_drop_but_never_gets_tighter_than_told(
    band: Band, shift: float
) -> None:
    own = of_person(band, shift)
    assert own.hard_above_db == band.hard_above_db
    assert own.soft_below_db <= max(band.soft_below_db, TIGHTEST_DB)
    if shift <= 0:
        assert own.soft_below_db == band.soft_below_db + shift
    else:
        assert own.soft_below_db >= band.soft_below_db


@given(bands)
def test_without_a_gentle_drop_the_band_is_as_prescribed(band: Band) -> None:
    assert of_person(band, 0.0) == band


def test_usual_firmness_is_graded_exactly_where_half_way_to_the_gentle_drop_is() -> None:
    assert of_person(MODERATE, -9.0 - -6.0).soft_below_db == -9.0
    assert of_person(MODERATE, -4.0 - -6.0).soft_below_db == -4.0
