"""What counts as an answer to a soft landing, when the heel ear is measured."""

import pytest

from research.heels.scoring import Outcome, decided_later, soft_summary
from voice_coach.hearing.heels import Landing


def landing(level_db: float, *, late: bool = False) -> Landing:
    return Landing(1000, 2000, level_db, 0.99, certain=True, late=late)


def window(
    effort_db: float, heard_db: float | None, *, unsure: bool = False, later: Landing | None = None
) -> Outcome:
    """Return a window with a landing, what was heard of it, and whether it was left open."""
    heard = None if heard_db is None else landing(heard_db)
    return Outcome(
        session="one", evidence="SIM soft", scene="quiet", floor="wood", footwear="shoe",
        effort=10 ** (effort_db / 20), drop=1000, snr_db=25.0, hearable=True, heard=heard,
        latency=None, right=heard is not None, offset=0.0, unsure=unsure, later=later,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("effort_db", "heard_db", "answered"),
    [(-11.0, -9.0, 1.0), (-11.0, -4.0, 0.0), (-7.0, -4.0, 1.0), (-11.0, None, 0.0)],
    ids=["told as soft", "told as good", "near where soft begins", "missed"],
)
def test_a_soft_landing_is_answered_as_soft_or_nearly_so(
    effort_db: float, heard_db: float | None, answered: float
) -> None:
    assert soft_summary([window(effort_db, heard_db)])["answered"] == answered


def test_what_is_left_open_is_neither_answered_nor_missed() -> None:
    summary = soft_summary([window(-11.0, None, unsure=True), window(-11.0, -11.0)])
    assert (summary["answered"], summary["left_open"], summary["missed"]) == (0.5, 0.5, 0.0)


def test_what_is_decided_later_is_right_where_there_was_a_drop() -> None:
    right = window(-11.0, None, unsure=True, later=landing(-11.0, late=True))
    assert decided_later([right, window(-11.0, None, unsure=True)]) == {
        "left_open": 2, "drops_left_open": 2, "decided": 1, "right": 1
    }  # fmt: skip
