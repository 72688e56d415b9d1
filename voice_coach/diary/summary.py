"""The diary at a glance: a table for a person to read, and what it all came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from voice_coach.diary.records import Session
from voice_coach.programme.ledger import Outcome


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over sessions; `heard` includes `soft` and `hard`, `days` is None without sessions."""

    sessions: int
    completed: int
    prompted: int
    heard: int
    soft: int
    hard: int
    not_heard: int
    first: date | None
    last: date | None


def totals(sessions: Sequence[Session]) -> Totals:
    """Return the sums over `sessions`."""
    days = [session.started.date() for session in sessions]
    return Totals(
        sessions=len(sessions),
        completed=sum(session.reason == "completed" for session in sessions),
        prompted=sum(session.prompted for session in sessions),
        heard=sum(session.heard for session in sessions),
        soft=sum(session.count(Outcome.SOFT) for session in sessions),
        hard=sum(session.count(Outcome.HARD) for session in sessions),
        not_heard=sum(session.count(Outcome.NOT_HEARD) for session in sessions),
        first=min(days, default=None),
        last=max(days, default=None),
    )


def table(sessions: Sequence[Session]) -> list[str]:
    """Return the lines of a table with one row a session, oldest first."""
    rows = [
        ("started", "level", "asked", "heard", "soft", "hard", "not heard", "length", "ended"),
        *(_cells(session) for session in sessions),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column in {0, 1, 8} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _cells(session: Session) -> tuple[str, ...]:
    return (
        f"{session.started:%Y-%m-%d %H:%M}",
        session.level,
        str(session.prompted),
        str(session.heard),
        str(session.count(Outcome.SOFT)),
        str(session.count(Outcome.HARD)),
        str(session.count(Outcome.NOT_HEARD)),
        ""
        if session.seconds is None
        else f"{int(session.seconds) // 60}:{int(session.seconds) % 60:02}",
        session.reason or "going on",
    )


def sentence(sums: Totals) -> str:
    """Return what the sessions came to, for a person to read."""
    return (
        f"{_counted(sums.sessions, 'session')} ({sums.completed} completed): "
        f"{_counted(sums.prompted, 'drop')} asked for, {sums.heard} heard "
        f"({sums.soft} soft, {sums.hard} hard), {sums.not_heard} not heard."
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
