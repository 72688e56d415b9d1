"""A year of many kinds of people, day by day through the plan and the diary.

Every session is written down repetition by repetition, and each morning's plan is made from
what the diary gives back.
"""

import pickle
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tests.diary.sessions import MEMORY
from tests.programme.limits import Done, Event, assert_kept, assert_screened
from tests.shared import once
from voice_coach.diary.diary import Diary
from voice_coach.programme import ledger
from voice_coach.programme.history import PAINS
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
from voice_coach.programme.planner import Plan, Refusal, Today, today
from voice_coach.speaking import Script

pytestmark = pytest.mark.slow

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
    tells: tuple[Complaint, ...] = ()
    unsafe: tuple[str, ...] = ()
    """Questions of the screening that they do not answer safely, should it be due."""
    approved: bool = False


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


def blocked(day: int, now: Today, draw: Random) -> Answer:
    """Keen; had a fracture of the spine, and a therapist approves of it after three weeks."""
    return replace(keen(day, now, draw), unsafe=("spine_fracture",), approved=day == 21)


def falls(day: int, now: Today, draw: Random) -> Answer:
    """Keen; falls on day 50, and is found to fall often when asked again."""
    fell = (Complaint.FALL,) if day == 50 else ()
    return replace(
        keen(day, now, draw),
        tells=fell,
        unsafe=("falls",) if day >= 50 else (),
        approved=day == 80,
    )


def sore(day: int, now: Today, draw: Random) -> Answer:
    """Keen; sore for five days from day 60 on, and for one day from day 90 on."""
    told = (Complaint.SORENESS,) if day in {60, 90} else ()
    return replace(keen(day, now, draw), tells=told, settles=day in {65, 91})


def ailing(day: int, now: Today, draw: Random) -> Answer:
    """Tells of something or other now and then, and settles or not; insists on everything."""
    told = (draw.choice(list(Complaint)),) if draw.random() < 0.02 else ()
    unsafe = tuple(q.name for q in now.screening if draw.random() < 0.05)
    return Answer(
        ("advanced", now.offered or now.level),
        insists=True,
        tells=told,
        settles=draw.random() < 0.2,
        unsafe=unsafe,
        approved=draw.random() < 0.1,
    )


def tiring(day: int, now: Today, draw: Random) -> Answer:
    """Keen, and stops half of all sessions half-way."""
    return Answer(keen(day, now, draw).asks, share=draw.choice((0.5, 1.0)))


@dataclass(frozen=True)
class Year:
    """What came of a person's year."""

    done: list[Done]
    mornings: list[Today]
    pains: list[tuple[date, date | None]]
    events: list[Event]

    def on(self, first: int, last: int) -> list[Done]:
        return [d for d in self.done if first <= (d.day - FIRST).days <= last]

    def levels(self, first: int, last: int) -> set[str]:
        return {done.plan.level for done in self.on(first, last)}


