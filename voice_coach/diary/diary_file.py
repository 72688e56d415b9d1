"""The diary's file: how it is made, opened and kept private, and what is said when it cannot be."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from voice_coach.diary import schema
from voice_coach.errors import UserError
from voice_coach.private_files import is_shared, open_private, private_folder

FILE: Final = "diary.sqlite3"
_FOLDER_MODE: Final = 0o700

_REMEDIES: Final = {
    sqlite3.SQLITE_NOTADB: "{file} is not a diary; move it away and a new one is begun.",
    sqlite3.SQLITE_CORRUPT: "The diary {file} is damaged; 'voice-coach repair' writes down "
    "anew what can be read of it, or restore a backup.",
    sqlite3.SQLITE_FULL: "The diary {file} cannot be written because the disk is full; make room.",
    sqlite3.SQLITE_READONLY: "The diary {file} may not be written; give its folder back to its "
    "owner, or name another one as 'diary' in the settings.",
    sqlite3.SQLITE_CANTOPEN: "The diary {file} cannot be opened; give its folder back to its "
    "owner, or name another one as 'diary' in the settings.",
    sqlite3.SQLITE_IOERR: "The diary {file} cannot be read or written because the disk fails; "
    "take a backup and replace the card.",
    sqlite3.SQLITE_BUSY: "The diary {file} is being written by another program; try again.",
}

_OTHERWISE: Final = (
    "The diary {file} cannot be read or written ({why}); 'voice-coach doctor' says more."
)


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say about `file` into one sentence for a person."""
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
            raise  # ours, and no business of a person's
        # The low byte of an extended code is the primary one.
        code = getattr(error, "sqlite_errorcode", -1) & 0xFF
        raise UserError(_REMEDIES.get(code, _OTHERWISE).format(file=file, why=error)) from error
    except OSError as error:
        raise UserError(
            f"The diary {file} cannot be kept ({error.strerror}); mend the folder's permissions, "
            "or name another one as 'diary' in the settings."
        ) from error


def sqlite_code(error: UserError) -> int:
    """Return SQLite's primary code of what :func:`explained` told; 0 where it was not SQLite."""
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF


def make_private(folder: Path) -> None:
    """Create `folder` and the diary's file in it, for their owner alone, or their group.

    A folder that was there before is closed to others only where it holds nothing but a diary:
    the settings may name somebody's home.
    """
    private_folder(folder)
    only_a_diary = all(path.name.startswith("diary") for path in folder.iterdir())
    if only_a_diary and not is_shared(folder):
        folder.chmod(_FOLDER_MODE)
    # SQLite gives the log beside the file the file's own mode.
    os.close(open_private(folder / FILE))


def connect(file: Path, *, writing: bool, called: Path | None = None) -> sqlite3.Connection:
    """Return a connection to the diary `file`, checked, and brought up to date when `writing`.

    `called` is the file to name in what is said of it, where that is another one.
    """
    connection = opened(file)
    file = called or file
    try:
        known = schema.version(connection)
        if known > schema.VERSION:
            raise UserError(
                f"The diary {file} was written by a newer voice-coach; update this one to read it."
            )
        if not schema.is_ours(connection):
            raise UserError(_REMEDIES[sqlite3.SQLITE_NOTADB].format(file=file))
        if writing:
            connection.execute("PRAGMA journal_mode = WAL")
            check(connection, file)
            schema.migrate(connection)
        elif known < schema.VERSION:
            with closing(connection):
                return _migrated_copy(connection)
        else:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def opened(file: Path) -> sqlite3.Connection:
    """Return a connection to the database `file`, whatever may be in it."""
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw",
        uri=True,
        check_same_thread=False,  # one at a time all the same: `writer.py` sees to that
    )
    try:
        connection.isolation_level = None
        # A character that a bad card has spoilt must not keep the rest from being read.
        connection.text_factory = _text
        for pragma in (
            "foreign_keys = ON",
            "secure_delete = ON",
            "synchronous = FULL",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except UnicodeDecodeError as error:
        # SQLite quotes what is damaged, whatever bytes it has become.
        connection.close()
        damaged = sqlite3.DatabaseError("the tables' own description is damaged")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged from error
    except BaseException:
        connection.close()
        raise
    return connection


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")


def check(connection: sqlite3.Connection, file: Path) -> None:
    """Raise UserError where the database is damaged."""
    if not is_sound(connection):
        raise UserError(_REMEDIES[sqlite3.SQLITE_CORRUPT].format(file=file))


def is_sound(connection: sqlite3.Connection) -> bool:
    """Tell whether every row can be got at; what stands in it is for its reader to judge."""
    found = (row[0] for row in connection.execute("PRAGMA quick_check"))
    return all(said == "ok" or said.startswith("CHECK constraint failed") for said in found)


def empty() -> sqlite3.Connection:
    """Return a diary in memory in which nothing is written."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection)
    return connection


def _migrated_copy(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return an older diary in memory, brought up to date: reading leaves the file alone."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    schema.migrate(copy)
    return copy
