"""Errands: what a command of the program does for the page, in a process of its own.

What needs sound, pictures or numbers by the million would take memory for as long as the page
runs; as an errand it gives it back. One at a time, and not for ever.
"""

import subprocess
import sys
import threading
from typing import Final

from voice_coach.errors import UserError
from voice_coach.website.desk import Desk

PATIENCE: Final = 300.0
"""Seconds an errand may take: a small machine draws a report in one."""
WAITING: Final = 30.0
"""Seconds that an errand waits for another."""

_ONE: Final = threading.Lock()


def errand(desk: Desk, command: str, *arguments: str, person: str | None = None) -> str:
    """Return what ``voice-coach COMMAND`` printed; UserError with its sentence where it failed."""
    return _run(desk, command, *arguments, person=person, checked=True)


def told(desk: Desk, command: str, *arguments: str) -> str:
    """Return what it printed, whether it could do what it was asked or not."""
    return _run(desk, command, *arguments, person=None, checked=False)


def _run(desk: Desk, command: str, *arguments: str, person: str | None, checked: bool) -> str:
    words = [sys.executable, "-m", "voice_coach", command, *arguments]
    words += ["--settings", str(desk.file)] if desk.file is not None else []
    words += ["--person", person] if person is not None else []
    if not _ONE.acquire(timeout=WAITING):
        raise UserError("Another errand is still being done; try again in a minute.")
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            text=True,
            errors="replace",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError("It took too long, and was given up.") from error
    finally:
        _ONE.release()
    if checked and done.returncode:
        raise UserError(done.stderr.strip().removeprefix("voice-coach: ") or "It failed.")
    return done.stdout
