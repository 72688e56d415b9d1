"""The hint for the therapist: only what is heard again and again."""

import pytest

from voice_coach.programme.ledger import Outcome
from voice_coach.programme.repetition import Repetition
from voice_coach.reports.heels_apart import hint


def landings(*lags_ms: float | None) -> list[Repetition]:
    return [
        Repetition(1, number, 0, Outcome.HEARD, 100, -1.0, 200, lag_ms)
        for number, lag_ms in enumerate(lags_ms)
    ]


def test_a_lag_that_comes_again_and_again_is_told() -> None:
    assert hint(landings(*[28.0, 31.5, 33.0] * 5, *[0.0] * 6, None, None)) == (
        "A hint, to be looked at: in 15 of 21 landings one heel seemed to land 30 ms after the "
        "other. Which one cannot be heard."
    )


@pytest.mark.parametrize(
    "lags_ms",
    [
        [],
        [30.0] * 19,
        [None] * 40,
        [0.0] * 40,
        [30.0] * 9 + [0.0] * 11,
        [10.0] * 40,
        [15.0, 25.0, 35.0, 45.0, 55.0] * 6,
    ],
    ids=["none", "few", "unknown", "together", "seldom", "walls", "scattered"],
)
def test_nothing_is_made_of_anything_less(lags_ms: list[float | None]) -> None:
    assert hint(landings(*lags_ms)) is None
