"""Rows of the diary as values."""

import sqlite3
from collections import defaultdict
from datetime import date, datetime

from voice_coach.diary.records import Repetition, Session
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


def history(connection: sqlite3.Connection) -> History:
    """Return what the programme needs to know."""
    sessions = connection.execute(
        "SELECT started, level, reason, count(prompted_at),"
        " count(*) FILTER (WHERE outcome IN ('heard', 'soft', 'hard'))"
        " FROM sessions LEFT JOIN repetitions ON session = sessions.id"
        " GROUP BY sessions.id ORDER BY sessions.id"
    )
    remarks = connection.execute("SELECT day, kind, name, value FROM remarks ORDER BY id")
    return History(
        sessions=tuple(
            PastSession(
                day=datetime.fromisoformat(started).date(),
                level=level,
                prompted=prompted,
                completed=reason == EndReason.COMPLETED,
                heard=heard,
            )
            for started, level, reason, prompted, heard in sessions
        ),
        remarks=tuple(
            _remark(date.fromisoformat(day), kind, name, value)
            for day, kind, name, value in remarks
        ),
    )


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
    for session, set_number, number, prompted_at, outcome, thump_at, level_db in connection.execute(
        "SELECT session, set_number, number, prompted_at, outcome, thump_at, level_db"
        " FROM repetitions ORDER BY id"
    ):
        heard = Outcome(outcome) if outcome else None
        found[session].append(
            Repetition(set_number, number, prompted_at, heard, thump_at, level_db)
        )
    return found


def _faults(connection: sqlite3.Connection) -> defaultdict[int, list[FaultNoted]]:
    found: defaultdict[int, list[FaultNoted]] = defaultdict(list)
    for session, at, source, text in connection.execute(
        "SELECT session, at, source, text FROM faults WHERE session NOTNULL ORDER BY id"
    ):
        found[session].append(FaultNoted(at, source, text))
    return found
