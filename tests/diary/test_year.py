"""A year of many kinds of people, day by day through the plan and the diary.

Every session is written down repetition by repetition, and each morning's plan is made from
what the diary gives back.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.diary.sessions import MEMORY
from tests.programme.limits import Done, assert_kept
from voice_coach.diary.diary import Diary
from voice_coach.programme.ledger import (
    Complained,
    Complaint,
    EndReason,
    Outcome,
    PainSettled,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.levels import load_levels
from voice_coach.programme.plan import Plan, Refusal, Today, today
from voice_coach.speaking import Script

FIRST = date(2026, 1, 5)
LEVELS = load_levels()


@dataclass
class Answer:
    """What someone says today: the levels they ask for, whether they insist, how far they get."""

    asks: tuple[str, ...] = ()
    insists: bool = False
    share: float = 1.0
    hurts: bool = False
    settles: bool = False


Person = Callable[[int, Today, Random], Answer]


def keen(day: int, now: Today, draw: Random) -> Answer:
    """Takes every session that is free, and every offer."""
    return Answer((now.offered or now.level,))


def cautious(day: int, now: Today, draw: Random) -> Answer:
    """Says "start" every other day and never takes an offer."""
    return Answer((now.level,) if day % 2 == 0 else ())


def lazy(day: int, now: Today, draw: Random) -> Answer:
    """Once a week, and now and then not even that."""
    return Answer((now.offered or now.level,) if draw.random() < 0.12 else ())


def away(day: int, now: Today, draw: Random) -> Answer:
    """Keen, and travelling for a month from day 100 on."""
    return Answer() if 100 <= day < 130 else keen(day, now, draw)


def impatient(day: int, now: Today, draw: Random) -> Answer:
    """Wants advanced, three times every day, and insists."""
    return Answer(("advanced",) * 3, insists=True)


def in_pain(day: int, now: Today, draw: Random) -> Answer:
    """Keen; pain after the session of day 60, for a fortnight."""
    answer = keen(day, now, draw)
    return Answer(answer.asks, hurts=day in {60, 61}, settles=day == 74)


def tiring(day: int, now: Today, draw: Random) -> Answer:
    """Keen, and stops half of all sessions half-way."""
    return Answer(keen(day, now, draw).asks, share=draw.choice((0.5, 1.0)))


@dataclass(frozen=True)
class Year:
    """What came of a person's year."""

    done: list[Done]
    mornings: list[Today]
    pains: list[tuple[date, date | None]]

    def on(self, first: int, last: int) -> list[Done]:
        return [d for d in self.done if first <= (d.day - FIRST).days <= last]

    def levels(self, first: int, last: int) -> set[str]:
        return {done.plan.level for done in self.on(first, last)}


def live(person: Person, folder: Path) -> Year:
    draw, done, mornings = Random(person.__name__), [], []
    with Diary.open(folder, exclusive=True) as diary:
        for number in range(365):
            day = FIRST + timedelta(days=number)
            mornings.append(today(day, diary.history(), LEVELS))
            answer = person(number, mornings[-1], draw)
            if answer.settles:
                diary.record(PainSettled(0), datetime.combine(day, time(8), UTC))
            for level in answer.asks:
                now = today(day, diary.history(), LEVELS)
                chosen, overrode = choose(now.plans[level], answer.insists)
                if chosen:
                    prompted = practise(diary, day, chosen, overrode, answer.share)
                    done.append(
                        Done(day, chosen, prompted, answer.share == 1, bool(overrode), answer.hurts)
                    )
            if answer.hurts:
                diary.record(Complained(0, Complaint.PAIN), datetime.combine(day, time(20), UTC))
        assert sum(session.prompted for session in diary.sessions()) == sum(
            session.prompted for session in done
        )
        pains = [(pain.day, pain.settled) for pain in diary.history().pains]
    return Year(done, mornings, pains)


def choose(answer: Plan | Refusal, insists: bool) -> tuple[Plan | None, str]:
    if isinstance(answer, Plan):
        return answer, ""
    if answer.may_override:
        return (answer.alternative, answer.reason) if insists else (None, "")
    return answer.alternative, ""


