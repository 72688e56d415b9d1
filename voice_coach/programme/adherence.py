"""How steadily somebody practises: weeks, not days, so that a rest day breaks nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from voice_coach.programme.history import History, PastSession

WEEK: Final = timedelta(days=7)
LATELY: Final = 4 * WEEK
"""The time over which the share of landings heard is told."""

ENOUGH: Final = 10
"""Of fewer drops than these no share is told."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday on: the days of practice, the drops asked for and those heard."""

    days: int
    prompted: int
    heard: int


def monday(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def week(history: History, day: date) -> Week:
    """Return what was done in the week of `day`."""
    first = monday(day)
    done = [
        session
        for session in history.sessions
        if session.prompted and first <= session.day < first + WEEK
    ]
    return Week(
        days=len({session.day for session in done}),
        prompted=sum(session.prompted for session in done),
        heard=sum(session.heard for session in done),
    )


def weeks_in_a_row(history: History, day: date) -> int:
    """Return how many weeks with practice there are up to `day`.

    The present week counts as soon as something was done in it; until then it breaks nothing.
    """
    practised = {monday(done) for done in history.practised() if done <= day}
    latest = monday(day)
    if latest not in practised:
        latest -= WEEK
    count = 0
    while latest in practised:
        count += 1
        latest -= WEEK
    return count


def heard_of_ten(sessions: Iterable[PastSession]) -> int | None:
    """Return how many landings in ten were heard; None after too few drops.

    What the ear left open, or could not hear at all, counts neither for nor against.
    """
    done = list(sessions)
    listened = sum(session.prompted - session.unsure - session.told for session in done)
    if listened < ENOUGH:
        return None
    return round(10 * sum(session.heard for session in done) / listened)


def lately(history: History, day: date) -> tuple[PastSession, ...]:
    """Return the sessions of the last weeks."""
    return tuple(session for session in history.sessions if day - LATELY < session.day <= day)
