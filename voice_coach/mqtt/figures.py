"""What a home system is told of somebody's day: done or not, how much, and when next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.adherence import week
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Plan, today


@dataclass(frozen=True, slots=True)
class Figures:
    """One person's day.

    `next` is the first day on which a session may be; None while something holds the programme.
    `adherence` is the share of the days asked for in this week that were practised, in percent.
    """

    done: bool
    heard: int
    next: date | None
    adherence: int


def figures(settings: Settings, now: datetime) -> Figures | None:
    """Return the day of the person of `settings`; None where it cannot be read just now."""
    levels = load_levels()
    day = now.date()
    try:
        paper = settings.prescription and read_prescription(settings.prescription, levels)
        with Diary.open(settings.diary) as diary:
            sessions, history = diary.sessions(), diary.history().on(day)
    except UserError:
        return None
    plans = today(day, history, levels, paper or None, moment=now)
    answer = plans.plans[plans.level]
    level = next(level for level in levels if level.name == plans.level)
    asked = (paper.narrow(level) if paper else level).sessions_per_week.low
    done = [s for s in sessions if s.started.date() == day and s.repetitions]
    ahead = 0 if isinstance(answer, Plan) else answer.slots.get("days")
    return Figures(
        done=any(session.reason == "completed" for session in done),
        heard=sum(session.tally.heard for session in done),
        next=day + timedelta(days=ahead) if isinstance(ahead, int) else None,
        adherence=min(100, round(100 * week(history, day).days / asked)),
    )
