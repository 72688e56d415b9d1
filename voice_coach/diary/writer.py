"""Writing the diary beside the loop: it never waits for the disk, and never dies of it.

A thread of its own writes the entries in the order in which they came, each for good before the
next (`diary.py` says how). While the disk is full, read-only, failing or locked, they are held in
memory and tried again and again; what the programme needs to know of them is at hand all the same.
A reserve of room beside the diary is given up when the disk is full, so that the session that is
going on can still be written to its end.
"""

import logging
import os
import sqlite3
import threading
from collections import deque
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE, sqlite_code
from voice_coach.diary.running_history import RunningHistory
from voice_coach.errors import UserError
from voice_coach.private_files import open_private
from voice_coach.programme.history import History
from voice_coach.programme.ledger import Entry, FaultNoted

_LOG = logging.getLogger(__name__)

RESERVE: Final = "diary.reserve"
ROOM: Final = 1 << 21
"""Bytes of the reserve: a session's entries take less than half of it."""

PAUSES: Final = (0.2, 1.0, 5.0, 20.0)
"""Seconds between one try and the next while nothing can be written; the last one repeats."""
LOOK: Final = 10.0
"""Seconds between two looks whether another program has written the diary."""
PATIENCE: Final = 2.0
"""Seconds that the end of the program waits for the next of what is still to be written."""


_Item: TypeAlias = tuple[Entry | timedelta, datetime]
"""An entry and when it was, or by how much everything before it is moved, and since when."""


class DiaryWriter:
    """A diary that is written in a thread of its own; also a context manager that closes it.

    Parameters
    ----------
    diary
        Open for writing. From here on nobody else may use it.
    folder
        Where the reserve is kept.
    """

    def __init__(self, diary: Diary, folder: Path) -> None:
        self._diary = diary
        self._reserve = folder / RESERVE
        self._running = RunningHistory(diary.history())
        self.spoilt: Final = diary.spoilt
        """The rows that could not be read, as their tables and numbers."""
        self.cut_off: Final = diary.cut_off
        """Whether the last session had not ended when it was last written."""
        self._taken = 0  # entries, ever
        self._waiting: deque[_Item] = deque()
        self._trouble: str | None = None
        self._changed = self._stale = False
        self._ending = False
        self._news = threading.Condition()
        self._provide()
        self._thread = threading.Thread(target=self._work, name="diary", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the diary in `folder` as :meth:`Diary.open` does for its writer."""
        return cls(Diary.open(folder, exclusive=True), folder)

    # -- in the loop's thread --------------------------------------------------------------

    def record(self, entry: Entry, moment: datetime) -> None:
        """Take `entry` in; it will be written as soon as can be, in its order.

        `moment` is when it happened, with its offset from UTC.
        """
        with self._news:
            self._running.take(entry, moment)
            self._waiting.append((entry, moment))
            self._taken += 1
            self._news.notify_all()

    def redate(self, by: timedelta, since: datetime) -> None:
        """Move all that is dated `since` a moment `by` so much: the clock was wrong."""
        with self._news:
            self._running.redate(by, since)
            self._waiting.append((by, since))
            self._taken += 1
            self._news.notify_all()

    def history(self) -> History:
        """Return what the programme needs to know, all entries that were taken in included."""
        with self._news:
            return self._running.history()

    def changed_elsewhere(self) -> bool:
        """Tell whether another program has written the diary since this was last asked."""
        with self._news:
            changed, self._changed = self._changed, False
        return changed

    @property
    def trouble(self) -> str | None:
        """Why entries wait in memory, in a sentence; None while all are written as they come."""
        return self._trouble

    def flush(self, patience: float = PATIENCE) -> bool:
        """Wait until all is written, for `patience` seconds; return whether it is."""
        with self._news:
            return self._news.wait_for(lambda: not self._waiting, patience)

    def close(self, patience: float = PATIENCE) -> None:
        """Write what waits, close the file and let the next writer in.

        A slow disk is given its time; after `patience` seconds in which nothing was written it is
        left: a disk that hangs must not keep the program.
        """
        with self._news:
            self._ending = True
            self._news.notify_all()
        left = len(self._waiting) + 1
        while self._thread.is_alive() and len(self._waiting) < left:
            left = len(self._waiting)
            self._thread.join(patience)
        if self._waiting:
            _LOG.error("%d entries could not be written: %s", len(self._waiting), self._trouble)
        if not self._thread.is_alive():
            self._diary.close()
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- in the thread of its own ----------------------------------------------------------

    def _work(self) -> None:
        tried = 0
        while True:
            with self._news:
                if not self._waiting and not self._ending:
                    self._news.wait(LOOK)
                item = self._waiting[0] if self._waiting else None
                last = self._ending
            if item is None:
                if last:
                    return
                self._look()
                continue
            failure = self._written(item)
            if failure is None:
                tried = 0
                self._done()
                continue
            self._fail(failure)
            if last:
                return
            with self._news:
                self._news.wait_for(lambda: self._ending, PAUSES[min(tried, len(PAUSES) - 1)])
            tried += 1

    def _written(self, item: _Item) -> UserError | None:
        """Write an entry; return why it could not be."""
        what, moment = item
        try:
            if isinstance(what, timedelta):
                self._diary.redate(what, moment)
            else:
                self._diary.record(what, moment)
        except UserError as error:
            code = sqlite_code(error)
            if code == sqlite3.SQLITE_FULL and self._give_up_reserve():
                return self._written(item)
            if code not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}:
                with suppress(UserError):  # a card that was put in again needs a new connection
                    self._diary.reopen()
            return error
        except Exception:
            # A mistake of ours, and no reason to lose what comes after it.
            _LOG.exception("%s cannot be written", what)
        return None

    def _done(self) -> None:
        with self._news:
            self._waiting.popleft()
            if not self._waiting:
                if self._trouble is not None:
                    _LOG.warning("the diary is written again, and nothing was lost")
                    self._trouble = None
                    self._provide()
                self._news.notify_all()

    def _fail(self, error: UserError) -> None:
        if self._trouble is not None:
            return
        _LOG.error("%s", error)
        with self._news:
            self._trouble = str(error)
            what, moment = self._waiting[0]
            if not isinstance(what, timedelta):
                # In its turn, when that is.
                self._waiting.append((FaultNoted(what.at, "diary", str(error)), moment))

    def _look(self) -> None:
        """Read the history anew where another program has written the diary."""
        with self._news:
            taken = self._taken
        try:
            if not self._diary.changed_elsewhere() and not self._stale:
                return
            self._stale = True
            history = self._diary.history()
        except UserError as error:
            _LOG.warning("%s", error)
            return
        with self._news:
            if self._taken == taken:  # else it is read at the next look
                self._running = RunningHistory(history)
                self._changed, self._stale = True, False

    def _provide(self) -> None:
        """Keep some room for the end of a session on a disk that is full."""
        try:
            if self._reserve.exists() and self._reserve.stat().st_size == ROOM:
                return
            handle = open_private(self._reserve)
            try:
                os.posix_fallocate(handle, 0, ROOM)
            finally:
                os.close(handle)
        except OSError as error:
            _LOG.warning("no reserve can be kept beside the diary: %s", error)
            with suppress(OSError):
                self._reserve.unlink(missing_ok=True)

    def _give_up_reserve(self) -> bool:
        try:
            self._reserve.unlink()
        except OSError:
            return False
        _LOG.warning("the disk is full; the reserve beside %s is given up", FILE)
        return True
