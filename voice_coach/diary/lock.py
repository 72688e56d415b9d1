"""One writer at a time: a lock file that the kernel lets go of, however the process ends."""

import fcntl
import os
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.private_files import open_private


class Lock:
    """Holds the writer's place in a diary folder from construction until `release`.

    The file stays behind, empty: removing it would let two processes lock two different files
    of the same name.
    """

    def __init__(self, folder: Path) -> None:
        """Take the lock; UserError when another process has it, OSError when it cannot be made."""
        self._file = open_private(folder / "diary.lock")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise UserError(
                f"The diary in {folder} is in use by a voice-coach that is already running; "
                "end that one first, or give this one another diary folder in its settings."
            ) from error

    def release(self) -> None:
        """Give the place up."""
        os.close(self._file)
