"""The diary for other programs: one row a session or a repetition, times in ISO 8601."""

import csv
from collections.abc import Iterable, Iterator
from typing import IO, Final, Literal, TypeAlias

from voice_coach.clock import to_seconds
from voice_coach.diary.records import Session
from voice_coach.programme.repetition import Repetition

Row: TypeAlias = dict[str, str | int | float | None]
"""Column to value; what is not known is None, and an empty cell in CSV."""

_COLUMNS: Final = {
    "session": (
        "session",
        "level",
        "planned",
        "prompted",
        "heard",
        "soft",
        "hard",
        "unsure",
        "told",
        "not_heard",
        "level_db",
        "seconds",
        "ended",
        "overrode",
    ),
    "repetition": (
        "session",
        "level",
        "set",
        "repetition",
        "prompted",
        "outcome",
        "thump_after_s",
        "level_db",
    ),
}


def session_row(session: Session) -> Row:
    """Return what one session came to; `heard` includes the soft and the hard landings."""
    return {
        "session": session.started.isoformat(timespec="milliseconds"),
        "level": session.level,
        "planned": session.planned_sets * session.planned_repetitions,
        **session.tally.table(),
        "level_db": session.level_db,
        "seconds": session.seconds,
        "ended": session.reason,
        "overrode": session.overrode or None,
    }


def repetition_row(session: Session, repetition: Repetition) -> Row:
    """Return one drop cue and what came of it."""
    thump_at = repetition.thump_at
    return {
        "session": session.started.isoformat(timespec="milliseconds"),
        "level": session.level,
        "set": repetition.set,
        "repetition": repetition.number,
        "prompted": session.moment(repetition.prompted_at).isoformat(timespec="milliseconds"),
        "outcome": repetition.outcome,
        "thump_after_s": None
        if thump_at is None
        else to_seconds(thump_at - repetition.prompted_at),
        "level_db": repetition.level_db,
    }


def rows(sessions: Iterable[Session], per: Literal["session", "repetition"]) -> Iterator[Row]:
    """Yield a row for each session, or for each repetition of each."""
    for session in sessions:
        if per == "session":
            yield session_row(session)
        else:
            for repetition in session.repetitions:
                yield repetition_row(session, repetition)


def header(per: Literal["session", "repetition"]) -> str:
    """Return the first line of the CSV."""
    return ",".join(_COLUMNS[per]) + "\n"


def write_csv(
    sessions: Iterable[Session], per: Literal["session", "repetition"], to: IO[str]
) -> None:
    """Write the rows as CSV, the names of the columns first."""
    writer = csv.DictWriter(to, _COLUMNS[per], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(sessions, per))
