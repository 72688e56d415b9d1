"""“It asked me what day it was”: by yes and no, whoever answers truly is understood."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from voice_coach.programme.date_search import DateSearch
from voice_coach.programme.day import Line
from voice_coach.programme.weekdays import WEEK

BELIEVED = date(2026, 3, 2)
WEEKS = [BELIEVED + timedelta(days=ahead) for ahead in range(8)]


def is_true(line: Line, day: date) -> bool:
    slots = line.slots
    if line.cue == "ask.date":
        return (WEEK[day.weekday()], day.day, day.month) == (
            slots["weekday"],
            slots["day"],
            slots["month"],
        )
    if line.cue == "ask.month":
        return day.month == slots["month"]
    return day.day >= int(slots["day"])


def found(day: date, likely: list[date]) -> tuple[date | None, int]:
    """Return what somebody's true answers lead to, and after how many of them."""
    search, asked = DateSearch(BELIEVED, likely), 0
    while search.line is not None:
        asked += 1
        search.answer(is_true(search.line, day))
    return search.found, asked


def test_a_clock_that_is_right_takes_one_answer() -> None:
    assert found(BELIEVED, WEEKS) == (BELIEVED, 1)


def test_a_clock_that_stood_still_over_two_days_takes_three() -> None:
    assert found(BELIEVED + timedelta(days=2), WEEKS) == (BELIEVED + timedelta(days=2), 3)


@given(st.dates(date(2025, 4, 1), date(2029, 1, 31)), st.booleans())
def test_any_day_is_found_in_the_end(day: date, begins_with_a_week: bool) -> None:
    assert found(day, WEEKS if begins_with_a_week else WEEKS[:1])[0] == day


def test_who_denies_everything_is_not_asked_for_ever() -> None:
    search, asked = DateSearch(BELIEVED, WEEKS), 0
    while search.line is not None:
        asked += 1
        search.answer(False)
    assert search.found is None
    assert asked < 30
