"""The file that keeps the time over a restart, written beside the loop, which waits for no disk."""

import logging
import threading
from pathlib import Path
from typing import Final

from voice_coach.errors import UserError
from voice_coach.private_files import private_folder, replacing
from voice_coach.text_files import read_text

_LOG = logging.getLogger(__name__)

FILE: Final = "clock.json"


class TimeFile:
    """Keeps the time in a file of `folder`; where that fails, the log has it and nothing ends."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._news = threading.Lock()
        self._waiting: bytes | None = None
        self._thread: threading.Thread | None = None

    def load(self) -> bytes | None:
        """Return what was kept, if anything was that can be read."""
        try:
            return read_text(self._file, "time").encode()
        except UserError as error:
            if self._file.exists():
                _LOG.warning("%s", error)
            return None

    def save(self, content: bytes, *, wait: bool) -> None:
        """Keep `content`; unless it is to `wait`, a thread sees to it, always of the latest."""
        with self._news:
            self._waiting = content
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="clock", daemon=True)
                self._thread.start()
            thread = self._thread
        if wait:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._news:
                content, self._waiting = self._waiting, None
                if content is None:
                    self._thread = None
                    return
            try:
                private_folder(self._file.parent)
                with replacing(self._file) as new:
                    new.write_bytes(content)
            except OSError as error:
                _LOG.warning("the time cannot be kept: %s", error)