def clock(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def live(person: Person, folder: Path) -> Year:
    draw, done, mornings = Random(person.__name__), [], []
    events: list[Event] = []
    with Diary.open(folder, exclusive=True) as diary:
        for number in range(365):
            day = FIRST + timedelta(days=number)
            mornings.append(today(day, diary.history(), LEVELS))
            now: Today | None = mornings[-1]
            answer = person(number, mornings[-1], draw)
            if answer.settles:
                diary.record(PainSettled(0), clock(day, 8))
                now = None
            if answer.approved:
                diary.approve(clock(day, 8), "R. Jones")
                events.append(Event("approved", day))
                now = None
            for level in answer.asks:
                # To read the diary is dear: it is read again when it has something new.
                now = now or today(day, diary.history(), LEVELS)
                if now.screening:
                    events.append(screen(diary, day, now, answer.unsafe))
                    now = today(day, diary.history(), LEVELS)
                chosen, overrode = choose(now.plans[level], answer.insists)
                if chosen:
                    prompted = practise(diary, day, chosen, overrode, answer.share)
                    now = None
                    events.append(Event("session", day))
                    done.append(
                        Done(day, chosen, prompted, answer.share == 1, bool(overrode), answer.hurts)
                    )
            for complaint in (*answer.tells, *((Complaint.PAIN,) if answer.hurts else ())):
                diary.record(Complained(0, complaint), clock(day, 20))
                if complaint in PAINS or complaint is Complaint.FALL:
                    events.append(Event("risk", day))
        assert sum(session.tally.prompted for session in diary.sessions()) == sum(
            session.prompted for session in done
        )
        pains = [
            (pain.day, pain.settled)
            for pain in diary.history().pains
            if pain.kind is not Complaint.SORENESS
        ]
    return Year(done, mornings, pains, events)


def screen(diary: Diary, day: date, now: Today, unsafe: tuple[str, ...]) -> Event:
    """Answer the questions that are due, safely but for those named."""
    for question in now.screening:
        wrong = ledger.Answer.UNSURE if question.name in unsafe else question.safe
        diary.record(ledger.Answered(0, question.name, wrong), clock(day, 9))
    diary.record(ledger.ScreeningFinished(0), clock(day, 9))
    blocks = {q.name for q in now.screening if q.otherwise == "block"}
    return Event("screened", day, frozenset(blocks.intersection(unsafe)))


def choose(answer: Plan | Refusal, insists: bool) -> tuple[Plan | None, str]:
    if isinstance(answer, Plan):
        return answer, ""
    if answer.may_override:
        return (answer.alternative, answer.reason) if insists else (None, "")
    return answer.alternative, ""


def practise(diary: Diary, day: date, plan: Plan, overrode: str, share: float) -> int:
    """Write a session down, cut short after `share` of it; return how many drops it asked for."""
    started = SessionStarted(0, plan.level, plan.sets, plan.repetitions, overrode)
    diary.record(started, clock(day, 10))
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
def lived(person: Person, shared: Path) -> Year:
    """Return the year of `person`, which is lived once for all workers."""

    def make(folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as diary:
            year = live(person, Path(diary))
        (folder / "year.pickle").write_bytes(pickle.dumps(year))

    kept = once(shared / "years" / person.__name__, make) / "year.pickle"
    year = pickle.loads(kept.read_bytes())
    assert isinstance(year, Year)
    return year


@pytest.fixture
def year(request: pytest.FixtureRequest, shared: Path) -> Year:
    return lived(request.param, shared)


def of(*people: Person) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("year", people, indirect=True, ids=lambda p: p.__name__)


EVERYBODY = (
    keen,
    cautious,
    lazy,
    away,
    impatient,
    in_pain,
    tiring,
    blocked,
    falls,
    sore,
    ailing,
)


@of(*EVERYBODY)
def test_everybody_is_kept_within_the_limits(year: Year) -> None:
    assert len(year.done) > 20
    assert_kept(year.done, year.pains)
    assert_screened(year.events)


@of(*EVERYBODY)
def test_everything_that_is_asked_is_answered_in_three_sentences(year: Year) -> None:
    script = Script.load("en")
    for now in year.mornings:
        for intent, lines in now.answers.items():
            said = " ".join(s for line in lines for s in script.lines(line.cue, line.slots))
            assert 1 <= len(re.findall(r"[.?!](?: |$)", said)) <= 3, (intent, said)
        for line in now.review:
            assert script.lines(line.cue, line.slots)


@of(keen, cautious)
def test_who_is_well_is_asked_again_after_ninety_days(year: Year) -> None:
    asked = [(event.day - FIRST).days for event in year.events if event.kind == "screened"]
    assert asked[0] == 0
    assert all(91 <= after - before <= 94 for before, after in pairwise(asked))
    assert asked[-1] + 91 > 360


@of(blocked)
def test_a_block_holds_until_it_is_approved_of(year: Year) -> None:
    assert year.on(0, 20) == []
    assert year.on(21, 30)
    # Screened again, and blocked again: nobody approves for good.
    assert year.on(95, 364) == []
    later = year.mornings[100].plans.values()
    assert {isinstance(it, Refusal) and it.reason for it in later} == {"refused.blocked"}


@of(falls)
def test_a_fall_is_asked_about_before_the_next_session(year: Year) -> None:
    assert year.on(49, 50)
    assert year.on(51, 79) == []
    asked = [e for e in year.events if e.kind == "screened" and e.day > FIRST + timedelta(days=50)]
    assert asked[0].day <= FIRST + timedelta(days=53)
    assert year.on(80, 90)


@of(sore)
def test_soreness_holds_when_it_does_not_settle_and_costs_no_level(year: Year) -> None:
    assert year.on(63, 64) == []
    assert year.on(65, 67)
    assert year.levels(60, 364) == {"advanced"}
    assert year.on(91, 93)


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
