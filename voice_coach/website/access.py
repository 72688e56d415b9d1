"""Who has been let in: devices with a token each, and the invitations that lead to one.

An invitation is six digits, said by the speaker or printed by ``voice-coach home --let-in``. It is
good once, for two minutes, and for five tries of all who try. Codes and tokens are kept as digests:
whoever reads the file cannot come in by it.
"""

import fcntl
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from voice_coach.errors import UserError
from voice_coach.private_files import private_folder, told, write_private
from voice_coach.text_files import read_text

FILE: Final = "devices.json"
DIGITS: Final = 6
LASTS: Final = timedelta(minutes=2)
TRIES: Final = 5
AT_ONCE: Final = 3
"""Invitations that are good at the same time."""
MOST_DEVICES: Final = 30
"""So many may be let in; then the one that was not seen for longest makes room."""

RIGHTS: Final = {
    "look": frozenset({"look"}),
    "change": frozenset({"look", "change"}),
    "therapist": frozenset({"look", "prescribe"}),
    "calendar": frozenset({"calendar"}),
}
"""What each role may do; that of a calendar belongs to an address, and opens that alone."""

ROLES: Final = ("look", "change", "therapist")
"""The roles in which somebody can be let in."""


class Device(msgspec.Struct, frozen=True):
    """Somebody's browser that was let in."""

    id: str
    name: str
    role: str
    digest: str
    since: str
    seen: str
    whose: str = ""
    """Of a calendar: whose it is."""

    def may(self, right: str) -> bool:
        """Tell whether it may do what needs `right`."""
        return right in RIGHTS.get(self.role, ())


class _Invitation(msgspec.Struct, frozen=True):
    digest: str
    role: str
    until: datetime
    tries: int = TRIES


class _Kept(msgspec.Struct, frozen=True):
    """The file."""

    secret: str
    devices: tuple[Device, ...] = ()
    invitations: tuple[_Invitation, ...] = ()


class Access:
    """The devices that have been let in, in `folder`; safe to use from several threads.

    Parameters
    ----------
    folder
        It is made, its owner's alone.
    clock
        Tells the time of the day, with its offset from UTC.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._file = folder / FILE
        self._clock = clock
        self._thread = threading.RLock()
        self._signature: tuple[int, int, int] | None = None
        self._kept = _Kept("")

    # -- letting in ------------------------------------------------------------------------

    def invite(self, role: str, code: str | None = None) -> str:
        """Return six digits by which somebody may come in, as `role`; a `code` that was said."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" if code is None else code
        with self._changing() as kept:
            digest = _digest(kept.secret, code)
            invitation = _Invitation(digest, role, self._clock() + LASTS)
            valid = (*self._valid(kept), invitation)[-AT_ONCE:]
            self._kept = replace(kept, invitations=valid)
        return code

    def enter(self, code: str, name: str) -> str | None:
        """Return the token of a new device called `name`, or None where the code is not right."""
        digits = "".join(each for each in code if each.isdecimal() and each.isascii())
        with self._changing() as kept:
            valid = self._valid(kept)
            digest = _digest(kept.secret, digits)
            found = next((i for i in valid if hmac.compare_digest(i.digest, digest)), None)
            if found is None:
                left = tuple(replace(i, tries=i.tries - 1) for i in valid if i.tries > 1)
                self._kept = replace(kept, invitations=left)
                return None
            left = tuple(each for each in valid if each is not found)
            self._kept = replace(kept, invitations=left)
            return self._let_in(name, found.role)

    def calendar(self, name: str, whose: str) -> str:
        """Return the token of an address of a calendar."""
        with self._changing():
            return self._let_in(name, "calendar", whose)

    def _let_in(self, name: str, role: str, whose: str = "") -> str:
        kept, today = self._kept, self._clock().date().isoformat()
        token = secrets.token_urlsafe(32)
        shown = " ".join(name.split())[:40] or "-"
        device = Device(
            secrets.token_hex(8), shown, role, _digest(kept.secret, token), today, today, whose
        )
        others = sorted(kept.devices, key=lambda each: each.seen)[-(MOST_DEVICES - 1) :]
        self._kept = replace(kept, devices=(*others, device))
        return token

    def _valid(self, kept: _Kept) -> tuple[_Invitation, ...]:
        now = self._clock()
        # A clock that was set back would make an invitation last: it is not valid either.
        return tuple(i for i in kept.invitations if now < i.until <= now + LASTS)

    # -- knowing who it is -----------------------------------------------------------------

    def device(self, token: str) -> Device | None:
        """Return whose `token` it is, if it was not withdrawn; note that it was seen today."""
        with self._thread:
            self._read()
            digest = _digest(self._kept.secret, token)
            found = next(
                (each for each in self._kept.devices if hmac.compare_digest(each.digest, digest)),
                None,
            )
        today = self._clock().date().isoformat()
        if found is not None and found.seen != today:
            with self._changing() as kept:
                devices = tuple(
                    replace(each, seen=today) if each.id == found.id else each
                    for each in kept.devices
                )
                self._kept = replace(kept, devices=devices)
        return found

    def seal(self, token: str) -> str:
        """Return what a form carries to show that it came from a page that was given to `token`."""
        with self._thread:
            self._read()
            return _digest(self._kept.secret, f"form {token}")

    def devices(self) -> tuple[Device, ...]:
        """Return everybody who has been let in, the latest first."""
        with self._thread:
            self._read()
            return self._kept.devices[::-1]

    # -- showing out -----------------------------------------------------------------------

    def withdraw(self, number: str) -> None:
        """Let the device of this id in no more."""
        with self._changing() as kept:
            self._kept = replace(
                kept, devices=tuple(each for each in kept.devices if each.id != number)
            )

    def withdraw_all(self) -> None:
        """Let nobody in any more, whoever has been."""
        with self._changing() as kept:
            self._kept = replace(kept, devices=(), invitations=())

    # -- the file --------------------------------------------------------------------------

    @contextmanager
    def _changing(self) -> Iterator[_Kept]:
        """Yield what is kept, alone with it; at the end what `_kept` is then is written."""
        with self._thread, told(f"It cannot be written who was let in ({{why}}): {self._folder}."):
            private_folder(self._folder)
            lock = os.open(
                self._folder / "devices.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._read()
                if not self._kept.secret:
                    self._kept = replace(self._kept, secret=secrets.token_hex(32))
                yield self._kept
                write_private(self._file, msgspec.json.encode(self._kept))
                self._signature = self._seen()
            finally:
                os.close(lock)

    def _read(self) -> None:
        signature = self._seen()
        if signature == self._signature:
            return
        self._signature = signature
        if signature is None:
            self._kept = _Kept("")
            return
        try:
            self._kept = msgspec.json.decode(read_text(self._file, "list of devices"), type=_Kept)
        except (UserError, msgspec.MsgspecError):
            # Whoever was let in has to be let in again.
            self._kept = _Kept("")

    def _seen(self) -> tuple[int, int, int] | None:
        try:
            state = self._file.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size, state.st_ino


def _digest(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
