"""The letter that tells a family once a week what was done: days and counts, nothing of health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from voice_coach.programme.forecast import preview
from voice_coach.reports import day_marks
from voice_coach.website.desk import Visit
from voice_coach.website.pages.past import narrowed

DAYS: Final = timedelta(days=7)
AHEAD: Final = 2
"""Weeks."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent."""

    subject: str
    text: str


def letter(visits: Sequence[Visit]) -> Letter:
    """Return the letter of today about the people whom `visits` are about, at least one."""
    first = visits[0]
    words, today = first.t.letter, first.now.date()
    lines = [words.greeting, ""]
    for visit in visits:
        lines += [*_about(visit), ""]
    lines += [words.counts, words.why]
    subject = words.subject.format(day=first.t.brief(today - DAYS + timedelta(days=1)))
    return Letter(subject, "\n".join(lines) + "\n")


def _about(visit: Visit) -> list[str]:
    words, today = visit.t.letter, visit.now.date()
    since = today - DAYS
    lines = [] if visit.who is None else [visit.who.title(), ""]
    done = [s for s in visit.sessions if s.repetitions and since < s.started.date() <= today]
    days = len({session.started.date() for session in done})
    lines.append(visit.t.count(words.days, days) if done else words.nothing)
    for session in done:
        what = visit.t.today.session.format(
            time=visit.t.time(session.started),
            level=visit.t.levels.get(session.level, session.level),
            heard=session.tally.heard,
            prompted=session.tally.prompted,
        )
        day = visit.t.weekday(session.started.date())
        lines.append(f"- {day}, {what} {visit.t.ended[session.reason or 'going_on']}")
    weeks = day_marks.weeks(visit.sessions, narrowed(visit), today, 4)
    if len(weeks) > 1:
        each = ", ".join(f"{week.practised}/{week.asked}" for week in weeks)
        lines += ["", words.weeks.format(weeks=each)]
    ahead = preview(today, AHEAD, visit.history.on(today), visit.levels, visit.paper)
    soon = next((each.day for each in ahead if each.plan is not None and each.day > today), None)
    lines.append(words.next.format(day=visit.t.day(soon)) if soon else words.no_next)
    return lines
