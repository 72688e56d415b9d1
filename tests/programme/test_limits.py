"""Whatever a person asks for, day by day, the limits are kept."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programme.limits import Done, Event, assert_kept, assert_screened
from tests.programme.past import LEVELS, MONDAY
from voice_coach.programme.history import (
    PAINS,
    Approved,
    History,
    Hurt,
    PastSession,
    Remark,
    Screened,
    Settled,
    Told,
)
from voice_coach.programme.ledger import Answer, Complaint
from voice_coach.programme.planner import Plan, today
from voice_coach.programme.screening import questions


@dataclass(frozen=True)
class Wish:
    """What someone wants, `later` days after the last time."""

    later: int
    level: Literal["start", "offered", "beginner", "intermediate", "advanced"]
    insists: bool
    done: float
    hurts: bool
    settles: bool
    tells: Complaint | None = None
    unsafe: str = ""
    """The question of a screening that is not answered safely, should it be due."""
    approved: bool = False


rarely = st.integers(0, 12).map(lambda number: number == 0)
wishes = st.builds(
    Wish,
    later=st.sampled_from([0, 1, 1, 2, 2, 2, 3, 5, 15, 40]),
    level=st.sampled_from(["start", "offered", "beginner", "intermediate", "advanced"]),
    insists=st.booleans(),
    done=st.sampled_from([1.0, 1.0, 1.0, 1.0, 0.5, 0.0]),
    hurts=rarely,
    settles=st.booleans(),
    tells=st.sampled_from([None] * 20 + list(Complaint)),
    unsafe=st.sampled_from([""] * 20 + [question.name for question in questions("screening")]),
    approved=st.booleans(),
)
steady = st.builds(
    Wish,
    later=st.sampled_from([2, 2, 3]),
    level=st.sampled_from(["offered", "offered", "advanced"]),
    insists=st.booleans(),
    done=st.just(1.0),
    hurts=st.just(False),
    settles=st.just(True),
)


@dataclass
class Life:
    """What came of someone's wishes."""

    done: list[Done]
    history: History
    events: list[Event]

    @property
    def pains(self) -> list[tuple[date, date | None]]:
        """What holds the programme from the day after it was told of."""
        return [
            (pain.day, pain.settled)
            for pain in self.history.pains
            if pain.kind is not Complaint.SORENESS
        ]


def lived(wanted: list[Wish]) -> Life:
    """Follow someone's wishes through the plan of each day."""
    day, life = MONDAY, Life([], History(), [])
    for wish in wanted:
        day += timedelta(days=wish.later)
        if wish.settles:
            said(life, Settled(day))
        if wish.approved:
            said(life, Approved(day, "R. Jones"))
            life.events.append(Event("approved", day))
        if today(day, life.history, LEVELS).screening:
            screen(life, day, wish.unsafe)
        practise(life, day, wish)
        if wish.tells:
            said(life, Hurt(day, wish.tells))
            if wish.tells in PAINS or wish.tells is Complaint.FALL:
                life.events.append(Event("risk", day))
            if wish.tells in PAINS and life.done:
                life.done[-1] = replace(life.done[-1], hurt=True)
    return life


def said(life: Life, *remarks: Remark) -> None:
    life.history = replace(life.history, remarks=(*life.history.remarks, *remarks))


def screen(life: Life, day: date, unsafe: str) -> None:
    asked = questions("screening")
    for question in asked:
        answer = Answer.SILENCE if question.name == unsafe else question.safe
        said(life, Told(day, question.name, answer))
    said(life, Screened(day))
    blocks = {question.name for question in asked if question.otherwise == "block"}
    life.events.append(Event("screened", day, frozenset(blocks & {unsafe})))


def practise(life: Life, day: date, wish: Wish) -> None:
    now = today(day, life.history, LEVELS)
    level = {"start": now.level, "offered": now.offered or now.level}.get(wish.level, wish.level)
    answer = now.plans[level]
    insisted = not isinstance(answer, Plan)
    if not isinstance(answer, Plan):
        if answer.alternative is None or (answer.may_override and not wish.insists):
            return
        insisted = answer.may_override
        answer = answer.alternative
    prompted = int(answer.sets * answer.repetitions * wish.done)
    if prompted == 0:
        return
    completed = wish.done == 1.0
    life.events.append(Event("session", day))
    life.done.append(Done(day, answer, prompted, completed, insisted, wish.hurts))
    done = PastSession(day, answer.level, prompted, completed)
    life.history = replace(life.history, sessions=(*life.history.sessions, done))
    if wish.hurts:
        said(life, Hurt(day))
        life.events.append(Event("risk", day))


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(st.lists(wishes, max_size=60))
def test_anybody(wanted: list[Wish]) -> None:
    life = lived(wanted)
    assert_kept(life.done, life.pains)
    assert_screened(life.events)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.lists(steady, min_size=30, max_size=60))
def test_someone_steady_who_moves_up_whenever_they_may(wanted: list[Wish]) -> None:
    life = lived(wanted)
    assert_kept(life.done, [])
    assert_screened(life.events)
    assert life.done[-1].plan.level != "beginner"
