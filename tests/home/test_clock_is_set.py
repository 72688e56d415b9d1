"""“The clock was wrong, and I did my drops twice”: the cap of a day holds in true time.

Somebody who insists whenever they may, day and night, while the machine's clock jumps about.
"""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diary.sessions import MEMORY
from voice_coach.diary.diary import Diary
from voice_coach.home.residents import Household, open_household
from voice_coach.home.settings import Settings
from voice_coach.programme.ledger import (
    Answered,
    EndReason,
    RepetitionPrompted,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Plan
from voice_coach.programme.screening import questions

BEGAN = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
CAPS = {level.name: level.cap for level in load_levels()}
ANY_HOURS = 18


class World:
    """True time, and what the machine's clock makes of it."""

    def __init__(self) -> None:
        self.true = BEGAN
        self.wrong_by = timedelta()
        self.zone = timezone(timedelta())

    def wall(self) -> datetime:
        return (self.true + self.wrong_by).astimezone(self.zone)

    def elapsed(self) -> float:
        return (self.true - BEGAN).total_seconds()


Drop = tuple[datetime, str]
"""When it truly was, and at which level."""


def practise(household: Household, world: World) -> list[Drop]:
    """Do all that may be done now, insisting where that helps; return every drop."""
    now = household.plans()
    answer = now.plans[now.offered or now.level]
    if not isinstance(answer, Plan):
        if not answer.may_override or not isinstance(answer.alternative, Plan):
            return []
        answer = answer.alternative
    household.write(SessionStarted(0, answer.level, answer.sets, answer.repetitions))
    drops: list[Drop] = []
    for number_of_set in range(1, answer.sets + 1):
        for number in range(1, answer.repetitions + 1):
            world.true += timedelta(seconds=8)
            household.write(RepetitionPrompted(0, number_of_set, number))
            drops.append((world.true, answer.level))
    household.write(SessionEnded(0, EndReason.COMPLETED))
    assert len(drops) <= CAPS[answer.level]
    return drops


steps = st.tuples(
    st.floats(0.1, 8.0) | st.floats(8.0, 60.0),  # hours until the next attempt
    # days that the clock is wrong by from then on
    st.none() | st.floats(-4, 4) | st.floats(-20_000, 20_000),
    st.none() | st.integers(-12, 12),  # hours of another zone
)


@given(
    st.floats(-20_000, 20_000),
    st.lists(steps, min_size=1, max_size=25),
)
@settings(max_examples=200, deadline=None)
def test_no_more_than_a_day_s_cap_in_any_eighteen_hours(
    wrong_by: float, life: list[tuple[float, float | None, int | None]]
) -> None:
    where = MEMORY if MEMORY.is_dir() else None
    with TemporaryDirectory(dir=where) as folder:
        own = msgspec.structs.replace(
            Settings(), diary=Path(folder) / "diary", calibration=Path(folder) / "heels"
        )
        world = World()
        world.wrong_by = bounded(world, timedelta(days=wrong_by))
        drops: list[Drop] = []
        with open_household(own, world.wall, elapsed=world.elapsed) as household:
            for question in questions("screening"):
                household.write(Answered(0, question.name, question.safe))
            household.write(ScreeningFinished(0))
            for hours, jump, zone in life:
                drops += practise(household, world)
                world.true += timedelta(hours=hours)
                if jump is not None:
                    world.wrong_by = bounded(world, timedelta(days=jump))
                if zone is not None:
                    world.zone = timezone(timedelta(hours=zone))
                household.clock()
            household.present.diary.flush(10)
        for first, _ in drops:
            until = first + timedelta(hours=ANY_HOURS)
            near = [level for moment, level in drops if first <= moment < until]
            assert len(near) <= max((CAPS[level] for level in near), default=0)


def bounded(world: World, by: timedelta) -> timedelta:
    """Return `by`, or what still leads to a time between 1970 and 2100."""
    low, high = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    return max(low, min(high, world.true + by)) - world.true


def test_a_session_before_the_clock_was_set_counts_as_of_today(tmp_path: Path) -> None:
    own = msgspec.structs.replace(
        Settings(), diary=tmp_path / "diary", calibration=tmp_path / "heels"
    )
    world = World()
    world.wrong_by = datetime(1970, 1, 1, 0, 1, tzinfo=UTC) - world.true
    with open_household(own, world.wall, elapsed=world.elapsed) as household:
        for question in questions("screening"):
            household.write(Answered(0, question.name, question.safe))
        household.write(ScreeningFinished(0))
        done = practise(household, world)
        assert done
        world.true += timedelta(minutes=1)
        world.wrong_by = timedelta()
        assert not isinstance(household.plans().plans["beginner"], Plan)
    with Diary.open(own.diary) as diary:
        (session,) = diary.sessions()
        assert abs(session.started - BEGAN) < timedelta(minutes=1)
        assert {remark.day for remark in diary.history().remarks} == {BEGAN.date()}


def test_two_days_drops_are_not_done_on_either_side_of_midnight(tmp_path: Path) -> None:
    own = msgspec.structs.replace(
        Settings(), diary=tmp_path / "diary", calibration=tmp_path / "heels"
    )
    world = World()
    world.true = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    with open_household(own, world.wall, elapsed=world.elapsed) as household:
        for question in questions("screening"):
            household.write(Answered(0, question.name, question.safe))
        household.write(ScreeningFinished(0))
        before = practise(household, world)
        world.true += timedelta(hours=1)
        after = practise(household, world)
        assert len(before) + len(after) <= CAPS["beginner"]
        world.true += timedelta(days=2)
        assert practise(household, world)
