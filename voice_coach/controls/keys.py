"""Keys and switches, read from the kernel's input devices (``/dev/input/event*``).

A button on a pin (the overlay ``gpio-key``), a USB foot pedal, a key of a keyboard and the buttons
of a USB loudspeaker are all the same there. What a device has is told by sysfs before it is opened;
only devices are opened that have what is looked for, and of these only that is taken notice of.
"""

import array
import fcntl
import os
import struct
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SYSFS: Final = Path("/sys/class/input")
DEVICES: Final = Path("/dev/input")

_EVENT: Final = struct.Struct("llHHi")
"""``struct input_event``: the time, in two parts, the type, the number, the value."""
_AT_ONCE: Final = 64 * _EVENT.size
_SYN, _KEY, _SWITCH = 0, 1, 5
_DROPPED: Final = 3
"""With `_SYN`: the kernel could not keep all that happened; the state is to be asked for."""
_BITS: Final = {_KEY: 96, _SWITCH: 8}
"""Bytes that hold a bit for each key, or each switch."""
_STATE_OF: Final = {_KEY: 0x18, _SWITCH: 0x1B}
"""Numbers of the requests for what is held down, and how the switches stand."""
_IS_SWITCH: Final = 1 << 16

MUTE_SWITCH: Final = _IS_SWITCH | 14
"""``SW_MUTE_DEVICE``, as its number is told from that of a key."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A key or switch went down, or up again; `device` is what it belongs to."""

    device: str
    number: int
    down: bool


@dataclass(slots=True)
class _Device:
    """An input device that is open."""

    name: str
    file: int
    wanted: frozenset[int]
    down: set[int] = field(default_factory=set)


class Keys:
    """The keys that are looked for, on every device that has one of them.

    Parameters
    ----------
    wanted
        Their numbers; `MUTE_SWITCH` for the switch of a device that has one.
    called
        Part of the name of the device they are on; None for any.
    sysfs, devices
        Where the kernel tells of its input devices, and where they are.
    """

    def __init__(
        self,
        wanted: Collection[int],
        called: str | None = None,
        sysfs: Path = SYSFS,
        devices: Path = DEVICES,
    ) -> None:
        self._wanted = frozenset(wanted)
        self._called = (called or "").lower()
        self._sysfs = sysfs
        self._devices = devices
        self._open: dict[str, _Device] = {}
        self._passed_over: set[str] = set()
        self.refused: dict[str, str] = {}
        """Devices that have such a key and may not be read, by name, and why."""

    @property
    def names(self) -> list[str]:
        """The names of the devices that are open."""
        return [device.name for device in self._open.values()]

    def look(self) -> list[Moved]:
        """Open what has been plugged in since; return what is held down on it already."""
        there = {path.name for path in _listed(self._sysfs)}
        self._passed_over &= there
        held: list[Moved] = []
        for name in sorted(there - self._passed_over - set(self._open)):
            device = self._opened(name)
            if device is None:
                continue
            self._open[name] = device
            held += self._compared(device)
        return held

    def take(self) -> list[Moved]:
        """Return what has moved since, without waiting."""
        moved: list[Moved] = []
        for name, device in list(self._open.items()):
            try:
                while events := os.read(device.file, _AT_ONCE):
                    moved += self._read(device, events)
            except BlockingIOError:
                continue
            except OSError:  # it was pulled out
                os.close(device.file)
                del self._open[name]
        return moved

    def close(self) -> None:
        """Open no more, and close what is open."""
        for device in self._open.values():
            os.close(device.file)
        self._open.clear()

    def _opened(self, name: str) -> _Device | None:
        folder = self._sysfs / name / "device"
        called = _text(folder / "name") or name
        wanted = frozenset(_has(folder)) & self._wanted
        if not wanted or self._called not in called.lower():
            self._passed_over.add(name)
            return None
        try:
            file = os.open(self._devices / name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:  # perhaps it may be read a moment later: udev is at it
            self.refused[called] = error.strerror or str(error)
            return None
        self.refused.pop(called, None)
        return _Device(called, file, wanted)

    def _read(self, device: _Device, events: bytes) -> Iterator[Moved]:
        for _, _, kind, number, value in _EVENT.iter_unpack(events):
            if (kind, number) == (_SYN, _DROPPED):
                yield from self._compared(device)
            if kind in _BITS and value in (0, 1):  # 2: it is still held down
                yield from self._moved(device, _numbered(kind, number), bool(value))

    def _moved(self, device: _Device, number: int, down: bool) -> Iterator[Moved]:
        if number in device.wanted and down != (number in device.down):
            (device.down.add if down else device.down.discard)(number)
            yield Moved(device.name, number, down)

    def _compared(self, device: _Device) -> list[Moved]:
        """Return what has moved by what the device says is held down now."""
        down: set[int] = set()
        for kind, size in _BITS.items():
            bits = array.array("B", bytes(size))
            # _IOC(_IOC_READ, 'E', request, size)
            request = 2 << 30 | size << 16 | ord("E") << 8 | _STATE_OF[kind]
            with suppress(OSError):  # it cannot tell
                fcntl.ioctl(device.file, request, bits)
            down |= {_numbered(kind, number) for number in _set_bits(bits.tobytes())}
        return [
            moved
            for number in device.wanted
            for moved in self._moved(device, number, number in down)
        ]


def _numbered(kind: int, number: int) -> int:
    return _IS_SWITCH | number if kind == _SWITCH else number


def _has(folder: Path) -> Iterator[int]:
    """Yield the keys and switches that a device has, by its folder in sysfs."""
    for kind, name in ((_KEY, "key"), (_SWITCH, "sw")):
        # Words of 64 bits in hexadecimal digits, the highest first.
        words = _text(folder / "capabilities" / name).split()
        bits = b"".join(int(word, 16).to_bytes(8, "little") for word in reversed(words))
        yield from (_numbered(kind, number) for number in _set_bits(bits))


def _set_bits(bits: bytes) -> Iterator[int]:
    for index, byte in enumerate(bits):
        if byte:
            yield from (8 * index + bit for bit in range(8) if byte >> bit & 1)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _listed(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.name.startswith("event")]
    except OSError:  # no such folder: a machine without any
        return []
