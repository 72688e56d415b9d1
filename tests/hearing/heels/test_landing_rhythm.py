"""The person's own rhythm: nothing is made of it until there is one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import to_samples
from voice_coach.hearing.heels.landing_rhythm import ENOUGH, LandingRhythm


def of(*seconds: float) -> LandingRhythm:
    rhythm = LandingRhythm()
    for second in seconds:
        rhythm.landed(to_samples(second))
    return rhythm


def test_before_there_are_enough_landings_every_moment_is_alike() -> None:
    assert of(*[0.4] * (ENOUGH - 1)).odds(to_samples(0.4)) == 0.0


def test_somebody_who_lands_at_any_moment_has_no_rhythm() -> None:
    anywhere = of(*np.linspace(0.3, 0.75, 12))
    assert [anywhere.odds(to_samples(t)) for t in (0.3, 0.5, 0.75)] == [0.0, 0.0, 0.0]


def test_the_usual_moment_is_likelier_and_others_are_less_likely() -> None:
    steady = of(0.40, 0.44, 0.47, 0.38, 0.45, 0.42)
    assert steady.odds(to_samples(0.43)) > 0.8
    assert steady.odds(to_samples(0.60)) < -1.0


def test_one_stray_landing_does_not_break_a_rhythm() -> None:
    assert of(0.42, 0.43, 0.41, 0.44, 0.75, 0.42).odds(to_samples(0.42)) > 0.8


@given(st.lists(st.integers(0, 20_000), max_size=30), st.integers(0, 20_000))
def test_it_never_speaks_louder_than_what_is_heard(landings: list[int], after: int) -> None:
    rhythm = LandingRhythm()
    for landing in landings:
        rhythm.landed(landing)
    assert -1.7 < rhythm.odds(after) < 1.6
