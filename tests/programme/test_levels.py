from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.programme.levels import Dose, Level, Range, load_levels, within
from voice_coach.programme.rules import load_rules
from voice_coach.programme.tempo import Tempo

levels = st.builds(
    Level,
    name=st.just("any"),
    repetitions=st.tuples(st.integers(1, 30), st.integers(1, 30)).map(lambda r: Range(*sorted(r))),
    sets=st.tuples(st.integers(1, 5), st.integers(1, 5)).map(lambda r: Range(*sorted(r))),
    sessions_per_week=st.just(Range(3, 4)),
    sessions_per_step=st.just(1),
    rest_days=st.just(0),
    rest=st.just(60.0),
    tempo=st.just(Tempo(2, 1, 2)),
    cap=st.integers(0, 200),
)


@pytest.mark.parametrize(
    ("name", "repetitions", "sets", "sessions", "cap"),
    [
        ("beginner", (10, 10), (2, 2), (3, 3), 20),
        ("intermediate", (15, 20), (2, 3), (3, 4), 60),
        ("advanced", (20, 30), (3, 3), (4, 5), 90),
    ],
)
def test_the_shipped_levels_are_the_ones_of_the_article(
    name: str,
    repetitions: tuple[int, int],
    sets: tuple[int, int],
    sessions: tuple[int, int],
    cap: int,
) -> None:
    level = {level.name: level for level in load_levels()}[name]
    assert level.repetitions == repetitions
    assert level.sets == sets
    assert level.sessions_per_week == sessions
    assert level.cap == cap


def test_a_beginner_is_led_more_slowly_than_those_after() -> None:
    seconds = [level.tempo.seconds for level in load_levels()]
    assert seconds == sorted(seconds, reverse=True)
    assert seconds[0] > seconds[-1]


def test_moving_up_takes_every_session_of_the_weeks() -> None:
    for level in load_levels():
        if level.move_up:
            assert level.move_up.sessions == level.move_up.weeks * level.sessions_per_week.low


def test_every_level_is_within_what_slower_and_faster_may_reach() -> None:
    pace = load_rules().pace
    for level in load_levels():
        for phase in ("rise", "hold", "pause"):
            least, most = getattr(pace.fastest, phase), getattr(pace.slowest, phase)
            assert least <= getattr(level.tempo, phase) <= most


def test_intermediate_climbs_by_repetitions_before_it_adds_a_set() -> None:
    steps = load_levels()[1].steps()
    assert steps[0] == (2, 15)
    assert steps[5:7] == ((2, 20), (3, 15))
    assert steps[-1] == (3, 20)


def test_from_one_level_to_the_next_is_never_a_step_down() -> None:
    beginner, intermediate, advanced = (level.steps() for level in load_levels())
    assert beginner[-1].total < intermediate[0].total
    assert intermediate[-1].total <= advanced[0].total


@given(levels)
def test_steps_climb_and_stay_within_range_and_cap(level: Level) -> None:
    steps = level.steps()
    totals = [dose.total for dose in steps]
    assert totals == sorted(set(totals))
    for dose in steps:
        assert 1 <= dose.sets <= level.sets.high
        assert 1 <= dose.repetitions <= level.repetitions.high
        assert dose.total <= level.cap


@given(st.builds(Dose, st.integers(1, 5), st.integers(1, 30)), st.integers(1, 200))
def test_a_dose_is_cut_to_fit_and_never_more_than_it_must(dose: Dose, most: int) -> None:
    cut = within(dose, most)
    assert 1 <= cut.total <= min(most, dose.total)
    assert cut == dose or cut.total + dose.repetitions > most


def test_a_range_the_wrong_way_round_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="sets of beginner: 3-2"):
        replace(load_levels()[0], sets=Range(3, 2))
