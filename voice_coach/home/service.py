"""What the speaker tells the service manager that has started it: that it is ready, and lives.

systemd's protocol is a datagram a message. Where nobody asked for it, nothing is told.
"""

import os
import socket
from typing import Final

_ADDRESS: Final = "NOTIFY_SOCKET"


class ServiceManager:
    """Tells the service manager how the speaker is; each message is told or lost, never waited for.

    It restarts what was ready and has not been heard of for a while, a minute in our unit.
    """

    def __init__(self) -> None:
        self._address = os.environ.get(_ADDRESS, "")
        if self._address.startswith("@"):
            self._address = "\0" + self._address[1:]
        self._ready = False

    def ready(self, status: str) -> None:
        """Tell that the start is over, one way or the other, and in words how."""
        self._ready = True
        self._tell("READY=1", f"STATUS={status.splitlines()[0]}", "WATCHDOG=1")

    def alive(self) -> None:
        """Tell that the speaker does what it should at this moment."""
        if self._ready:
            self._tell("WATCHDOG=1")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as manager:
                manager.sendto("\n".join(lines).encode(), self._address)
        except OSError:
            return
