"""Whatever a person asks for, day by day, the limits are kept."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programme.limits import Done, assert_kept
from tests.programme.past import LEVELS, MONDAY
from voice_coach.programme.history import History, Hurt, Pain, PastSession, Settled
from voice_coach.programme.plan import Plan, today


@dataclass(frozen=True)
class Wish:
    """What someone wants, `later` days after the last time."""

    later: int
    level: Literal["start", "offered", "beginner", "intermediate", "advanced"]
    insists: bool
    done: float
    hurts: bool
    settles: bool


wishes = st.builds(
    Wish,
    later=st.sampled_from([0, 1, 1, 2, 2, 2, 3, 5, 15, 40]),
    level=st.sampled_from(["start", "offered", "beginner", "intermediate", "advanced"]),
    insists=st.booleans(),
    done=st.sampled_from([1.0, 1.0, 1.0, 1.0, 0.5, 0.0]),
    hurts=st.integers(0, 12).map(lambda number: number == 0),
    settles=st.booleans(),
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


def lived(wanted: list[Wish]) -> tuple[list[Done], list[Pain]]:
    """Follow someone's wishes through the plan of each day."""
    day, history, done = MONDAY, History(), []
    for wish in wanted:
        day += timedelta(days=wish.later)
        if wish.settles:
            history = settled(history, day)
        now = today(day, history, LEVELS)
        level = {"start": now.level, "offered": now.offered or now.level}.get(
            wish.level, wish.level
        )
        answer = now.plans[level]
        insisted = not isinstance(answer, Plan)
        if not isinstance(answer, Plan):
            if answer.alternative is None or (answer.may_override and not wish.insists):
                continue
            insisted = answer.may_override
            answer = answer.alternative
        prompted = int(answer.sets * answer.repetitions * wish.done)
        if prompted == 0:
            continue
        completed = wish.done == 1.0
        done.append(Done(day, answer, prompted, completed, insisted, wish.hurts))
        history = replace(
            history,
            sessions=(*history.sessions, PastSession(day, answer.level, prompted, completed)),
            remarks=(*history.remarks, Hurt(day)) if wish.hurts else history.remarks,
        )
    return done, list(history.pains)


def settled(history: History, day: date) -> History:
    return replace(history, remarks=(*history.remarks, Settled(day)))


@settings(deadline=None, max_examples=300)
@given(st.lists(wishes, max_size=60))
def test_anybody(wanted: list[Wish]) -> None:
    done, pains = lived(wanted)
    assert_kept(done, [(pain.day, pain.settled) for pain in pains])


@settings(deadline=None, max_examples=60)
@given(st.lists(steady, min_size=30, max_size=60))
def test_someone_steady_who_moves_up_whenever_they_may(wanted: list[Wish]) -> None:
    done, _ = lived(wanted)
    assert_kept(done, [])
    assert done[-1].plan.level != "beginner"
