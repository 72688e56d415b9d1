"""Histories, written briefly."""

from datetime import date, timedelta

from voice_coach.programme.history import (
    History,
    Hurt,
    PastSession,
    Remark,
    Screened,
    Settled,
    Told,
)
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Plan, Refusal, Today, today
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.screening import questions

MONDAY = date(2026, 1, 5)
LEVELS = load_levels()
NAMES = {"b": "beginner", "i": "intermediate", "a": "advanced"}
FULL = {"beginner": 20, "intermediate": 30, "advanced": 60}


def day(number: int) -> date:
    """Day 0 is a Monday."""
    return MONDAY + timedelta(days=number)


SCREENED: tuple[Remark, ...] = (
    *(Told(day(0), question.name, question.safe) for question in questions("screening")),
    Screened(day(0)),
)


def past(sessions: str, *remarks: Remark) -> History:
    """Read ``b0 b2 i14:30 b16!``: level and day, drops asked for, ! for cut short."""
    done = []
    for written in sessions.split():
        told, _, prompted = written.rstrip("!").partition(":")
        level = NAMES[told[0]]
        done.append(
            PastSession(
                day(int(told[1:])),
                level,
                int(prompted or FULL[level]),
                completed=not written.endswith("!"),
            )
        )
    return History(tuple(done), (*SCREENED, *remarks))


def pain(since: int, settled: int | None = None) -> tuple[Remark, ...]:
    """Tell of a pain on one day, and that it has settled on another."""
    told = Hurt(day(since))
    return (told,) if settled is None else (told, Settled(day(settled)))


def on(number: int, history: History | str, prescription: Prescription | None = None) -> Today:
    known = past(history) if isinstance(history, str) else history
    return today(day(number), known, LEVELS, prescription)


def dose(answer: Plan | Refusal) -> tuple[int, int]:
    assert isinstance(answer, Plan), answer
    return answer.sets, answer.repetitions


def reason(answer: Plan | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.reason.removeprefix("refused.")


TWO_WEEKS = "b0 b2 b4 b7 b9 b11"
"""All that beginner asks for, but for the days up to day 14."""

FOUR_MORE = " ".join(f"i{14 + week * 7 + weekday}" for week in range(4) for weekday in (0, 2, 4))
"""All that intermediate asks for, from day 14 to day 40."""
