"""The diary as tables for a spreadsheet: CSV, times in ISO 8601."""

import csv
from collections.abc import Iterable
from typing import IO, Final

from voice_coach.clock import to_seconds
from voice_coach.diary.records import Session
from voice_coach.programme.ledger import Outcome

REPETITION_COLUMNS: Final = (
    "session",
    "level",
    "set",
    "repetition",
    "prompted",
    "outcome",
    "thump_after_s",
    "level_db",
)
SESSION_COLUMNS: Final = (
    "session",
    "level",
    "planned",
    "prompted",
    "heard",
    "soft",
    "hard",
    "not_heard",
    "level_db",
    "seconds",
    "ended",
    "overrode",
)


def write_repetitions(sessions: Iterable[Session], to: IO[str]) -> None:
    """Write one row a repetition; what is not known is left empty."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(REPETITION_COLUMNS)
    for session in sessions:
        for repetition in session.repetitions:
            writer.writerow(
                (
                    session.started.isoformat(timespec="milliseconds"),
                    session.level,
                    repetition.set,
                    repetition.number,
                    session.moment(repetition.prompted_at).isoformat(timespec="milliseconds"),
                    repetition.outcome,
                    None
                    if repetition.thump_at is None
                    else to_seconds(repetition.thump_at - repetition.prompted_at),
                    repetition.level_db,
                )
            )


def write_sessions(sessions: Iterable[Session], to: IO[str]) -> None:
    """Write one row a session; `heard` includes the soft and the hard landings."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(SESSION_COLUMNS)
    for session in sessions:
        writer.writerow(
            (
                session.started.isoformat(timespec="milliseconds"),
                session.level,
                session.planned_sets * session.planned_repetitions,
                session.prompted,
                session.heard,
                session.count(Outcome.SOFT),
                session.count(Outcome.HARD),
                session.count(Outcome.NOT_HEARD),
                session.level_db,
                session.seconds,
                session.reason,
                session.overrode,
            )
        )
