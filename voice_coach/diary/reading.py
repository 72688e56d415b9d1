"""Rows of the diary as values; a row that a failing card has spoilt costs no more than itself."""

import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeVar

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

T = TypeVar("T")

_EARLIEST: Final = 1970
_LATEST: Final = 9000
"""Years that a clock may have shown; beyond them no days can be counted."""
_LONGEST: Final = 1 << 40
"""Samples: two years of one stream."""
_LOUDEST: Final = 200.0
"""dB that no landing differs from the calibration by."""
_LATEST_HEEL: Final = 1000.0
"""Milliseconds after the other that no heel of the same landing comes."""


class Spoilt(list[str]):
    """The rows that could not be read, each as its table and number."""

    def sound(
        self, table: str, rows: Iterable[tuple[Any, ...]], make: Callable[[list[Any]], T]
    ) -> Iterator[T]:
        """Yield what `make` returns for each of `rows`, which begin with their number.

        A row for which it raises ValueError, or TypeError for a cell of another type, is noted and
        left out.
        """
        for number, *row in rows:
            try:
                yield make(row)
            except (ValueError, TypeError):
                self.append(f"{table} {number}")


def history(connection: sqlite3.Connection, spoilt: Spoilt) -> History:
    """Return what the programme needs to know."""
    remarks = connection.execute(
        "SELECT id, day, moment, kind, name, value FROM remarks ORDER BY id"
    )
    return History(
        sessions=tuple(_past(connection, spoilt)),
        remarks=tuple(spoilt.sound("remark", remarks, _remark)),
    )


def _past(connection: sqlite3.Connection, spoilt: Spoilt) -> Iterator[PastSession]:
    """Yield every session as the programme sees it; SQLite counts what years of them hold."""
    rows = connection.execute(
        "SELECT sessions.id, started, level, reason, outcome, count(prompted_at)"
        " FROM sessions LEFT JOIN repetitions ON session = sessions.id"
        " GROUP BY sessions.id, outcome ORDER BY sessions.id"
    )
    grouped = (
        (number, started, level, reason, {outcome: count for *_, outcome, count in outcomes})
        for (number, started, level, reason), outcomes in groupby(rows, key=itemgetter(0, 1, 2, 3))
    )
    yield from spoilt.sound("session", grouped, _past_session)


def _past_session(row: list[Any]) -> PastSession:
    started, level, reason, outcomes = row
    tally = Tally.of({_outcome(outcome): count for outcome, count in outcomes.items()})
    began = _moment(started)
    return PastSession(
        day=began.date(),
        began=began,
        level=level,
        prompted=tally.prompted,
        completed=reason == EndReason.COMPLETED,
        heard=tally.heard,
        unsure=tally.unsure,
        told=tally.told,
        soft=tally.soft,
    )


def _outcome(name: str | None) -> Outcome | None:
    return Outcome(name) if name else None


def _moment(text: str) -> datetime:
    """Return the moment `text`, with its offset from UTC; ValueError where it is none."""
    moment = datetime.fromisoformat(text)
    _bounded(moment.year, _EARLIEST, _LATEST)
    if moment.utcoffset() is None:
        raise ValueError("a moment without its offset from UTC")
    return moment


def _bounded(value: float | None, least: float, most: float) -> None:
    if value is not None and not (math.isfinite(value) and least <= value <= most):
        raise ValueError(f"{value} is out of bounds")


def _remark(row: list[Any]) -> Remark:
    text, said, kind, name, value = row
    moment = None
    with suppress(ValueError, TypeError):  # the day will do
        moment = _moment(said)
    return replace(_dated_remark(text, kind, name, value), moment=moment)


def _dated_remark(text: str, kind: str, name: str, value: str) -> Remark:
    day = date.fromisoformat(text)
    _bounded(day.year, _EARLIEST, _LATEST)
    match kind:
        case "answer":
            return Told(day, name, Answer(value))
        case "screened":
            return Screened(day)
        case "felt":
            return Felt(day, Feeling(value))
        case "complaint":
            # Whatever it was that can be read no more: it was a complaint.
            known = value in list(Complaint)
            return Hurt(day, Complaint(value) if known else Complaint.PAIN)
        case "settled":
            return Settled(day)
        case _:
            return Approved(day, name, value)


def sessions(connection: sqlite3.Connection, spoilt: Spoilt) -> tuple[Session, ...]:
    """Return every session as it stood at one moment, in the order of writing."""
    connection.execute("BEGIN")
    try:
        repetitions = _repetitions(connection, spoilt)
        faults = _faults(connection)
        rows = connection.execute(
            "SELECT id, id, started, began_at, level, planned_sets, planned_repetitions, overrode,"
            " ended_at, reason, (SELECT count(*) FROM sets WHERE session = sessions.id)"
            " FROM sessions ORDER BY id"
        ).fetchall()
    finally:
        connection.execute("COMMIT")

    def session(row: list[Any]) -> Session:
        number, started, began_at, level, planned_sets, planned_repetitions, *rest = row
        overrode, ended_at, reason, sets_finished = rest
        _bounded(began_at, 0, _LONGEST)
        _bounded(ended_at, 0, _LONGEST)
        return Session(
            started=_moment(started),
            began_at=began_at,
            level=level,
            planned_sets=planned_sets,
            planned_repetitions=planned_repetitions,
            overrode=overrode,
            ended_at=ended_at,
            reason=EndReason(reason) if reason else None,
            sets_finished=sets_finished,
            repetitions=tuple(repetitions[number]),
            faults=tuple(faults[number]),
        )

    return tuple(spoilt.sound("session", rows, session))


def _repetitions(
    connection: sqlite3.Connection, spoilt: Spoilt
) -> defaultdict[int, list[Repetition]]:
    found: defaultdict[int, list[Repetition]] = defaultdict(list)
    rows = connection.execute(
        "SELECT id, session, set_number, number, prompted_at, outcome, thump_at, level_db,"
        " resolved_at, lag_ms FROM repetitions ORDER BY id"
    )
    for session, repetition in spoilt.sound("repetition", rows, _repetition):
        found[session].append(repetition)
    return found


def _repetition(row: list[Any]) -> tuple[int, Repetition]:
    session, set_number, number, prompted_at, outcome, thump_at, level_db, *rest = row
    resolved_at, lag_ms = rest
    for at in (prompted_at, thump_at, resolved_at):
        _bounded(at, 0, _LONGEST)
    _bounded(level_db, -_LOUDEST, _LOUDEST)
    _bounded(lag_ms, 0, _LATEST_HEEL)
    return session, Repetition(
        set_number, number, prompted_at, _outcome(outcome), thump_at, level_db, resolved_at, lag_ms
    )


def _faults(connection: sqlite3.Connection) -> defaultdict[int, list[FaultNoted]]:
    found: defaultdict[int, list[FaultNoted]] = defaultdict(list)
    for session, at, source, text in connection.execute(
        "SELECT session, at, source, text FROM faults WHERE session NOTNULL ORDER BY id"
    ):
        found[session].append(FaultNoted(at, source, text))
    return found
