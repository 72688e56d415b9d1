"""What stands before every page: who asks, from where, how much and how often.

It does not know what the pages are about. Nothing but GET, HEAD and POST comes through, for a
name that is ours (a page elsewhere that points its own name at this machine gets nothing), and a
POST only from our own pages. Everything that leaves says that nobody may keep it, frame it, or
run anything in it that is not ours.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

_LOG = logging.getLogger(__name__)

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

SMALL: Final = 64 << 10
"""Bytes of a form."""
LARGEST: Final = 64 << 20
"""Bytes of a file that is sent by somebody who may do so: a diary of decades."""
PATIENCE: Final = 30.0
"""Seconds in which a form has to come."""
LONG_PATIENCE: Final = 300.0
"""Seconds in which a file has to."""

PER_SECOND: Final = 20.0
BURST: Final = 100.0
"""Requests of one address in the long run, and at once."""
ENTERING_PER_SECOND: Final = 1 / 10
ENTERING_BURST: Final = 6.0
"""Codes tried by one address."""
ADDRESSES: Final = 256
"""Addresses that are remembered."""

HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        b"media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        b"base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Not no-referrer: browsers would send forms from nowhere.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(self)"),
)
PRIVATE: Final = (b"cache-control", b"no-store")
PUBLIC: Final = (b"cache-control", b"max-age=3600")


NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


class TooMuch(Exception):  # noqa: N818 - what is so
    """More was sent than is taken, or more slowly."""


@dataclass(slots=True)
class Allowance:
    """So many at once, and in the long run, for each who asks."""

    per_second: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def grants(self, who: str) -> bool:
        """Take one from what `who` has left; return whether there was one."""
        now = self.clock()
        left, when = self._left.pop(who, (self.burst, now))
        left = min(self.burst, left + (now - when) * self.per_second)
        granted = left >= 1
        self._left[who] = (left - 1 if granted else left), now
        while len(self._left) > ADDRESSES:
            self._left.popitem(last=False)
        return granted


class Guard:
    """Lets through to `app` what may be.

    Parameters
    ----------
    app
        The pages.
    hosts
        The names of this machine, without a port, in small letters.
    public
        Beginnings of the paths that may be kept by a browser.
    entering
        The path at which codes are tried.
    large
        How many bytes may be sent to paths to which files are.
    """

    def __init__(
        self,
        app: App,
        hosts: Collection[str],
        *,
        public: str = "/static/",
        entering: str = "/enter",
        large: Mapping[str, int] = NOTHING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._public = public
        self._entering = entering
        self._large = dict(large)
        self._asking = Allowance(PER_SECOND, BURST, clock)
        self._tried = Allowance(ENTERING_PER_SECOND, ENTERING_BURST, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        answer = _Answer(send, scope["path"].startswith(self._public))
        refused = self._refused(scope)
        if refused is not None:
            await answer.plain(*refused)
            return
        large = self._large.get(scope["path"])
        body = _Body(
            receive,
            SMALL if large is None else large,
            PATIENCE if large is None else LONG_PATIENCE,
        )
        try:
            await self._app(scope, body, answer)
        except TooMuch as error:
            if not answer.begun:
                await answer.plain(413, str(error))
        except Exception:
            _LOG.exception("this is a mistake in voice-coach")
            if not answer.begun:
                await answer.plain(500, "Something went wrong that should not.")

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and sentence where the request may not come through."""
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in headers and name in {b"host", b"origin", b"content-length"}:
                return 400, "Say it once."
            headers[name] = value
        host = headers.get(b"host", b"").decode("latin-1").lower()
        who = (scope.get("client") or ("", 0))[0]
        if _without_port(host) not in self._hosts:
            return 400, "There is no such page here."
        if not self._asking.grants(who):
            return 429, "Too many at once. Wait a moment."
        if scope["method"] == "POST":
            return self._form_refused(scope, headers, host, who)
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, "That cannot be done here."
        return None

    def _form_refused(
        self, scope: Scope, headers: dict[bytes, bytes], host: str, who: str
    ) -> tuple[int, str] | None:
        origin = headers.get(b"origin")
        if origin is None:  # browsers of before 2020; what has neither is none
            ours = headers.get(b"sec-fetch-site") == b"same-origin"
        else:
            ours = origin.lower() == f"{scope['scheme']}://{host}".encode("latin-1")
        if not ours:
            return 403, "This form came from another page."
        if scope["path"] == self._entering and not self._tried.grants(who):
            return 429, "Too many tries. Wait a minute."
        return None


class _Body:
    """What is sent to us, within bounds."""

    def __init__(self, receive: Receive, most: int, patience: float) -> None:
        self._receive = receive
        self._left = most
        self._ends = time.monotonic() + patience
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()  # waits for the end of the connection
        try:
            async with asyncio.timeout(max(0.0, self._ends - time.monotonic())):
                message = await self._receive()
        except TimeoutError as error:
            raise TooMuch("It came too slowly.") from error
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._left < 0:
                raise TooMuch("That is too much.")
        return message


class _Answer:
    """What we send, with the headers that everything has."""

    def __init__(self, send: Send, public: bool) -> None:
        self._send = send
        self._public = public
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            kept = PUBLIC if self._public and message["status"] == 200 else PRIVATE
            message["headers"] = [*message.get("headers", ()), *HEADERS, kept]
        await self._send(message)

    async def plain(self, status: int, sentence: str) -> None:
        """Send one sentence."""
        text = f"{sentence}\n".encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"connection", b"close"),
        ]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": text})


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
