"""Backup, restore, repair, and forgetting for good."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from voice_coach.diary import reading, schema
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import (
    FILE,
    check,
    connect,
    explained,
    is_sound,
    make_private,
    opened,
    sqlite_code,
)
from voice_coach.diary.lock import Lock
from voice_coach.diary.salvage import salvage
from voice_coach.errors import UserError
from voice_coach.private_files import flush, part_of, replacing

_LOGS: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database, by the ends of the names."""
_LARGEST: Final = 1 << 31
"""Bytes beyond which a file is no diary: a century of sessions takes less."""
_BESIDE: Final = (
    *("diary.reserve", "diary-prescription.toml", ".diary-prescription.toml.part"),
    *("clock.json", ".clock.json.part", "volume.json", ".volume.json.part"),
)
"""What else is kept in a diary's folder."""
_CHUNK: Final = 1 << 20


def backup(folder: Path, to: Path) -> None:
    """Write all of the diary in `folder` to a new file `to`, while a session goes on if need be."""
    if os.path.lexists(to):
        raise UserError(f"{to} is there already; name a new file for the backup.")
    with (
        Diary.open(folder) as diary,
        explained(to),
        replacing(to) as new,
        closing(sqlite3.connect(new)) as copy,
    ):
        # Written once and renamed: a journal beside it would stay behind after a power cut.
        copy.execute("PRAGMA journal_mode = OFF")
        diary.copy_to(copy)


def restore(folder: Path, backup_file: Path, now: datetime) -> Path | None:
    """Put `backup_file` in the place of the diary in `folder`.

    It is read to the end first, by what will read it afterwards. UserError says why it is no
    backup; nothing has been changed then.

    Returns
    -------
    Path or None
        What was there before, kept beside it under a name with the date; None where there was
        nothing.
    """
    with explained(backup_file):
        if not backup_file.is_file() or not 0 < backup_file.stat().st_size <= _LARGEST:
            raise UserError(f"There is no backup in {backup_file}; name a file that one wrote.")

    def copy(new: Path) -> None:
        with _copied(backup_file, new), explained(backup_file):
            with closing(connect(new, writing=True, called=backup_file)) as source:
                check(source, backup_file)
                spoilt = reading.Spoilt()
                reading.history(source, spoilt)
                reading.sessions(source, spoilt)
                source.execute("PRAGMA journal_mode = DELETE")
            if spoilt:
                raise UserError(
                    f"The backup {backup_file} is damaged ({spoilt[0]}); name another one."
                )

    return _replaced(folder, copy, now, "before-restore")


def repair(folder: Path, now: datetime) -> tuple[Path, int]:
    """Write a sound diary with what can be read of that in `folder` beside it.

    Returns
    -------
    tuple
        Its file, which `restore` puts in the place of the damaged one, and how many rows it has.

    Raises
    ------
    UserError
        When there is none, nothing can be read of it, or it is being written.
    """
    with explained(folder / FILE), _locked(folder):
        if not (folder / FILE).is_file():
            raise UserError(f"There is no diary in {folder} to repair.")
        file = _free(folder, "repaired", now)
        with replacing(file) as new:
            kept = salvage(folder / FILE, new)
            if not kept:
                raise UserError(
                    f"Nothing can be read of the diary {folder / FILE}; restore a backup."
                )
    return file, kept


def set_right(folder: Path, now: datetime) -> Path | None:
    """Put what can be read of a damaged diary in its place, so that a session can begin.

    Returns
    -------
    Path or None
        The damaged one, kept beside it under a name with the date; None where it was not
        damaged.
    """
    if not is_damaged(folder):
        return None
    return _replaced(folder, lambda new: salvage(folder / FILE, new), now, "damaged")


