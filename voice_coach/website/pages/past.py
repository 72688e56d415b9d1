"""History: a calendar, the weeks, and each session with what was heard in it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from starlette.responses import Response

from voice_coach.programme.adherence import monday
from voice_coach.programme.levels import Level
from voice_coach.reports import day_marks, page_text, words
from voice_coach.website.desk import Visit

WEEKS: Final = 12
SESSIONS: Final = 20
"""The latest of them are shown."""


def narrowed(visit: Visit) -> Mapping[str, Level]:
    """Return the levels as the prescription has them."""
    paper = visit.paper
    return {level.name: paper.narrow(level) if paper else level for level in visit.levels}


def show(visit: Visit) -> Response:
    """Show the past."""
    today = visit.now.date()
    levels = narrowed(visit)
    chosen = visit.paper.days if visit.paper and visit.paper.days else ()
    if not chosen and visit.settings.reminders:
        chosen = tuple(visit.settings.reminders.days)
    marks = day_marks.marks(visit.sessions, visit.history.on(today), levels, today, chosen)
    reported = words.load(visit.language)
    first = _month(visit.request.query_params.get("month", ""), today)
    before, after = first - timedelta(days=1), (first + timedelta(days=31)).replace(day=1)
    return visit.page(
        "history",
        first=first,
        rows=_rows(first, marks),
        before=before if marks and before >= min(marks) else None,
        after=after if after <= today else None,
        weeks=day_marks.weeks(visit.sessions, levels, today, WEEKS)[::-1],
        adherence=day_marks.adherence(day_marks.weeks(visit.sessions, levels, today, WEEKS), today),
        sessions=[s for s in visit.sessions if s.repetitions][: -SESSIONS - 1 : -1],
        complaints=page_text.complaints(visit.history, date.min, reported),
        overrides=page_text.overrides(visit.sessions, reported),
    )


def _month(text: str, today: date) -> date:
    """Return the first day of the month `text`, such as 2026-11, or of the present one."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    return min(first, today).replace(day=1) if first.year > 1970 else today.replace(day=1)


def _rows(first: date, marks: Mapping[date, day_marks.Mark]) -> list[list[dict[str, Any]]]:
    """Return the weeks of a month; a day of another month has no number."""
    day = monday(first)
    rows = []
    while day <= first or day.month == first.month:
        week = [day + timedelta(days=number) for number in range(7)]
        rows.append(
            [
                {"day": each, "mark": marks.get(each)} if each.month == first.month else {}
                for each in week
            ]
        )
        day += timedelta(days=7)
    return rows
