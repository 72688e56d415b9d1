"""The limits of the programme, checked against what was done and written apart from its rules."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from voice_coach.programme.planner import Plan

ORDER = ("beginner", "intermediate", "advanced")
MOST = {"beginner": (10, 2, 20), "intermediate": (20, 3, 60), "advanced": (30, 3, 90)}
"""Repetitions of a set, sets of a session, repetitions of a day."""

WEEKLY = {"beginner": 3, "intermediate": 4, "advanced": 5}
TO_LEAVE = {"beginner": (14, 6), "intermediate": (28, 12)}
"""Days since the first session at a level, and completed days at it, before the next one."""


@dataclass(frozen=True)
class Done:
    """One session: what was planned, what was done, and whether pain was reported after it."""

    day: date
    plan: Plan
    prompted: int
    completed: bool
    insisted: bool
    hurt: bool = False


@dataclass(frozen=True)
class Event:
    """What bears on whether a session may be begun, in its order; `blocks` were found by it."""

    kind: Literal["screened", "risk", "approved", "session"]
    day: date
    blocks: frozenset[str] = frozenset()


def assert_screened(events: list[Event]) -> None:
    """Check that no session was begun without a screening in force, or on one that blocks."""
    screened, risk, blocks = None, False, frozenset[str]()
    for event in events:
        if event.kind == "screened":
            screened, risk, blocks = event.day, False, event.blocks
        elif event.kind == "risk":
            risk = True
        elif event.kind == "approved":
            blocks = frozenset()
        else:
            assert screened is not None, "a session before any screening"
            assert event.day - screened <= timedelta(days=90), "a screening of long ago"
            assert not risk, "no screening after a fall or a new pain"
            assert not blocks, "a session although the screening blocks it"


def assert_kept(sessions: list[Done], pains: list[tuple[date, date | None]]) -> None:
    """Check a whole history of someone who began with no session behind them."""
    per_day: defaultdict[date, int] = defaultdict(int)
    days: list[date] = []
    for position, session in enumerate(sessions):
        level, before = session.plan.level, sessions[:position]
        repetitions, sets, cap = MOST[level]
        assert 1 <= session.plan.repetitions <= repetitions
        assert 1 <= session.plan.sets <= sets
        per_day[session.day] += session.prompted
        assert per_day[session.day] <= cap, "more than a day's drops"
        for since, settled in pains:
            assert not since < session.day < (settled or date.max), "a session in pain"
        if session.day not in days:
            days.append(session.day)
        week = [day for day in days if session.day - timedelta(days=7) < day <= session.day]
        assert len(week) <= WEEKLY[level], "more sessions than a week has"
        rested = [
            other
            for other in before
            if other.plan.level == "beginner" and session.day - other.day <= timedelta(days=1)
        ]
        assert session.insisted or not rested, "no rest after a beginner's session"
        if not any(other.completed for other in before):
            assert level != "advanced", "advanced by word alone"
        elif level != "beginner":
            _assert_earned(session, before)


def _assert_earned(session: Done, before: list[Done]) -> None:
    """A level is kept without a long absence or pain, stepped back onto, or earned."""
    height = ORDER.index(session.plan.level)
    hurt = max((at for at, other in enumerate(before) if other.hurt), default=-1)
    at_it = [at for at, other in enumerate(before) if ORDER.index(other.plan.level) >= height]
    latest = at_it[-1] if at_it else -1
    if latest > hurt and session.day - before[latest].day <= timedelta(days=14):
        return
    if any(ORDER.index(other.plan.level) > height for other in before):
        return
    below = ORDER[height - 1]
    days, sessions = TO_LEAVE[below]
    at_below = [other for other in before[max(latest, hurt) + 1 :] if other.plan.level == below]
    earned = {other.day for other in at_below if other.completed}
    assert len(earned) >= sessions, "too few sessions to move up"
    assert session.day - at_below[0].day >= timedelta(days=days), "too few weeks to move up"
