"""Rows of the diary as values."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from voice_coach.diary.records import Session
from voice_coach.programme.history import (
    Approved,
    Felt,
    History,
    Hurt,
    PastSession,
    Remark,
    Screened,
    Settled,
    Told,
)
from voice_coach.programme.ledger import Answer, Complaint, EndReason, FaultNoted, Feeling, Outcome
from voice_coach.programme.repetition import Repetition
from voice_coach.programme.tally import Tally


def history(connection: sqlite3.Connection) -> History:
    """Return what the programme needs to know."""
    remarks = connection.execute("SELECT day, kind, name, value FROM remarks ORDER BY id")
    return History(
        sessions=tuple(_past(connection)),
        remarks=tuple(
            _remark(date.fromisoformat(day), kind, name, value)
            for day, kind, name, value in remarks
        ),
    )


def _past(connection: sqlite3.Connection) -> Iterator[PastSession]:
    """Yield every session as the programme sees it; SQLite counts what years of them hold."""
    rows = connection.execute(
        "SELECT sessions.id, started, level, reason, outcome, count(prompted_at)"
        " FROM sessions LEFT JOIN repetitions ON session = sessions.id"
        " GROUP BY sessions.id, outcome ORDER BY sessions.id"
    )
    for (_, started, level, reason), outcomes in groupby(rows, key=itemgetter(0, 1, 2, 3)):
        tally = Tally.of({_outcome(outcome): count for *_, outcome, count in outcomes})
        yield PastSession(
            day=datetime.fromisoformat(started).date(),
            level=level,
            prompted=tally.prompted,
            completed=reason == EndReason.COMPLETED,
            heard=tally.heard,
        )


def _outcome(name: str | None) -> Outcome | None:
    return Outcome(name) if name else None


def _remark(day: date, kind: str, name: str, value: str) -> Remark:
    match kind:
        case "answer":
            return Told(day, name, Answer(value))
        case "screened":
            return Screened(day)
        case "felt":
            return Felt(day, Feeling(value))
        case "complaint":
            return Hurt(day, Complaint(value))
        case "settled":
            return Settled(day)
        case _:
            return Approved(day, name, value)


def sessions(connection: sqlite3.Connection) -> tuple[Session, ...]:
    """Return every session as it stood at one moment, in the order of writing."""
    connection.execute("BEGIN")
    try:
        repetitions = _repetitions(connection)
        faults = _faults(connection)
        rows = connection.execute(
            "SELECT id, started, began_at, level, planned_sets, planned_repetitions, overrode,"
            " ended_at, reason, (SELECT count(*) FROM sets WHERE session = sessions.id)"
            " FROM sessions ORDER BY id"
        ).fetchall()
    finally:
        connection.execute("COMMIT")
    return tuple(
        Session(
            started=datetime.fromisoformat(started),
            began_at=began_at,
            level=level,
            planned_sets=planned_sets,
            planned_repetitions=planned_repetitions,
            overrode=overrode,
            ended_at=ended_at,
            reason=EndReason(reason) if reason else None,
            sets_finished=sets_finished,
            repetitions=tuple(repetitions[row]),
            faults=tuple(faults[row]),
        )
        for (
            row,
            started,
            began_at,
            level,
            planned_sets,
            planned_repetitions,
            overrode,
            ended_at,
            reason,
            sets_finished,
        ) in rows
    )


def _repetitions(connection: sqlite3.Connection) -> defaultdict[int, list[Repetition]]:
    found: defaultdict[int, list[Repetition]] = defaultdict(list)
    for session, set_number, number, prompted_at, outcome, *landing in connection.execute(
        "SELECT session, set_number, number, prompted_at, outcome, thump_at, level_db, resolved_at"
        " FROM repetitions ORDER BY id"
    ):
        found[session].append(
            Repetition(set_number, number, prompted_at, _outcome(outcome), *landing)
        )
    return found


def _faults(connection: sqlite3.Connection) -> defaultdict[int, list[FaultNoted]]:
    found: defaultdict[int, list[FaultNoted]] = defaultdict(list)
    for session, at, source, text in connection.execute(
        "SELECT session, at, source, text FROM faults WHERE session NOTNULL ORDER BY id"
    ):
        found[session].append(FaultNoted(at, source, text))
    return found
