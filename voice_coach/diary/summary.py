"""The diary at a glance: a table for a person to read, and what it all came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from voice_coach.diary.records import Session
from voice_coach.programme.tally import Tally


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over sessions; the days are None without sessions."""

    sessions: int
    completed: int
    tally: Tally
    first: date | None
    last: date | None

    def table(self) -> dict[str, int | date | None]:
        """Return the sums by the names under which they are written."""
        return {
            "sessions": self.sessions,
            "completed": self.completed,
            **self.tally.table(),
            "first": self.first,
            "last": self.last,
        }


def totals(sessions: Sequence[Session]) -> Totals:
    """Return the sums over `sessions`."""
    days = [session.started.date() for session in sessions]
    return Totals(
        sessions=len(sessions),
        completed=sum(session.reason == "completed" for session in sessions),
        tally=sum((session.tally for session in sessions), Tally()),
        first=min(days, default=None),
        last=max(days, default=None),
    )


def table(sessions: Sequence[Session]) -> list[str]:
    """Return the lines of a table with one row a session, oldest first."""
    rows = [
        (
            "started",
            "level",
            "asked",
            "heard",
            "soft",
            "hard",
            "unsure",
            "told",
            "not heard",
            "length",
            "ended",
        ),
        *(_cells(session) for session in sessions),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column in {0, 1, 10} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _cells(session: Session) -> tuple[str, ...]:
    return (
        f"{session.started:%Y-%m-%d %H:%M}",
        session.level,
        *(str(count) for count in session.tally.table().values()),
        ""
        if session.seconds is None
        else f"{int(session.seconds) // 60}:{int(session.seconds) % 60:02}",
        session.reason or "going on",
    )


def sentence(sums: Totals) -> str:
    """Return what the sessions came to, for a person to read."""
    tally = sums.tally
    return (
        f"{_counted(sums.sessions, 'session')} ({sums.completed} completed): "
        f"{_counted(tally.prompted, 'drop')} asked for, {came_to(tally)}."
    )


def came_to(tally: Tally) -> str:
    """Return what the drops of `tally` came to; what there is none of is mostly left out."""
    told = f", {tally.told} counted by voice" if tally.told else ""
    unsure = f", {tally.unsure} left open" if tally.unsure else ""
    return (
        f"{tally.heard} heard ({tally.soft} soft, {tally.hard} hard){told}{unsure}, "
        f"{tally.not_heard} not heard"
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
