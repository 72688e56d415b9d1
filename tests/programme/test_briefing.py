"""What is told of how it is done: much the first time, little later, much again after weeks."""

from dataclasses import replace

import pytest

from tests.programme.past import day, on, past
from voice_coach.programme.briefing import TAUGHT, Briefing, briefing
from voice_coach.programme.history import History

DAYS_OFF = 14


def told(number: int, history: History) -> Briefing:
    return briefing(day(number), history, DAYS_OFF)


def test_the_first_session_explains_everything_and_teaches_to_stop() -> None:
    assert told(0, History()) == Briefing(explains=True, teaches="stop")


def test_a_session_in_which_nothing_was_asked_for_is_none() -> None:
    history = past("b0")
    begun = replace(history, sessions=(replace(history.sessions[0], prompted=0),))
    assert told(2, begun) == told(0, History())


@pytest.mark.parametrize(("done", "teaches"), list(enumerate((*TAUGHT, "", ""))))
def test_each_of_the_first_sessions_teaches_one_thing(done: int, teaches: str) -> None:
    history = past(" ".join(f"b{2 * number}" for number in range(done)))
    assert told(2 * done, history).teaches == teaches
    assert told(2 * done, history).explains is (done == 0)


def test_the_plan_of_the_last_session_need_not_be_told_again() -> None:
    history = past("b0 b2")
    last = history.sessions[-1]
    assert told(4, history).told == (last.level, last.prompted)
    cut_short = replace(history, sessions=(replace(last, completed=False),))
    assert told(4, cut_short).told is None


@pytest.mark.parametrize(("away", "explains"), [(14, False), (15, True)])
def test_all_comes_back_after_weeks_without_a_session(away: int, explains: bool) -> None:
    found = told(away, past("b0"))
    assert found.explains is explains
    assert found.teaches == ("stop" if explains else "pause")


def test_the_days_plans_hold_it() -> None:
    assert on(2, past("b0")).briefing == told(2, past("b0"))
