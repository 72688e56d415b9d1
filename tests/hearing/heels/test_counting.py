"""One sound counts for each window; where none is likely enough, it may be left open."""

import numpy as np
import pytest

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.heels import Landing, Rejection
from voice_coach.hearing.heels.comparison import Comparison
from voice_coach.hearing.heels.counting import EXPECTED, UNEXPECTED, Counting
from voice_coach.hearing.heels.features import NAMES
from voice_coach.hearing.heels.thresholds import Thresholds, load

LIMITS = Thresholds(likely=2.0, unsure=-1.0, hearable_db=0.0, reason="")
OPENS, CLOSES = to_samples(1.0), to_samples(2.0)


CUE = to_samples(1.15)


def sound(seconds: float) -> Comparison:
    """Return a sound at the usual level in a room at rest."""
    at = to_samples(seconds)
    return Comparison(at, at + to_samples(0.07), 0.0, -3.0, np.zeros(len(NAMES), np.float32))


def considered(
    *sounds: tuple[float, float], cue: int = CUE
) -> tuple[list[Landing], list[Rejection | None]]:
    """Return what counts in the one window, and why each sound did not.

    A sound is its second and the logarithm of the odds that it was the heels.
    """
    counting = Counting(chosen=LIMITS)
    counting.open_window(OPENS, CLOSES, prompted=cue)
    settled = [one for at, odds in sounds for one in counting.consider(sound(at), odds)]
    settled += counting.end_windows(CLOSES, CLOSES + to_samples(0.1))
    counted = [one.landing for one in settled if one.rejected is None]
    assert all(landing.certain for landing in counted)
    return counted, [one.rejected for one in settled]


def test_what_is_likely_enough_counts() -> None:
    heard, rejected = considered((1.5, 3.0))
    assert [landing.impact for landing in heard] == [to_samples(1.5)]
    assert rejected == [None]


@pytest.mark.parametrize(
    ("evidence", "why"), [(1.9, Rejection.UNSURE), (-0.9, Rejection.UNSURE),
                          (-1.1, Rejection.NOT_LIKE_THE_DROPS)]
)  # fmt: skip
def test_what_is_as_likely_as_not_leaves_it_open(evidence: float, why: Rejection) -> None:
    assert considered((1.5, evidence)) == ([], [why])


def test_after_a_doubtful_sound_a_likely_one_counts() -> None:
    heard, rejected = considered((1.4, 0.5), (1.6, 4.0))
    assert len(heard) == 1
    assert rejected == [Rejection.UNSURE, None]


def test_outside_the_window_nothing_is_left_open() -> None:
    _, rejected = considered((0.5, 0.5))
    assert rejected == [Rejection.OUTSIDE_WINDOW]


def test_the_limits_that_ship_leave_something_open() -> None:
    assert load().unsure < load().likely


@pytest.mark.parametrize("cue", [OPENS - to_samples(0.3), OPENS, CUE, to_samples(1.4)])
@pytest.mark.parametrize("after", [EXPECTED[0] - 160, EXPECTED[0], EXPECTED[1] - 160, EXPECTED[1]])
def test_a_moment_is_likely_by_the_cue_wherever_the_window_opened(cue: int, after: int) -> None:
    at = (cue + after) / SAMPLE_RATE
    usual = EXPECTED[0] <= after < EXPECTED[1]
    if not OPENS <= cue + after < CLOSES:
        return
    just_enough = LIMITS.likely + (0.0 if usual else -UNEXPECTED)
    assert considered((at, just_enough + 0.01), cue=cue)[1] == [None]
    assert considered((at, just_enough - 0.01), cue=cue)[1] == [Rejection.UNSURE]
