"""What Linux knows of the machine's clock: whether it was set, or goes on without power.

The kernel tells whether something has set its clock to the true time, and the service that did so
may have left a file. A clock module shows up as an RTC that agrees with the time of the day. What
has neither, and is a small board or keeps a file in a clock's stead, forgets the time when it is
switched off. Any other machine without an RTC is a virtual one, whose host sees to its clock.
"""

import ctypes
from pathlib import Path
from typing import Final

from voice_coach.home.timekeeping import Clock, Standing

_TIME_ERROR: Final = 5
"""What ``adjtimex`` returns while the clock has not been set by what knows the time."""
_TIMEX: Final = 512
"""Bytes enough for the kernel's ``struct timex``; all of them nought asks and changes nothing."""
_AGREES: Final = 15 * 3600.0
"""Seconds between RTC and clock: the former may go by local time."""


class LinuxClock:
    """What is known of a machine's clock.

    Parameters
    ----------
    clock
        Tells the time that it shows.
    root
        The folder that holds the machine's files.
    """

    def __init__(self, clock: Clock, root: Path = Path("/")) -> None:
        self._clock = clock
        self._root = root

    def boot(self) -> str:
        """Return the kernel's name of the time since it started; empty where it has none."""
        try:
            return (self._root / "proc/sys/kernel/random/boot_id").read_text().strip()
        except OSError:
            return ""

    def standing(self) -> Standing:
        """Return what is to be thought of the clock now."""
        if self._is_set():
            return Standing.SET
        if any(map(self._agrees, self._root.glob("sys/class/rtc/rtc*/since_epoch"))):
            return Standing.KEPT
        forgets = ("proc/device-tree/model", "etc/fake-hwclock.data")
        lost = any((self._root / file).exists() for file in forgets)
        return Standing.LOST if lost else Standing.KEPT

    def _is_set(self) -> bool:
        if (self._root / "run/systemd/timesync/synchronized").exists():
            return True
        try:
            state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))
        except (OSError, AttributeError):
            return False
        return 0 <= int(state) < _TIME_ERROR

    def _agrees(self, rtc: Path) -> bool:
        try:
            return abs(int(rtc.read_text()) - self._clock().timestamp()) < _AGREES
        except (OSError, ValueError):
            return False
