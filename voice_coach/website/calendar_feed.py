"""Planned and done sessions as a calendar (RFC 5545), for a telephone to subscribe to."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Final

from voice_coach.programme.forecast import preview
from voice_coach.website.desk import Visit

BACK: Final = timedelta(weeks=8)
AHEAD: Final = 4
"""Weeks."""
LONGEST: Final = 75
"""Bytes of a line."""


def feed(visit: Visit) -> str:
    """Return the calendar of the person whom `visit` is about."""
    texts, today = visit.t.calendar_feed, visit.now.date()
    name = texts.name if visit.who is None else f"{texts.name}: {visit.who.title()}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//voice-coach//home//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    stamp = f"{visit.now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    whose = visit.who or "one"
    for session in visit.sessions:
        if session.repetitions and session.started.date() >= today - BACK:
            tally = session.tally
            what = texts.done.format(heard=tally.heard, prompted=tally.prompted)
            begins = session.started.astimezone(UTC)
            ends = begins + timedelta(seconds=max(session.seconds or 0, 60))
            lines += [
                "BEGIN:VEVENT",
                f"UID:{begins:%Y%m%dT%H%M%SZ}-{whose}@voice-coach.invalid",
                f"DTSTAMP:{stamp}",
                f"DTSTART:{begins:%Y%m%dT%H%M%SZ}",
                f"DTEND:{ends:%Y%m%dT%H%M%SZ}",
                f"SUMMARY:{_text(what)}",
                "END:VEVENT",
            ]
    for day, sets, repetitions in _planned(visit, today):
        what = visit.t.count(texts.planned, sets, repetitions=repetitions)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{day:%Y%m%d}-{whose}-planned@voice-coach.invalid",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            "TRANSP:TRANSPARENT",
            f"SUMMARY:{_text(what)}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _planned(visit: Visit, today: date) -> Iterator[tuple[date, int, int]]:
    history = visit.history.on(today)
    for each in preview(today, AHEAD, history, visit.levels, visit.paper):
        if each.plan is not None:
            yield each.day, each.plan.sets, each.plan.repetitions


def _text(text: str) -> str:
    for what in "\\;,":
        text = text.replace(what, f"\\{what}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return `line` cut so that none is longer than calendars take."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > LONGEST - 1:
            parts.append(part)
            part = ""
        part += character
    return "\r\n ".join([*parts, part])
