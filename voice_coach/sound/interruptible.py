"""Calls into PortAudio that may hang, made where they keep nobody from ending the program.

A sound server that hangs lets PortAudio wait in C, where no signal is heard. Each call is
therefore made in a thread of its own, while the caller's thread waits in Python.
"""

import atexit
import threading
from collections.abc import Callable
from typing import Final

from voice_coach.sound.devices import portaudio

_SLICE: Final = 0.05
"""Seconds after which a signal is looked for."""


class Interruptible:
    """Makes one call after the other; once one hangs, no other is made until it returns."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def call(self, function: Callable[[], object]) -> None:
        """Call `function`, wait until it returns, and raise what it raises."""
        self._await()
        failed: list[BaseException] = []

        def work() -> None:
            try:
                function()
            except BaseException as error:
                failed.append(error)

        self._thread = threading.Thread(target=work, name="portaudio", daemon=True)
        self._thread.start()
        self._await()
        if failed:
            raise failed[0]

    def last_call(self, function: Callable[[], object], seconds: float) -> None:
        """Call `function` before the program ends; leave it and PortAudio where it hangs."""
        self._await(seconds)
        if self._thread is None:
            self._thread = threading.Thread(target=function, name="portaudio", daemon=True)
            self._thread.start()
            self._await(seconds)
        if self._thread is not None:
            # It would hang again in what `sounddevice` does at the very end.
            atexit.unregister(portaudio()._exit_handler)

    def _await(self, seconds: float | None = None) -> None:
        """Wait until the last call has returned, or for so many seconds."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(_SLICE)
            if seconds is not None:
                seconds -= _SLICE
                if seconds <= 0:
                    return
        self._thread = None