def is_damaged(folder: Path) -> bool:
    """Tell whether there is a diary in `folder` that SQLite cannot read to the end."""
    file = folder / FILE
    if not file.is_file() or file.stat().st_size == 0:
        return False
    try:
        with explained(file), closing(opened(file)) as connection:
            if schema.version(connection) > schema.VERSION:
                return False
            sound = is_sound(connection) and schema.is_ours(connection)
            return not sound and _has_been_ours(connection)
    except UserError as error:
        return sqlite_code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def forget(folder: Path) -> bool:
    """Delete the diary in `folder` for good; return False where there was nothing to forget.

    So are all copies of it there, such as those that a restore has kept. What was written is
    overwritten as well as removed. A memory card may still hold old copies of a block that
    nothing but destroying the card removes, and backups elsewhere are the person's own to delete.
    """
    with explained(folder / FILE):
        if not any(_everything(folder)):
            return False
        with _locked(folder):
            for file in _everything(folder):
                shred(file)
            flush(folder)
    return True


def _everything(folder: Path) -> Iterator[Path]:
    for pattern in ("diary*.sqlite3*", ".diary*.sqlite3*", *_BESIDE):
        yield from folder.glob(pattern)


def forget_heels(folder: Path) -> bool:
    """Delete what was learnt of a person's heels in `folder`; return whether there was any."""
    found = False
    with explained(folder):
        for pattern in ("heels.*", ".heels.*"):
            for file in folder.glob(pattern):
                shred(file)
                found = True
    return found


def shred(file: Path) -> None:
    """Remove `file`, then overwrite what it held: where it cannot be removed, it stays whole."""
    with file.open("r+b") as opened_file:
        left = os.fstat(opened_file.fileno()).st_size
        file.unlink()
        while left > 0:
            left -= opened_file.write(bytes(min(left, _CHUNK)))
        opened_file.flush()
        os.fsync(opened_file.fileno())


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = Lock(folder)
    try:
        yield
    finally:
        lock.release()


def _replaced(folder: Path, fill: Callable[[Path], object], now: datetime, why: str) -> Path | None:
    """Put what `fill` writes into an empty file in the place of the diary; return the old one.

    The old one stays in its place until the very last step, which is done whole or not at all.
    """
    with explained(folder / FILE):
        make_private(folder)
        with _locked(folder), replacing(folder / FILE) as new:
            try:
                fill(new)
            finally:
                for end in _LOGS:
                    Path(f"{part_of(folder / FILE)}{end}").unlink(missing_ok=True)
            flush(new)
            return _keep_aside(folder, now, why) if (folder / FILE).stat().st_size else None


@contextmanager
def _copied(file: Path, to: Path) -> Iterator[None]:
    """Copy a database and what SQLite had beside it: to read the original would change it."""
    with explained(to):
        shutil.copyfile(file, to)
        for end in ("-wal", "-journal"):
            beside = Path(f"{file}{end}")
            if beside.is_file() and beside.stat().st_size <= _LARGEST:
                shutil.copyfile(beside, f"{to}{end}")
        yield


def _has_been_ours(connection: sqlite3.Connection) -> bool:
    """Tell whether at least one table of a diary is in it: what is another program's stays so."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    return {"sessions", "repetitions"} <= names


def _free(folder: Path, why: str, now: datetime) -> Path:
    """Return a name with the date that no file has."""
    stem, number = f"diary-{why}-{now:%Y-%m-%d-%H%M%S}", 1
    while os.path.lexists(file := folder / f"{stem}{f'-{number}' if number > 1 else ''}.sqlite3"):
        number += 1
    return file


def _keep_aside(folder: Path, now: datetime, why: str) -> Path:
    """Keep the present diary under another name, its log written back into it first.

    No log may be left behind: SQLite would take it for the new diary's own.
    """
    file = folder / FILE
    with suppress(sqlite3.Error), closing(opened(file)) as connection:
        # What is damaged is kept as it is, with its log.
        if is_sound(connection):
            connection.execute("PRAGMA journal_mode = DELETE")
    aside = _free(folder, why, now)
    try:
        aside.hardlink_to(file)
    except OSError:  # a memory stick's file system knows no second name
        shutil.copy2(file, aside)
    flush(aside)
    for end in _LOGS:
        log = Path(f"{file}{end}")
        if log.exists():
            log.rename(f"{aside}{end}")
    flush(folder)
    return aside
