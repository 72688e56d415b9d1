"""A small file that is kept over a restart, written beside the loop, which waits for no disk."""

import logging
import threading
from pathlib import Path
from typing import Final

from voice_coach.errors import UserError
from voice_coach.private_files import private_folder, replacing
from voice_coach.text_files import read_text

_LOG = logging.getLogger(__name__)

TIME: Final = "clock.json"
"""How late it has been, beside the diary."""
VOLUME: Final = "volume.json"
"""How loud somebody wanted the coach to be, likewise."""


class KeptFile:
    """Keeps a few bytes in `file`; where that fails, the log has it and nothing ends."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._news = threading.Lock()
        self._waiting: bytes | None = None
        self._thread: threading.Thread | None = None

    def load(self) -> bytes | None:
        """Return what was kept, if anything was that can be read."""
        try:
            return read_text(self._file, "file").encode()
        except UserError as error:
            if self._file.exists():
                _LOG.warning("%s", error)
            return None

    def save(self, content: bytes, *, wait: bool) -> None:
        """Keep `content`; unless it is to `wait`, a thread sees to it, always of the latest."""
        with self._news:
            self._waiting = content
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="keeping", daemon=True)
                self._thread.start()
            thread = self._thread
        if wait:
            thread.join()

    def settle(self) -> None:
        """Wait until all is kept."""
        with self._news:
            thread = self._thread
        if thread is not None:
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
                _LOG.warning("%s cannot be written: %s", self._file, error)
