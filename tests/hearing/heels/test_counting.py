"""One sound counts for each window; where none is likely enough, it may be left open."""

from collections.abc import Sequence

import numpy as np
import pytest

from voice_coach.clock import to_samples
from voice_coach.hearing.heels import Landing, Rejection, Verdict
from voice_coach.hearing.heels.circumstances import AT_ONCE
from voice_coach.hearing.heels.comparison import Comparison
from voice_coach.hearing.heels.counting import OUTLIVED, Counting
from voice_coach.hearing.heels.features import NAMES, Vector
from voice_coach.hearing.heels.onsets import AROUND
from voice_coach.hearing.heels.spectrum import BANDS, HOP, Powers
from voice_coach.hearing.heels.thresholds import Thresholds, load

LIMITS = Thresholds(at_once=3.0, likely=2.0, unsure=-1.0, hearable_db=0.0, reason="")
OPENS, CLOSES = to_samples(1.0), to_samples(2.0)
CUE = to_samples(1.15)


class Plain:
    """Weighs by the evidence alone, and at the second look by how much went on after it too."""

    def at_once(self, figures: Vector) -> float:
        return float(figures[0])

    def later(self, figures: Vector) -> float:
        landings = figures[AT_ONCE.index("landings")]
        return float(figures[0] + landings - figures[-1])


def sound(seconds: float) -> Comparison:
    """Return a sound at the usual level in a room at rest."""
    at = to_samples(seconds)
    return Comparison(
        impact=at,
        decided=at + to_samples(0.07),
        level_db=0.0,
        swell_db=-3.0,
        features=np.zeros(len(NAMES), np.float32),
        frame=at // HOP,
        floor=np.full(BANDS, 1e-6, np.float32),
    )


def after(db: float) -> Powers:
    """Return what went on around a sound: that much over the room after it."""
    around = np.zeros((len(AROUND), BANDS), np.float32)
    around[1:] = db
    return around


def considered(
    *sounds: tuple[float, float], went_on_db: float = 0.0
) -> tuple[list[Landing], list[Rejection | None]]:
    """Return what counts in the one window, and why each sound did not.

    A sound is its second and the logarithm of the odds that it was the heels.
    """
    counting = Counting(chosen=LIMITS, weigher=Plain())
    settled = in_window(counting, 0.0, sounds, went_on_db)
    counted = [one.landing for one in settled if one.rejected is None]
    assert all(landing.certain for landing in counted)
    return counted, [one.rejected for one in settled]


def in_window(
    counting: Counting, later: float, sounds: Sequence[tuple[float, float]], went_on_db: float = 0.0
) -> list[Verdict]:
    """Return what is settled of the sounds in a window that opens `later` than the first one."""
    moved = to_samples(later)
    counting.open_window(OPENS + moved, CLOSES + moved, prompted=CUE + moved)
    settled = []
    for at, odds in sounds:
        settled += counting.consider(sound(at + later), odds)
        now = to_samples(at + later + 0.2)
        settled += counting.look_again(lambda _: after(went_on_db), now)
    return settled + counting.end_windows(CLOSES + moved, CLOSES + moved + to_samples(0.1))


def test_what_is_likely_enough_counts_at_once() -> None:
    heard, rejected = considered((1.5, 3.1))
    assert [landing.impact for landing in heard] == [to_samples(1.5)]
    assert heard[0].decided == to_samples(1.57)
    assert rejected == [None]


def test_what_is_likely_counts_once_it_is_known_what_followed() -> None:
    heard, rejected = considered((1.5, 2.1))
    assert heard[0].decided == to_samples(1.7)
    assert rejected == [None]


def test_what_goes_on_is_left_open() -> None:
    assert considered((1.5, 2.1), went_on_db=1.0) == ([], [Rejection.UNSURE])


@pytest.mark.parametrize(
    ("evidence", "why"), [(1.9, Rejection.UNSURE), (-0.9, Rejection.UNSURE),
                          (-1.1, Rejection.NOT_LIKE_THE_DROPS)]
)  # fmt: skip
def test_what_is_as_likely_as_not_leaves_it_open(evidence: float, why: Rejection) -> None:
    assert considered((1.5, evidence)) == ([], [why])


def test_after_a_doubtful_sound_a_likely_one_counts() -> None:
    heard, rejected = considered((1.4, 0.5), (1.6, 4.0))
    assert [landing.impact for landing in heard] == [to_samples(1.6)]
    assert rejected == [Rejection.BETTER_ONE_FOUND, None]


def test_one_landing_counts_in_a_window() -> None:
    heard, rejected = considered((1.4, 4.0), (1.6, 5.0))
    assert [landing.impact for landing in heard] == [to_samples(1.4)]
    assert rejected == [None, Rejection.ALREADY_COUNTED]


def test_outside_the_window_nothing_is_left_open() -> None:
    _, rejected = considered((0.5, 0.5))
    assert rejected == [Rejection.OUTSIDE_WINDOW]


def test_the_limits_that_ship_leave_something_open() -> None:
    assert load().unsure < load().likely <= load().at_once


def test_a_sure_landing_may_decide_what_was_left_open_before_it() -> None:
    counting = Counting(chosen=LIMITS, weigher=Plain())
    assert [one.rejected for one in in_window(counting, 0.0, [(1.5, 1.5)])] == [Rejection.UNSURE]
    decided, counted = in_window(counting, 4.0, [(1.5, 4.0)])
    assert (decided.landing.impact, decided.landing.late) == (to_samples(1.5), True)
    assert (counted.landing.impact, counted.landing.late) == (to_samples(5.5), False)
    assert [one.landing.late for one in in_window(counting, 8.0, [(1.5, 4.0)])] == [False]


def test_what_no_landing_decides_stays_open() -> None:
    counting = Counting(chosen=LIMITS, weigher=Plain())
    in_window(counting, 0.0, [(1.5, -0.9)], went_on_db=0.0)
    landings = [
        one.landing
        for number in range(OUTLIVED + 3)
        for one in in_window(counting, 4.0 * (number + 1), [(1.5, 4.0)])
    ]
    # Plain believes in it a little more after each landing: the last come too late.
    assert sum(landing.late for landing in landings) == (OUTLIVED >= 3)


def test_another_persons_landings_decide_nothing() -> None:
    counting = Counting(chosen=LIMITS, weigher=Plain())
    in_window(counting, 0.0, [(1.5, 1.5)])
    counting.listen_anew(calibrated=True)
    assert not any(one.landing.late for one in in_window(counting, 4.0, [(1.5, 4.0)]))
