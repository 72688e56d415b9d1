"""What can still be read of a damaged diary, written down anew.

Row by row: from the front until one cannot be read, from the back likewise, and between them by
number. What a page of the file no longer holds is lost; the rest is as it was.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from voice_coach.diary import reading, schema
from voice_coach.diary.diary_file import opened

_TRIED: Final = 50_000
"""Numbers that are asked for one by one behind the rows that were found: a second or so."""

_REFERRING: Final = ("sets", "repetitions", "faults")
"""The tables whose rows go with their session."""

_REREAD: Final = 3
"""Rounds of leaving out rows that hold what cannot be: one is enough unless they hide others."""


def salvage(file: Path, to: Path) -> int:
    """Write what can be read of the diary `file` into the empty file `to`; return the rows.

    There are none where `file` is no database at all. What is written holds nothing that the
    diary cannot read back. OSError and sqlite3.Error where `to` cannot be written.
    """
    with closing(sqlite3.connect(to, isolation_level=None)) as new:
        kept = _copied(file, new)
        schema.migrate(new)
        for table in _REFERRING:
            new.execute(
                f"DELETE FROM {table} WHERE session NOTNULL"
                " AND session NOT IN (SELECT id FROM sessions)"
            )
        new.execute(
            "UPDATE remarks SET session = NULL, at = NULL"
            " WHERE session NOT IN (SELECT id FROM sessions)"
        )
        _leave_out_spoilt(new)
    return kept


def _copied(file: Path, new: sqlite3.Connection) -> int:
    """Copy what can be read into `new`, with the tables that it had; return the rows."""
    try:
        old = opened(file)
    except sqlite3.DatabaseError:
        return 0
    with closing(old):
        schema.migrate(new, _version(old))
        new.execute("BEGIN IMMEDIATE")
        kept = sum(_copy(old, new, table) for table in _tables(new))
        new.execute("COMMIT")
    return kept


def _version(old: sqlite3.Connection) -> int:
    """Return the version of the tables in a damaged diary; the newest where it is not to be had."""
    try:
        known = schema.version(old)
    except sqlite3.DatabaseError:
        return schema.VERSION
    return known if 0 < known <= schema.VERSION else schema.VERSION


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables, those first that others refer to."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    return [name for (name,) in found if not name.startswith("sqlite_")]


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> int:
    """Copy the rows of `table` that can be read; return how many there are."""
    columns = [row[1] for row in new.execute(f"PRAGMA table_info({table})")]
    insert = (
        f"INSERT OR IGNORE INTO {table} (rowid, {', '.join(columns)})"
        f" VALUES ({', '.join('?' * (len(columns) + 1))})"
    )
    kept = 0
    for row in _rows(old, table, columns):
        try:
            kept += new.execute(insert, row).rowcount
        except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError):
            continue  # what may not stand there
    return kept


def _rows(
    old: sqlite3.Connection, table: str, columns: list[str]
) -> Iterator[tuple[int, *tuple[Any, ...]]]:
    """Yield each row that can be read, its number first."""
    # What is in an index need not be in the table: no index is asked.
    select = f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED"
    try:
        old.execute(f"{select} LIMIT 0")
    except sqlite3.DatabaseError:
        return  # not even its name
    last = first = 0
    broken = False
    for order in ("", " DESC"):
        try:
            for row in old.execute(f"{select} WHERE rowid > ? ORDER BY rowid{order}", (last,)):
                if order:
                    first = row[0]
                else:
                    last = row[0]
                yield row
        except sqlite3.DatabaseError:
            broken = True
        if not broken:
            return
    behind = last + _TRIED
    for number in range(last + 1, min(first or behind, behind)):
        try:
            yield from old.execute(f"{select} WHERE rowid = ?", (number,))
        except sqlite3.DatabaseError:
            continue


def _leave_out_spoilt(new: sqlite3.Connection) -> None:
    """Delete the rows that hold what the diary cannot read."""
    tables = {"session": "sessions", "remark": "remarks", "repetition": "repetitions"}
    new.execute("PRAGMA foreign_keys = ON")
    for _ in range(_REREAD):
        spoilt = reading.Spoilt()
        reading.history(new, spoilt)
        reading.sessions(new, spoilt)
        if not spoilt:
            return
        for row in spoilt:
            kind, number = row.split()
            new.execute(f"DELETE FROM {tables[kind]} WHERE id = ?", (int(number),))
