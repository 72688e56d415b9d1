"""The diary: SQLite, written entry by entry as a session goes on.

Why it survives a power cut. Each entry is a transaction of its own in a write-ahead log with
``synchronous = FULL``: it is appended to the log and flushed to the card before `record`
returns. A cut during the write leaves a torn tail, which SQLite recognises by its checksum and
drops; what was there before is never rewritten in place meanwhile. So at most the entry being
written is lost. A rollback journal would be as safe, but flushes the card three or four times
for each entry instead of once, and lets somebody who reads the history hold up the session.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from voice_coach.clock import to_seconds
from voice_coach.diary import reading
from voice_coach.diary.diary_file import FILE, connect, empty, explained, make_private
from voice_coach.diary.lock import Lock
from voice_coach.diary.records import Session
from voice_coach.programme.history import History
from voice_coach.programme.ledger import (
    Answered,
    Complained,
    DayAnswered,
    DoubtDecided,
    Entry,
    FaultNoted,
    LagHeard,
    Outcome,
    PainSettled,
    RepetitionPrompted,
    RepetitionResolved,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
    SetFelt,
    SetFinished,
)

_CLOSE_UNFINISHED: Final = """
    UPDATE sessions SET reason = 'interrupted', ended_at = max(
        began_at,
        coalesce((SELECT max(max(prompted_at, coalesce(resolved_at, 0))) FROM repetitions
                  WHERE session = sessions.id), 0),
        coalesce((SELECT max(finished_at) FROM sets WHERE session = sessions.id), 0)
    ) WHERE reason IS NULL
