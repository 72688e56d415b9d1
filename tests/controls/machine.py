"""A machine with keys and lights, as far as the file system shows: named pipes for devices."""

import os
import struct
from collections.abc import Collection
from pathlib import Path

_EVENT = struct.Struct("llHHi")
SYN, KEY, SWITCH = 0, 1, 5


class InputDevice:
    """A device that somebody plugs in, and whose keys they press."""

    def __init__(
        self,
        root: Path,
        node: str,
        name: str,
        keys: Collection[int] = (),
        switches: Collection[int] = (),
    ) -> None:
        self._folder = root / "input" / node
        capabilities = self._folder / "device" / "capabilities"
        capabilities.mkdir(parents=True)
        (self._folder / "device" / "name").write_text(name + "\n")
        (capabilities / "key").write_text(_words(keys))
        (capabilities / "sw").write_text(_words(switches))
        self.pipe = root / "dev" / node
        self.pipe.parent.mkdir(exist_ok=True)
        os.mkfifo(self.pipe)
        # Both ends, so that it is there before anybody reads.
        self._end = os.open(self.pipe, os.O_RDWR | os.O_NONBLOCK)

    def happens(self, kind: int, number: int, value: int) -> None:
        """Write one event, and the one that ends a report."""
        os.write(self._end, _EVENT.pack(0, 0, kind, number, value) + _EVENT.pack(0, 0, SYN, 0, 0))

    def press(self, number: int) -> None:
        self.happens(KEY, number, 1)

    def let_go(self, number: int) -> None:
        self.happens(KEY, number, 0)

    def turn(self, number: int, *, on: bool) -> None:
        self.happens(SWITCH, number, int(on))


def _words(bits: Collection[int]) -> str:
    """Return `bits` as sysfs shows them: words of 64, in hexadecimal digits, the highest first."""
    number = sum(1 << bit for bit in bits)
    words = []
    while True:
        words.append(f"{number & (1 << 64) - 1:x}")
        number >>= 64
        if not number:
            return " ".join(reversed(words)) + "\n"


def led(root: Path, name: str, *, full: int = 255, shows: str = "none") -> Path:
    """Fit an LED that shows something of the kernel's; return its folder."""
    folder = root / "leds" / name
    folder.mkdir(parents=True)
    (folder / "max_brightness").write_text(f"{full}\n")
    (folder / "brightness").write_text(f"{full}\n")
    triggers = ["none", "mmc0", "heartbeat"]
    (folder / "trigger").write_text(
        " ".join(f"[{each}]" if each == shows else each for each in triggers) + "\n"
    )
    return folder


def brightness(folder: Path) -> int:
    return int((folder / "brightness").read_text())
