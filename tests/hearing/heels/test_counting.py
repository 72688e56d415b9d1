"""One sound counts for each window; where none is likely enough, it may be left open."""

import pytest

from voice_coach.clock import to_samples
from voice_coach.hearing.heels import Refusal, ThumpHeard
from voice_coach.hearing.heels.counting import Counting, Judged
from voice_coach.hearing.heels.thresholds import Thresholds, load

LIMITS = Thresholds(likely=2.0, unsure=-1.0, hearable_db=0.0, reason="")
OPENS, CLOSES = to_samples(1.0), to_samples(2.0)


def sound(seconds: float, evidence: float) -> Judged:
    """Return a sound at the usual level in a room at rest."""
    at = to_samples(seconds)
    return Judged(at, at + to_samples(0.07), 0.0, -3.0, evidence, "")


def considered(*sounds: Judged) -> tuple[list[ThumpHeard], list[Refusal | None]]:
    """Return what counts in the one window, and why each sound did not."""
    counting = Counting(chosen=LIMITS)
    counting.open_window(OPENS, CLOSES)
    heard = [thump for one in sounds for thump in counting.consider(one)]
    heard += counting.end_windows(CLOSES, CLOSES + to_samples(0.1))
    return heard, [candidate.refused for candidate in counting.take_candidates()]


def test_what_is_likely_enough_counts() -> None:
    heard, refused = considered(sound(1.5, 3.0))
    assert [thump.at for thump in heard] == [to_samples(1.5)]
    assert refused == [None]


@pytest.mark.parametrize(
    ("evidence", "why"), [(1.9, Refusal.UNSURE), (-0.9, Refusal.UNSURE),
                          (-1.1, Refusal.NOT_LIKE_THE_DROPS)]
)  # fmt: skip
def test_what_is_as_likely_as_not_leaves_it_open(evidence: float, why: Refusal) -> None:
    assert considered(sound(1.5, evidence)) == ([], [why])


def test_after_a_doubtful_sound_a_likely_one_counts() -> None:
    heard, refused = considered(sound(1.4, 0.5), sound(1.6, 4.0))
    assert len(heard) == 1
    assert refused == [Refusal.UNSURE, None]


def test_outside_the_window_nothing_is_left_open() -> None:
    _, refused = considered(sound(0.5, 0.5))
    assert refused == [Refusal.OUTSIDE_WINDOW]


def test_the_limits_that_ship_leave_something_open() -> None:
    assert load().unsure < load().likely