"""


class Diary:
    """A diary opened by :meth:`open`; also a context manager that closes it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        file: Path,
        lock: Lock | None = None,
        *,
        writable: bool = False,
    ) -> None:
        self._connection = connection
        self._file = file
        self._lock = lock
        self._writable = writable
        self._spoilt = reading.Spoilt()
        self._seen = self._version()
        self.cut_off = False
        """Whether a session had not ended when the diary was opened to write it."""
        self._session: int | None = None
        self._began: tuple[datetime, int]

    @classmethod
    def open(cls, folder: Path, *, exclusive: bool = False) -> Self:
        """Open the diary in `folder`: to write it when `exclusive`, otherwise to read.

        The writer creates what is missing, readable by its owner alone, and closes a session
        that was cut off as interrupted. A reader works beside a writer, and finds an empty
        diary where there is none. UserError says what stands in the way.
        """
        file = folder / FILE
        with explained(file):
            if not exclusive:
                return cls(connect(file, writing=False) if file.exists() else empty(), file)
            make_private(folder)
            lock = Lock(folder)
            try:
                connection = connect(file, writing=True)
                cut_off = connection.execute(_CLOSE_UNFINISHED).rowcount > 0
            except BaseException:
                lock.release()
                raise
        diary = cls(connection, file, lock, writable=True)
        diary.cut_off = cut_off
        return diary

    @classmethod
    def open_for_remarks(cls, folder: Path) -> Self:
        """Open the diary in `folder` to write remarks, beside whoever writes the sessions."""
        file = folder / FILE
        with explained(file):
            make_private(folder)
            return cls(connect(file, writing=True), file, writable=True)

    def reopen(self) -> None:
        """Open the file anew, where it may be another one by now; UserError where it cannot be."""
        with explained(self._file):
            connection = connect(self._file, writing=self._writable)
            self._connection.close()
            self._connection = connection

    def close(self) -> None:
        """Close the file and let the next writer in."""
        self._connection.close()
        if self._lock:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- writing -------------------------------------------------------------------------

    def record(self, entry: Entry, moment: datetime | None = None) -> None:
        """Write `entry` down, for good once this returns.

        `moment` is the time of a `SessionStarted` and of whatever a person tells outside a
        session, with its offset from UTC; no other entry needs it. A fault may be recorded
        outside a session. UserError when the card is full or fails, ValueError for an entry
        that cannot follow what was recorded before.
        """
        with self._writing():
            self._write(entry, moment)

    def _write(self, entry: Entry, moment: datetime | None) -> None:
        execute = self._connection.execute
        match entry:
            case SessionStarted():
                started = _checked(moment)
                if self._session is not None:
                    raise ValueError("the session before has not ended")
                self._session = execute(
                    "INSERT INTO sessions (started, began_at, level, planned_sets,"
                    " planned_repetitions, overrode) VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        started.isoformat(timespec="milliseconds"),
                        entry.at,
                        entry.level,
                        entry.sets,
                        entry.repetitions,
                        entry.overrode,
                    ),
                ).lastrowid
                self._began = started, entry.at
            case RepetitionPrompted() | RepetitionResolved() | DoubtDecided() | LagHeard():
                self._write_repetition(entry)
            case SetFinished():
                execute(
                    "INSERT INTO sets (session, number, finished_at) VALUES (?, ?, ?)",
                    (self._going_on(), entry.set, entry.at),
                )
            case SessionEnded():
                execute(
                    "UPDATE sessions SET ended_at = ?, reason = ? WHERE id = ?",
                    (entry.at, entry.reason, self._going_on()),
                )
                self._session = None
            case DayAnswered():
                pass  # for whoever keeps the time
            case FaultNoted():
                execute(
                    "INSERT INTO faults (session, at, source, text) VALUES (?, ?, ?, ?)",
                    (self._session, entry.at, entry.source, entry.text),
                )
            case _:
                self._remark(entry.at, moment, *_remarked(entry))

    def _write_repetition(
        self, entry: RepetitionPrompted | RepetitionResolved | DoubtDecided | LagHeard
    ) -> None:
        execute = self._connection.execute
        match entry:
            case RepetitionPrompted():
                execute(
                    "INSERT INTO repetitions (session, set_number, number, prompted_at)"
                    " VALUES (?, ?, ?, ?)",
                    (self._going_on(), entry.set, entry.number, entry.at),
                )
            case RepetitionResolved():
                resolved = execute(
                    "UPDATE repetitions SET resolved_at = ?, outcome = ?, thump_at = ?,"
                    " level_db = ? WHERE outcome IS NULL AND id = (SELECT max(id)"
                    " FROM repetitions WHERE session = ? AND set_number = ? AND number = ?)",
                    (
                        entry.at,
                        entry.outcome,
                        entry.thump_at,
                        entry.level_db,
                        self._going_on(),
                        entry.set,
                        entry.number,
                    ),
                )
                if not resolved.rowcount:
                    raise ValueError(f"{entry} was not prompted, or is resolved already")
            case DoubtDecided():
                decided = execute(
                    "UPDATE repetitions SET outcome = ?, thump_at = ?, level_db = ?"
                    " WHERE id = (SELECT max(id) FROM repetitions WHERE session = ?"
                    " AND set_number = ? AND number = ? AND outcome = ?)",
                    (
                        entry.outcome,
                        entry.thump_at,
                        entry.level_db,
                        self._going_on(),
                        entry.set,
                        entry.number,
                        Outcome.UNSURE,
                    ),
                )
                if not decided.rowcount:
                    raise ValueError(f"{entry} was not left open")
            case LagHeard():
                # Of a landing that was no repetition's, or after the end, nothing is kept.
                execute(
                    "UPDATE repetitions SET lag_ms = ? WHERE session = ? AND thump_at = ?",
                    (entry.lag_ms, self._session, entry.thump_at),
                )

    def redate(self, by: timedelta, since: datetime) -> None:
        """Move all that is dated `since` a moment `by` so much, whole or not at all."""
        with self._writing():
            execute = self._connection.execute
            execute("BEGIN IMMEDIATE")
            try:
                for table, columns in (
                    ("sessions", ("started",)),
                    ("remarks", ("moment", "day")),
                ):
                    for number, moment in self._dated(table, columns[0], since):
                        truly = moment + by
                        values = (truly.isoformat(timespec="milliseconds"), str(truly.date()))
                        put = ", ".join(f"{column} = ?" for column in columns)
                        execute(
                            f"UPDATE {table} SET {put} WHERE id = ?",
                            (*values[: len(columns)], number),
                        )
                execute("COMMIT")
            except BaseException:
                execute("ROLLBACK")
                raise
            if self._session is not None:
                started, began_at = self._began
                self._began = started + by, began_at

    def _dated(self, table: str, column: str, since: datetime) -> list[tuple[int, datetime]]:
        """Return the rows of `table` since a moment, as far as their moments can be read."""
        rows = []
        for number, text in self._connection.execute(f"SELECT id, {column} FROM {table}"):
            with suppress(ValueError, TypeError):
                moment = datetime.fromisoformat(text)
                if moment >= since:
                    rows.append((number, moment))
        return rows

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if not self._writable:
            raise ValueError("this diary was opened for reading")
        with explained(self._file):
            yield

    def _going_on(self) -> int:
        if self._session is None:
            raise ValueError("no session has been started")
        return self._session

    def approve(self, moment: datetime, by: str, note: str = "") -> None:
        """Write down that `by` approves of practising, whatever was found until `moment`."""
        with self._writing():
            self._remark(None, moment, "approval", by, note)

    def forget_screening(self) -> None:
        """Delete every answer, screening and approval for good; complaints stay."""
        with self._writing():
            self._connection.execute(
                "DELETE FROM remarks WHERE kind IN ('answer', 'screened', 'approval')"
            )
            # What was overwritten in the file may still stand in the log.
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _remark(
        self, at: int | None, moment: datetime | None, kind: str, name: str = "", value: str = ""
    ) -> None:
        if moment is None and at is not None and self._session is not None:
            started, began_at = self._began
            moment = started + timedelta(seconds=to_seconds(at - began_at))
        said = _checked(moment)
        self._connection.execute(
            "INSERT INTO remarks (day, moment, session, at, kind, name, value)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                said.date().isoformat(),
                said.isoformat(timespec="milliseconds"),
                self._session,
                at,
                kind,
                name,
                value,
            ),
        )

    # -- reading -------------------------------------------------------------------------

    @property
    def spoilt(self) -> tuple[str, ...]:
        """The rows that could not be read when it was last read, as their tables and numbers."""
        return tuple(self._spoilt)

    def _reading(self) -> reading.Spoilt:
        self._spoilt = reading.Spoilt()
        return self._spoilt

    def history(self) -> History:
        """Return what the programme needs to know, of every row that can be read."""
        with explained(self._file):
            return reading.history(self._connection, self._reading())

    def changed_elsewhere(self) -> bool:
        """Tell whether another program has written the diary since this was last asked."""
        before, self._seen = self._seen, self._version()
        return self._seen != before

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def sessions(self) -> tuple[Session, ...]:
        """Return every session with its repetitions, in the order of writing.

        Rows that cannot be read are left out, and told by :attr:`spoilt`.
        """
        with explained(self._file):
            return reading.sessions(self._connection, self._reading())

    def copy_to(self, database: sqlite3.Connection) -> None:
        """Copy everything into `database`, as it stands at one moment."""
        with explained(self._file):
            self._connection.backup(database)


def _remarked(
    entry: Answered | ScreeningFinished | SetFelt | Complained | PainSettled,
) -> tuple[str, str, str]:
    """Return kind, name and value of what was said; ``schema.py`` explains them."""
    match entry:
        case Answered():
            return "answer", entry.question, entry.answer
        case ScreeningFinished():
            return "screened", "", ""
        case SetFelt():
            return "felt", str(entry.set), entry.feeling
        case Complained():
            return "complaint", "", entry.complaint
        case PainSettled():
            return "settled", "", ""


def _checked(moment: datetime | None) -> datetime:
    if moment is None or moment.utcoffset() is None:
        raise ValueError("this needs the time at which it happened, with its UTC offset")
    return moment
