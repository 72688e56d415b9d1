"""Backup, restore, and forgetting for good."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE, check, connect, explained, make_private
from voice_coach.diary.lock import Lock
from voice_coach.errors import UserError
from voice_coach.private_files import flush, replacing

BEFORE_RESTORE: Final = "diary-before-restore.sqlite3"
_CHUNK: Final = 1 << 20


def backup(folder: Path, to: Path) -> None:
    """Write all of the diary in `folder` to a new file `to`, while a session goes on if need be."""
    if to.exists():
        raise UserError(f"{to} is there already; name a new file for the backup.")
    with (
        Diary.open(folder) as diary,
        explained(to),
        replacing(to) as new,
        closing(sqlite3.connect(new)) as copy,
    ):
        diary.copy_to(copy)


def restore(folder: Path, backup_file: Path) -> bool:
    """Put `backup_file` in the place of the diary in `folder`; return if there was one before.

    That one is kept beside it as `BEFORE_RESTORE`. It stays in its place until the very last step,
    which is done whole or not at all.
    """
    with explained(backup_file):
        if not backup_file.is_file() or backup_file.stat().st_size == 0:
            raise UserError(f"There is no backup in {backup_file}; name a file that one wrote.")
    with explained(folder / FILE):
        make_private(folder)
        lock = Lock(folder)
    try:
        with explained(backup_file), closing(connect(backup_file, writing=False)) as source:
            check(source, backup_file)
            with explained(folder / FILE), replacing(folder / FILE) as new:
                with closing(sqlite3.connect(new)) as copy:
                    source.backup(copy)
                flush(new)
                replaces = (folder / FILE).stat().st_size > 0
                if replaces:
                    _keep_aside(folder)
    finally:
        lock.release()
    return replaces


def forget(folder: Path) -> bool:
    """Delete the diary in `folder` for good; return False where there was nothing to forget.

    What was written is overwritten as well as removed. A memory card may still hold
    old copies of a block that nothing but destroying the card removes, and backups elsewhere
    are the person's own to delete.
    """
    with explained(folder / FILE):
        if not (folder / FILE).exists():
            return False
        lock = Lock(folder)
        try:
            for file in folder.glob("diary*.sqlite3*"):
                _shred(file)
            flush(folder)
        finally:
            lock.release()
    return True


def forget_heels(folder: Path) -> bool:
    """Delete what was learnt of a person's heels in `folder`; return whether there was any."""
    found = False
    with explained(folder):
        for file in folder.glob("heels.*"):
            _shred(file)
            found = True
    return found


def _keep_aside(folder: Path) -> None:
    """Keep a copy of the present diary, its log written back into it first.

    No log may be left behind: SQLite would take it for the restored diary's own.
    """
    file = folder / FILE
    try:
        with closing(connect(file, writing=True)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except (sqlite3.Error, UserError):
        # Damaged, which may be why a backup is being restored: kept as it is.
        pass
    aside = folder / BEFORE_RESTORE
    aside.unlink(missing_ok=True)
    shutil.copy2(file, aside)
    for part in ("-wal", "-shm"):
        Path(f"{file}{part}").unlink(missing_ok=True)


def _shred(file: Path) -> None:
    """Remove `file`, then overwrite what it held: where it cannot be removed, it stays whole."""
    with file.open("r+b") as opened:
        left = os.fstat(opened.fileno()).st_size
        file.unlink()
        while left > 0:
            left -= opened.write(bytes(min(left, _CHUNK)))
        opened.flush()
        os.fsync(opened.fileno())
