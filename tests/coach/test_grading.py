"""What a landing is worth, within the band that is prescribed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.coach.grading import grade, is_clear
from voice_coach.programme.firmness import Band
from voice_coach.programme.ledger import Outcome
from voice_coach.programme.rules import load_rules

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


bands = st.builds(Band, st.floats(-20, -1), st.floats(0, 20)) | st.sampled_from(
    [firmness.band for firmness in load_rules().firmness.values()]
)
gentle = st.none() | st.floats(-40, 10) | st.integers(-240, 60).map(lambda tenths: tenths / 10)
levels = st.floats(-40, 40) | st.integers(-300, 300).map(lambda tenths: tenths / 10)


def first_written(level_db: float, band: Band, gentle_db: float | None) -> Outcome:
    """Grade as it was first written, when the ear and the coach each knew a half of it."""
    soft_below = -6.0 if gentle_db is None else float(np.clip(gentle_db / 2.0, -9.0, -4.0))
    soft_shift = soft_below - -6.0
    edge = min(band.soft_below_db + soft_shift, max(band.soft_below_db, -4.0))
    if level_db < edge:
        return Outcome.SOFT
    return Outcome.HARD if level_db > band.hard_above_db else Outcome.HEARD


@given(levels, bands, gentle)
def test_a_landing_is_graded_as_it_always_was(
    level: float, band: Band, gentle_db: float | None
) -> None:
    assert grade(level, band.of_person(gentle_db)) is first_written(level, band, gentle_db)


@given(bands, gentle)
def test_at_the_very_edge_too(band: Band, gentle_db: float | None) -> None:
    own = band.of_person(gentle_db)
    for level in (own.soft_below_db, np.nextafter(own.soft_below_db, -np.inf)):
        assert grade(float(level), own) is first_written(float(level), band, gentle_db)