def practise(diary: Diary, day: date, plan: Plan, overrode: str, share: float) -> int:
    """Write a session down, cut short after `share` of it; return how many drops it asked for."""
    started = SessionStarted(0, plan.level, plan.sets, plan.repetitions, overrode)
    diary.record(started, datetime.combine(day, time(10), UTC))
    total = int(plan.sets * plan.repetitions * share)
    for number in range(total):
        at, place = 100_000 * (number + 1), divmod(number, plan.repetitions)
        diary.record(RepetitionPrompted(at, place[0] + 1, place[1] + 1))
        diary.record(
            RepetitionResolved(
                at + 9_000, place[0] + 1, place[1] + 1, Outcome.HEARD, at + 4_000, -1.0
            )
        )
    ended = EndReason.COMPLETED if share == 1 else EndReason.STOPPED
    diary.record(SessionEnded(100_000 * (total + 2), ended))
    return total


@cache
def lived(person: Person) -> Year:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return live(person, Path(folder))


@pytest.fixture
def year(request: pytest.FixtureRequest) -> Year:
    return lived(request.param)


def of(*people: Person) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("year", people, indirect=True, ids=lambda p: p.__name__)


@of(keen, cautious, lazy, away, impatient, in_pain, tiring)
def test_everybody_is_kept_within_the_limits(year: Year) -> None:
    assert len(year.done) > 20
    assert_kept(year.done, year.pains)


@of(keen, away, impatient, in_pain)
def test_there_are_words_for_every_plan_refusal_and_notice(year: Year) -> None:
    script = Script.load("en")
    for now in year.mornings:
        for notice in now.notices:
            assert script.lines(notice, {})
        for answer in now.plans.values():
            if isinstance(answer, Refusal):
                assert script.lines(answer.reason, answer.slots)
            else:
                slots = ("level", "sets", "repetitions")
                assert script.lines("briefing", {slot: getattr(answer, slot) for slot in slots})


@of(keen)
def test_the_keen_reach_the_high_end_of_advanced_and_stay_there(year: Year) -> None:
    assert year.levels(0, 13) == {"beginner"}
    assert year.levels(14, 41) == {"intermediate"}
    assert year.levels(42, 364) == {"advanced"}
    assert {done.prompted for done in year.on(100, 364)} == {90}


@of(cautious)
def test_nobody_is_made_to_move_up(year: Year) -> None:
    assert year.levels(0, 364) == {"beginner"}
    assert all(now.offered == "intermediate" for now in year.mornings[20:])


@of(lazy)
def test_who_comes_now_and_then_is_stepped_back_and_never_refused_a_beginning(year: Year) -> None:
    assert "advanced" not in year.levels(0, 364)
    assert any(isinstance(now.plans["beginner"], Plan) for now in year.mornings[-7:])


@of(away)
def test_a_month_away_steps_back_one_level_and_leads_up_again(year: Year) -> None:
    assert year.levels(90, 99) == {"advanced"}
    assert year.mornings[130].notices == ("notice.stepped_back",)
    assert year.on(130, 130)[0].plan.level == "intermediate"
    assert year.on(130, 130)[0].prompted == 30
    assert year.levels(130, 157) == {"intermediate"}
    assert year.levels(160, 364) == {"advanced"}


@of(impatient)
def test_the_impatient_get_no_more_than_the_days_and_weeks_allow(year: Year) -> None:
    assert year.levels(0, 27) == {"intermediate"}
    weekly = {day: len({d.day for d in year.on(day, day + 6)}) for day in range(22)}
    assert set(weekly.values()) == {4}
    assert any(done.insisted for done in year.done)


@of(in_pain)
def test_pain_holds_the_programme_and_then_steps_it_back(year: Year) -> None:
    assert year.on(62, 73) == []
    before, after = year.on(0, 61)[-1], year.on(74, 364)[0]
    assert before.plan.level == "advanced"
    assert after.plan.level == "intermediate"
    assert year.levels(110, 364) == {"advanced"}


@of(tiring)
def test_sessions_cut_short_slow_the_climb(year: Year) -> None:
    assert year.levels(0, 13) == {"beginner"}
    assert "advanced" not in year.levels(0, 41)
