"""Noticing that settings or a prescription have been changed, while the speaker is running."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from voice_coach.errors import UserError

_LOG = logging.getLogger(__name__)

_Signature: TypeAlias = tuple[tuple[int, int, int] | None, ...]


class FileWatch:
    """Tells when one of `files` has changed and all of them can be read.

    Parameters
    ----------
    files
        What to look at; any of them may be missing.
    read
        Reads them all; UserError where one of them has a mistake, which is left alone then.
    """

    def __init__(self, files: Sequence[Path], read: Callable[[], object]) -> None:
        self._files = files
        self._read = read
        self._known = self._latest = self._signature()

    def changed(self) -> bool:
        """Look; return whether there is something new. What is still being written is awaited."""
        before, self._latest = self._latest, self._signature()
        if self._latest == self._known or self._latest != before:
            return False
        self._known = self._latest
        try:
            self._read()
        except UserError as error:
            _LOG.warning("a change is not taken over: %s", error)
            return False
        return True

    def _signature(self) -> _Signature:
        return tuple(_signature(file) for file in self._files)


def _signature(file: Path) -> tuple[int, int, int] | None:
    try:
        state = file.stat()
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino
