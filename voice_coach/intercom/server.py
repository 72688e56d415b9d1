"""The speaker's end of the intercom: a socket in the file system, served in a thread of its own.

The loop never waits for it. What it tells is put into a queue; what is asked of it lies there
until the loop takes it between two blocks. Whoever reads too slowly, writes too much or too often,
or anything but requests, is cut off; more than a few callers are turned away.
"""

import logging
import os
import selectors
import socket
import stat
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from voice_coach.errors import UserError
from voice_coach.intercom.messages import (
    LONGEST,
    Count,
    Done,
    Hello,
    Request,
    Status,
    Told,
    Trouble,
    line,
    read_request,
)
from voice_coach.private_files import private_folder, told

_LOG = logging.getLogger(__name__)

CALLERS: Final = 4
"""So many may be connected at a time."""
UNREAD: Final = 1 << 16
"""Bytes that a caller may leave unread."""
WAITING: Final = 16
"""Requests that may wait for the loop; of more it is said that the speaker is busy."""
PER_SECOND: Final = 10
BURST: Final = 20
"""Requests of one caller in the long run, and at once."""
LONGEST_PATH: Final = 100
"""Bytes of a path that a socket may have on Linux, with room for what it is called at first."""

MODE: Final = 0o660
"""For its owner and group; the folder around it, if made here, is its owner's alone."""


@dataclass(slots=True)
class _Caller:
    """One connection."""

    socket: socket.socket
    came: bytearray = field(default_factory=bytearray)
    going: bytearray = field(default_factory=bytearray)
    allowance: float = BURST
    counted: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """A request that waits for the loop, and who asked."""

    request: Request
    caller: _Caller


class Intercom:
    """Serves the socket at `path` from construction until `close`; also a context manager.

    Callers are told the speaker's `version`. UserError when there cannot be one there.
    """

    def __init__(self, path: Path, version: str = "") -> None:
        self._version = version
        self.path: Final = path
        self.ready = False
        """Whether the loop takes requests; until then they are refused at once."""
        self._listening = _listen(path)
        self._inode = path.lstat().st_ino
        self._asked: deque[Question] = deque()
        self._news: deque[tuple[_Caller | None, bytes]] = deque(maxlen=512)
        self._latest: dict[type[Told], Told] = {Status: Status()}
        self._callers: dict[socket.socket, _Caller] = {}
        self._ending = False
        self._selector = selectors.DefaultSelector()
        self._woken, self._wake = socket.socketpair()
        for each in (self._woken, self._wake, self._listening):
            each.setblocking(False)
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._work, name="intercom", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- in the loop's thread --------------------------------------------------------------

    @property
    def heard(self) -> bool:
        """Whether anybody is connected."""
        return bool(self._callers)

    def tell(self, event: Told) -> None:
        """Tell everybody who is connected; status, count and trouble also who comes later."""
        if isinstance(event, (Status, Count, Trouble)):
            if self._latest.get(type(event)) == event:
                return
            self._latest[type(event)] = event
        self._send(None, line(event))

    def forget(self, kind: type[Told]) -> None:
        """Tell who comes later no more of the last event of `kind`."""
        self._latest.pop(kind, None)

    @property
    def status(self) -> Status:
        """What was last told of what goes on."""
        status = self._latest[Status]
        assert isinstance(status, Status)
        return status

    def take(self) -> Iterable[Question]:
        """Return, once, what has been asked since."""
        if not self._asked:
            return ()
        questions = list(self._asked)
        for _ in questions:
            self._asked.popleft()
        return questions

    def answer(self, question: Question, why: str | None = None) -> None:
        """Say that it was done, or `why` not."""
        done = Done(id=question.request.id, done=why is None, why=why)
        self._send(question.caller, line(done))

    def connected(self, question: Question) -> bool:
        """Tell whether who asked is still there."""
        return question.caller.socket in self._callers

    def close(self) -> None:
        """Hang up on everybody, and take the socket away."""
        self._ending = True
        self._rouse()
        self._thread.join(2.0)
        with suppress(OSError):
            if self.path.lstat().st_ino == self._inode:
                self.path.unlink()

    def _send(self, caller: _Caller | None, text: bytes) -> None:
        self._news.append((caller, text))
        self._rouse()

    def _rouse(self) -> None:
        with suppress(OSError):  # full: it is about to wake anyway
            self._wake.send(b"\0")

    # -- in the thread of its own ----------------------------------------------------------

    def _work(self) -> None:
        try:
            while not self._ending:
                for key, ready in self._selector.select():
                    if key.fileobj is self._woken:
                        with suppress(OSError):
                            self._woken.recv(4096)
                    elif key.fileobj is self._listening:
                        self._accept()
                    else:
                        self._attend(key.data, ready)
                self._spread()
        except Exception:
            _LOG.exception("this is a mistake in voice-coach: the intercom is dead")
        finally:
            for caller in list(self._callers.values()):
                with suppress(OSError):
                    caller.socket.send(caller.going)
                self._hang_up(caller)
            for each in (self._listening, self._woken, self._wake):
                each.close()
            self._selector.close()

    def _accept(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except OSError:
            return
        if len(self._callers) >= CALLERS:
            connection.close()
            return
        connection.setblocking(False)
        caller = _Caller(connection, counted=time.monotonic())
        self._callers[connection] = caller
        self._selector.register(connection, selectors.EVENT_READ, caller)
        first = [Hello(version=self._version), *list(self._latest.values())]
        caller.going += b"".join(line(event) for event in first)
        self._write(caller)

    def _attend(self, caller: _Caller, ready: int) -> None:
        if ready & selectors.EVENT_WRITE:
            self._write(caller)
        if ready & selectors.EVENT_READ and caller.socket in self._callers:
            self._read(caller)

    def _read(self, caller: _Caller) -> None:
        try:
            came = caller.socket.recv(LONGEST)
        except BlockingIOError:
            return
        except OSError:
            came = b""
        if not came:
            self._hang_up(caller)
            return
        caller.came += came
        while (end := caller.came.find(b"\n")) >= 0:
            text = bytes(caller.came[:end])
            del caller.came[: end + 1]
            if not self._ask(caller, text):
                return
        if len(caller.came) >= LONGEST:
            self._hang_up(caller)

    def _ask(self, caller: _Caller, text: bytes) -> bool:
        """Put a request before the loop; return whether the caller may go on."""
        now = time.monotonic()
        gained = (now - caller.counted) * PER_SECOND
        caller.allowance = min(BURST, caller.allowance + gained) - 1
        caller.counted = now
        try:
            if caller.allowance < 0:
                raise ValueError("too many requests")
            request = read_request(text)
        except ValueError as error:
            _LOG.info("somebody on the intercom was cut off: %s", error)
            self._hang_up(caller)
            return False
        question = Question(request, caller)
        if not self.ready:
            self.answer(question, "not_ready")
        elif len(self._asked) >= WAITING:
            self.answer(question, "busy")
        else:
            self._asked.append(question)
        return True

    def _spread(self) -> None:
        while self._news:
            to, text = self._news.popleft()
            for caller in list(self._callers.values()):
                if to is None or to is caller:
                    caller.going += text
        for caller in list(self._callers.values()):
            if caller.going:
                self._write(caller)

    def _write(self, caller: _Caller) -> None:
        try:
            sent = caller.socket.send(caller.going)
            del caller.going[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._hang_up(caller)
            return
        if len(caller.going) > UNREAD:
            self._hang_up(caller)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if caller.going else 0)
        self._selector.modify(caller.socket, wanted, caller)

    def _hang_up(self, caller: _Caller) -> None:
        if self._callers.pop(caller.socket, None) is not None:
            self._selector.unregister(caller.socket)
            caller.socket.close()


def _listen(path: Path) -> socket.socket:
    """Return a socket that listens at `path`, where a dead one may have been left."""
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise UserError(f"The path of the intercom, {path}, is too long; set a shorter one.")
    with told(f"There can be no intercom at {path} ({{why}}); set another path."):
        private_folder(path.parent)
        if path.exists() or path.is_symlink():
            if not stat.S_ISSOCK(path.lstat().st_mode):
                raise UserError(f"{path} is not the intercom's; set another path for that.")
            if _is_alive(path):
                raise UserError(
                    f"The intercom at {path} is in use by a voice-coach that is already running; "
                    "end that one first, or set another path."
                )
        # Under another name first: from the moment it is there, it is private, and answers.
        new = path.with_name(f".{path.name}.new")
        new.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listening.bind(str(new))
            new.chmod(MODE)
            listening.listen(CALLERS)
            new.replace(path)
        except BaseException:
            listening.close()
            raise
    return listening


def _is_alive(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
