"""What would happen: the rules driven through the weeks to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from voice_coach.programme.history import History, PastSession
from voice_coach.programme.levels import Level
from voice_coach.programme.planner import Plan, today
from voice_coach.programme.prescription import Prescription


@dataclass(frozen=True, slots=True)
class Day:
    """A day to come and its session; None is a day of rest."""

    day: date
    plan: Plan | None


def preview(
    first: date,
    weeks: int,
    history: History,
    levels: Sequence[Level],
    prescription: Prescription | None = None,
) -> Iterator[Day]:
    """Yield each day from `first` on, for someone who keeps to every rule.

    They practise as often as the low end of their level's week, spread over it, complete every
    session, have no pain, move up when it is offered, and override nothing.
    """
    for ahead in range(weeks * 7):
        day = first + timedelta(days=ahead)
        now = today(day, history, levels, prescription)
        plan = now.plans[now.offered or now.level]
        if not isinstance(plan, Plan) or not _due(day, plan.level, history, levels):
            yield Day(day, None)
            continue
        yield Day(day, plan)
        done = PastSession(day, plan.level, plan.sets * plan.repetitions, completed=True)
        history = replace(history, sessions=(*history.sessions, done))


def _due(day: date, name: str, history: History, levels: Sequence[Level]) -> bool:
    """Tell whether a session on `day` keeps to a week of sessions as evenly spread as can be."""
    weekly = next(level.sessions_per_week.low for level in levels if level.name == name)
    latest = sorted(history.practised())[-weekly:]
    if not latest:
        return True
    # The n-th session back lies n/weekly of a week back, in whole days.
    return all(
        (day - before).days >= 7 * back // weekly
        for back, before in enumerate(reversed(latest), start=1)
    )
