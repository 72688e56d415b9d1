"""When a reminder is spoken. Day 0 is a Monday."""

from datetime import datetime, time, timedelta

import pytest

from tests.programme.past import day, on, pain, past
from voice_coach.programme.day import Line, Today
from voice_coach.programme.history import History
from voice_coach.programme.reminders import Reminders, due

FIRST, AGAIN = Line("reminder.first"), Line("reminder.again")
MORNING = Reminders(times=("10:30",))
FREE = on(0, "")


def at(clock: str, number: int = 0) -> datetime:
    return datetime.combine(day(number), time.fromisoformat(clock)).astimezone()


@pytest.mark.parametrize(
    ("now", "spoken", "expected"),
    [
        ("10:29", (), None),
        ("10:30", (), FIRST),
        ("10:59", (), FIRST),  # somebody was in the way before
        ("11:00", (), None),  # missed: not made up
        ("10:31", ("10:30",), None),
        ("10:59", ("10:30",), None),
        ("11:00", ("10:30",), AGAIN),
        ("11:30", ("10:30",), AGAIN),
        ("11:40", ("10:30",), None),
        ("11:20", ("10:50",), AGAIN),
        ("11:01", ("10:30", "11:00"), None),
        ("15:00", ("10:30", "11:00"), None),
    ],
)
def test_once_and_once_more(now: str, spoken: tuple[str, ...], expected: Line | None) -> None:
    assert due(at(now), MORNING, FREE, [at(clock) for clock in spoken]) == expected


def test_what_was_spoken_yesterday_does_not_count() -> None:
    spoken = [at("10:30", -1), at("11:00", -1)]
    assert due(at("10:30"), MORNING, FREE, spoken) == FIRST


def test_each_time_is_one_of_its_own() -> None:
    twice = Reminders(times=("10:30", "17:00"))
    spoken = [at("10:30"), at("11:00")]
    assert due(at("17:00"), twice, FREE, spoken) == FIRST
    assert due(at("17:30"), twice, FREE, [*spoken, at("17:00")]) == AGAIN


def test_nobody_is_reminded_who_has_not_asked_for_it() -> None:
    assert due(at("10:30"), None, FREE, ()) is None


def test_only_on_the_chosen_days() -> None:
    chosen = Reminders(times=("10:30",), days=("tuesday",))
    assert due(at("10:30"), chosen, FREE, ()) is None
    assert due(at("10:30", 1), chosen, on(1, ""), ()) == FIRST


@pytest.mark.parametrize(
    ("begins", "ends", "clock", "quiet"),
    [
        ("21:00", "08:00", "20:59", False),
        ("21:00", "08:00", "21:00", True),
        ("21:00", "08:00", "03:00", True),
        ("21:00", "08:00", "08:00", False),
        ("13:00", "14:30", "14:00", True),
        ("13:00", "14:30", "15:00", False),
        ("00:00", "00:00", "12:00", False),
    ],
)
def test_never_in_the_quiet_hours(begins: str, ends: str, clock: str, quiet: bool) -> None:
    reminders = Reminders(times=(clock,), quiet_from=begins, quiet_until=ends)
    assert reminders.is_quiet(time.fromisoformat(clock)) is quiet
    assert due(at(clock), reminders, FREE, ()) == (None if quiet else FIRST)


def test_not_once_more_when_the_quiet_hours_have_begun() -> None:
    late = Reminders(times=("20:45",))
    assert due(at("20:45"), late, FREE, ()) == FIRST
    assert due(at("21:15"), late, FREE, [at("20:45")]) is None


@pytest.mark.parametrize(
    ("number", "history"),
    [
        (0, past("b0")),  # done
        (0, past("b0:4!")),  # begun and stopped: their own choice
        (1, past("b0")),  # a rest day
        (6, past("b0 b2 b4")),  # the week is full
        (5, past("b0", *pain(4))),
    ],
)
def test_never_when_nothing_is_to_be_done(number: int, history: History) -> None:
    now: Today = on(number, history)
    assert due(at("10:30", number), MORNING, now, ()) is None


def test_someone_who_asks_each_minute_hears_it_twice() -> None:
    spoken: list[datetime] = []
    for minute in range(24 * 60):
        now = at("00:00") + timedelta(minutes=minute)
        if due(now, MORNING, FREE, spoken):
            spoken.append(now)
    assert spoken == [at("10:30"), at("11:00")]
