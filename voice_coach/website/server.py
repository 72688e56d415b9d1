"""Serving the page: which names it has, and who is too slow."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import anyio.to_thread
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from voice_coach.errors import UserError
from voice_coach.home.page_settings import Page
from voice_coach.website.app import LARGE, pages
from voice_coach.website.desk import Desk
from voice_coach.website.guard import Guard

THREADS: Final = 4
"""Pages that are made at a time: a small machine has as many cores."""
CONNECTIONS: Final = 48
SLOWEST: Final = 10.0
"""Seconds in which the head of a request has to come."""
IDLE: Final = 5
"""Seconds for which a connection without a request is kept."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


class Impatient(H11Protocol):
    """Closes a connection whose request does not come."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a request."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Stop waiting once a request is there."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._cancel()

    def on_response_complete(self) -> None:
        """Expect the next one."""
        self._expect()
        super().on_response_complete()

    def _expect(self) -> None:
        self._cancel()
        self._waiting = self.loop.call_later(SLOWEST, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _cancel(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def hosts(page: Page) -> frozenset[str]:
    """Return the names for which the page answers, without a port."""
    own = () if page.address in {"0.0.0.0", "::"} else (_bracketed(page.address),)
    names = {*LOOPBACK, *own, *page.names}
    if page.address in {"0.0.0.0", "::"}:
        name = socket.gethostname().lower()
        names |= {name, f"{name}.local", *_addresses()}
    return frozenset(names)


def serve(desk: Desk, page: Page, announce: Callable[[str], None]) -> None:
    """Serve the page until the program is told to end.

    UserError where the address cannot be had.
    """
    server = prepared(desk, page)
    with listening(page) as place:
        scheme = "http" if page.certificate is None else "https"
        announce(f"The page is at {scheme}://{_bracketed(page.address)}:{page.port}/")
        server.run(sockets=[place])


def prepared(desk: Desk, page: Page) -> uvicorn.Server:
    """Return what serves `page`, once it is run with a socket; UserError for a missing file."""
    for file in (page.certificate, page.key):
        if file is not None and not file.is_file():
            raise UserError(f"There is no certificate or key {file}; name another, or none.")
    if (page.certificate is None) != (page.key is None):
        raise UserError("A certificate needs its key, and a key its certificate; set both.")
    guard = Guard(pages(desk), hosts(page), large=LARGE)
    config = uvicorn.Config(
        _few_threads(guard),
        http=Impatient,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=16 << 10,
        ssl_certfile=page.certificate,
        ssl_keyfile=None if page.key is None else str(page.key),
    )
    return uvicorn.Server(config)


def _few_threads(guard: Guard) -> Any:
    begun = False

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal begun
        if not begun:
            anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
            begun = True
        await guard(scope, receive, send)

    return app


def listening(page: Page) -> socket.socket:
    """Return the socket of the page's address; UserError where it cannot be had."""
    family = socket.AF_INET6 if ":" in page.address else socket.AF_INET
    place = socket.socket(family, socket.SOCK_STREAM)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind((page.address, page.port))
        place.listen(CONNECTIONS)
    except OSError as error:
        place.close()
        raise UserError(
            f"The page cannot be at {page.address}, port {page.port} ({error.strerror}); "
            "set another address or port under [home]."
        ) from error
    return place


def _addresses() -> set[str]:
    """Return the addresses of this machine in the home's network."""
    found = set()
    for file in (Path("/proc/net/fib_trie"), Path("/proc/net/if_inet6")):
        try:
            text = file.read_text(encoding="ascii")
        except OSError:
            continue
        found |= _local(text) if file.name == "fib_trie" else _local6(text)
    return found


def _local(text: str) -> set[str]:
    """Return the addresses that a table of routes calls this machine's own."""
    found, last = set(), ""
    for line in text.splitlines():
        if "|--" in line:
            last = line.rpartition(" ")[2]
        elif "/32 host LOCAL" in line:
            found.add(last)
    return found


def _local6(text: str) -> set[str]:
    found = set()
    for line in text.splitlines():
        packed = bytes.fromhex(line.split()[0])
        found.add(f"[{socket.inet_ntop(socket.AF_INET6, packed)}]")
    return found


def _bracketed(address: str) -> str:
    return f"[{address.lower()}]" if ":" in address else address
