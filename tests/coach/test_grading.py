"""What a landing is worth, within the band that is prescribed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.coach.grading import grade, is_clear
from voice_coach.programme.ledger import Outcome
from voice_coach.programme.plan import Band

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
