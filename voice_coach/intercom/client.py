"""The other end of the intercom: calls the speaker, and calls again for as long as it is needed."""

import itertools
import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from msgspec.structs import replace

from voice_coach.intercom.messages import (
    LONGEST,
    Count,
    Devices,
    Done,
    Event,
    Hello,
    Levels,
    Request,
    Status,
    Trouble,
    line,
    read_event,
)

_LOG = logging.getLogger(__name__)

AGAIN: Final = 1.0
"""Seconds after which the speaker is called again when it did not answer."""
PATIENCE: Final = 5.0
"""Seconds that an answer is waited for."""
FRESH: Final = 3.0
"""Seconds for which a level is that of now."""
NOT_THERE: Final = "not_there"
"""Why something was not done: the speaker is not running, or has no intercom."""
NO_ANSWER: Final = "no_answer"

Listener = Callable[[Event | None], None]
"""Is told every event, in the thread of the line; None when the speaker has gone."""


class SpeakerLine:
    """A line to the speaker at `path`, kept by a thread of its own until `close`.

    `version`, `status`, `count`, `trouble` and `devices` are what it told last; None while it is
    not there.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.status: Status | None = None
        self.count: Count | None = None
        self.trouble: str | None = None
        self.version: str | None = None
        self.devices: Devices | None = None
        self._levels: tuple[Levels, float] | None = None
        self._listeners: list[Listener] = []
        self._socket: socket.socket | None = None
        self._sending = threading.Lock()
        self._answers: dict[int, Done | None] = {}
        self._answered = threading.Condition()
        self._numbers = itertools.count(1)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="speaker line", daemon=True)

    def __enter__(self) -> Self:
        if self._path is not None:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def listen(self, listener: Listener) -> None:
        """Tell `listener` of everything from here on."""
        self._listeners.append(listener)

    @property
    def levels(self) -> Levels | None:
        """How loud it is at the microphone; None where nobody asked, or that was a while ago."""
        latest = self._levels
        return latest[0] if latest and time.monotonic() - latest[1] < FRESH else None

    def ask(self, request: Request, patience: float = PATIENCE) -> str | None:
        """Ask the speaker for something; return why it was not done, None where it was."""
        number = next(self._numbers)
        with self._answered:
            self._answers[number] = None
        try:
            if not self._send(line(replace(request, id=number))):
                return NOT_THERE
            with self._answered:
                self._answered.wait_for(
                    lambda: self._answers[number] is not None or self._socket is None, patience
                )
                done = self._answers[number]
        finally:
            with self._answered:
                del self._answers[number]
        if done is None:
            return NO_ANSWER
        return None if done.done else done.why or NO_ANSWER

    def close(self) -> None:
        """Hang up."""
        self._ending.set()
        with suppress(OSError, AttributeError):
            self._socket.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        if self._thread.is_alive():
            self._thread.join(2.0)

    def _send(self, text: bytes) -> bool:
        with self._sending:
            if self._socket is None:
                return False
            try:
                self._socket.sendall(text)
            except OSError:
                return False
        return True

    # -- in the thread of its own ----------------------------------------------------------

    def _work(self) -> None:
        while not self._ending.is_set():
            try:
                self._call()
            except (OSError, ValueError) as error:
                _LOG.debug("the speaker is not there: %s", error)
            self._lost()
            self._ending.wait(AGAIN)

    def _call(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as called:
            called.settimeout(PATIENCE)
            called.connect(str(self._path))
            called.settimeout(None)
            with self._sending:
                self._socket = called
            came = b""
            while not self._ending.is_set():
                more = called.recv(LONGEST)
                if not more:
                    return
                *lines, came = (came + more).split(b"\n")
                for text in lines:
                    self._heard(text)
                if len(came) > LONGEST:
                    raise ValueError("a line without an end")

    def _heard(self, text: bytes) -> None:
        try:
            event = read_event(text)
        except ValueError:
            return  # of a later version
        match event:
            case Status():
                self.status = event
                if not event.session:
                    self.count = None
            case Count():
                self.count = event
            case Hello():
                self.version = event.version or None
            case Levels():
                self._levels = event, time.monotonic()
            case Devices():
                self.devices = event
            case Trouble(text=trouble):
                self.trouble = trouble
            case Done():
                with self._answered:
                    if event.id in self._answers:
                        self._answers[event.id] = event
                    self._answered.notify_all()
        self._tell(event)

    def _lost(self) -> None:
        with self._sending:
            was_there, self._socket = self._socket is not None, None
        self.status = self.count = self.trouble = self.version = None
        self.devices = self._levels = None
        with self._answered:
            self._answered.notify_all()
        if was_there:
            self._tell(None)

    def _tell(self, event: Event | None) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                _LOG.exception("this is a mistake in voice-coach")
