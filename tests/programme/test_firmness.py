"""Where soft begins: as prescribed, moved by how gentle a person's gentle drop is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.programme.firmness import TIGHTEST_DB, Band, soft_shift_db
from voice_coach.programme.rules import load_rules

MODERATE = load_rules().firmness["moderate"].band

bands = st.builds(Band, st.floats(-20, -1), st.floats(0, 20)) | st.sampled_from(
    [firmness.band for firmness in load_rules().firmness.values()]
)
gentle = st.none() | st.floats(-40, 10) | st.integers(-240, 60).map(lambda tenths: tenths / 10)


@given(bands, gentle)
def test_the_edge_moves_with_the_gentle_drop_but_gets_no_tighter_than_told(
    band: Band, gentle_db: float | None
) -> None:
    own, shift = band.of_person(gentle_db), soft_shift_db(gentle_db)
    assert own.hard_above_db == band.hard_above_db
    assert own.soft_below_db <= max(band.soft_below_db, TIGHTEST_DB)
    if shift <= 0:
        assert own.soft_below_db == band.soft_below_db + shift
    else:
        assert own.soft_below_db >= band.soft_below_db


@given(bands)
def test_without_a_gentle_drop_the_band_is_as_prescribed(band: Band) -> None:
    assert band.of_person(None) == band


@pytest.mark.parametrize(
    ("gentle_db", "soft_below_db"),
    [(-30.0, -9.0), (-18.0, -9.0), (-14.0, -7.0), (-12.0, -6.0), (-8.0, -4.0), (1.0, -4.0)],
)
def test_with_usual_firmness_soft_begins_half_way_to_the_gentle_drop(
    gentle_db: float, soft_below_db: float
) -> None:
    assert MODERATE.of_person(gentle_db).soft_below_db == soft_below_db
