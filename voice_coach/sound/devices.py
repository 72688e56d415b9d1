"""Microphones and loudspeakers by the names that people can read and put in settings."""

import contextlib
import ctypes
import functools
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final, Literal, cast

from voice_coach.errors import UserError

_LOG = logging.getLogger(__name__)

Direction = Literal["input", "output"]

CALLED: Final[dict[Direction, str]] = {"input": "microphone", "output": "loudspeaker"}


SYSFS: Final = Path("/sys/class/sound")
"""Where the kernel tells of sound cards."""
_NUMBERS: Final = re.compile(r"\s*\((?:plug)?hw:(\d+)[^)]*\)$")
"""ALSA's numbers at the end of a name; the first is the card's."""


@dataclass(frozen=True, slots=True)
class Device:
    """One sound device as PortAudio lists it."""

    index: int
    """PortAudio's number: good until the next device comes or goes, so never for settings."""
    name: str
    inputs: int
    outputs: int
    default_input: bool
    default_output: bool
    socket: str | None = None
    """Where it is plugged in, as the kernel numbers USB sockets; None for all else."""
    serial: str | None = None
    """Its serial number, where it tells one."""

    @property
    def plain(self) -> str:
        """Its name without ALSA's numbers, which change as devices come and go."""
        return _NUMBERS.sub("", self.name)

    def is_called(self, name: str) -> bool:
        """Return whether `name` is just what it is called, by its socket or serial number, too."""
        wanted = name.casefold()
        return wanted in {each.casefold() for each in (self.name, *self._marked())}

    def _marked(self) -> list[str]:
        marks = [("serial", self.serial), ("socket", self.socket)]
        return [f"{self.plain}, {kind} {mark}" for kind, mark in marks if mark is not None]

    def does(self, direction: Direction) -> bool:
        """Return whether this is a microphone (`input`) or a loudspeaker (`output`)."""
        return (self.inputs if direction == "input" else self.outputs) > 0


def portaudio() -> ModuleType:
    """Return the module `sounddevice`; a UserError says what to install where it cannot load."""
    # Many a USB microphone knows only 44.1 or 48 kHz, and many a small amplifier only stereo:
    # through ALSA's plug layer they all do 16 kHz mono, with a delay that ALSA accounts for.
    os.environ.setdefault("PA_ALSA_PLUGHW", "1")
    try:
        import sounddevice  # noqa: PLC0415  (importing it already looks for sound hardware)
    except OSError as error:
        raise UserError(
            "The sound library PortAudio is not installed: run "
            "'sudo apt install libportaudio2' and try again."
        ) from error
    return sounddevice  # type: ignore[no-any-return]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the C libraries from writing to stderr while the block runs; Python still can.

    ALSA and PortAudio print a line for each thing they try in vain, and several when a device
    is unplugged; what matters of it comes back as an error code. They write to the C
    library's `stderr`, Python to the file descriptor: only the former is replaced. Where the
    C library does not allow that (any but glibc), nothing is silenced.
    """
    try:
        stderr = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "stderr")
        nowhere = _nowhere()
    except (ValueError, AttributeError):
        yield
        return
    before = stderr.value
    stderr.value = nowhere
    try:
        yield
    finally:
        stderr.value = before


@functools.cache
def _nowhere() -> int | None:
    """Return a C stream that swallows everything; open for good, as a thread may yet hold it."""
    fopen = ctypes.CDLL(None).fopen
    fopen.restype = ctypes.c_void_p
    return cast("int | None", fopen(os.devnull.encode(), b"w"))


def look_again() -> None:
    """Let PortAudio find what has been plugged in, or gone, since it last looked.

    No stream may be open.
    """
    try:
        sounddevice = portaudio()
        with quiet():
            sounddevice._terminate()
            sounddevice._initialize()
    except (UserError, OSError):
        return  # told by whoever opens a device
    except Exception as error:  # PortAudio's own, whose name is only known with it
        _LOG.info("PortAudio does not begin anew: %s", error)


def devices() -> list[Device]:
    """Return every sound device there is, in PortAudio's order."""
    sounddevice = portaudio()
    default_input, default_output = _defaults(sounddevice)
    return [
        Device(
            index=index,
            name=str(entry["name"]),
            inputs=int(entry["max_input_channels"]),
            outputs=int(entry["max_output_channels"]),
            default_input=index == default_input,
            default_output=index == default_output,
            **usb(str(entry["name"])),
        )
        for index, entry in enumerate(sounddevice.query_devices())
    ]


def usb(name: str, sysfs: Path = SYSFS) -> dict[str, str | None]:
    """Return socket and serial number of the USB device that ALSA calls `name`, where it is one."""
    numbers = _NUMBERS.search(name)
    found: dict[str, str | None] = {"socket": None, "serial": None}
    if numbers is None:
        return found
    card = (sysfs / f"card{numbers[1]}" / "device").resolve()
    for folder in (card, *card.parents):
        if re.fullmatch(r"\d+-\d+(\.\d+)*", folder.name):
            found["socket"] = folder.name
            with contextlib.suppress(OSError, UnicodeDecodeError):
                found["serial"] = (folder / "serial").read_text(encoding="utf-8").strip() or None
            break
    return found


def _defaults(sounddevice: ModuleType) -> tuple[int, int]:
    """Return the indices of the default microphone and loudspeaker, -1 where there is none."""
    apis = sounddevice.query_hostapis()
    if not apis:
        return -1, -1
    api = apis[sounddevice.default.hostapi]
    return int(api["default_input_device"]), int(api["default_output_device"])


def find(direction: Direction, name: str | None) -> Device:
    """Return the device whose name contains `name`, or the default when `name` is None.

    Case does not matter, and a device called exactly so comes before those whose names
    merely contain it. Of two that are alike, each is called by its socket or serial number, as
    `name_for_settings` does. Anything but one match is a UserError that lists what there is.
    """
    called = CALLED[direction]
    there = [device for device in devices() if device.does(direction)]
    owner = owner_of_busy(direction)
    if not there and owner is not None:
        raise UserError(f"The {called} is in use by {owner}: end that and try again.")
    if not there:
        raise UserError(
            f"There is no {called} on this machine: plug one in, then see 'voice-coach devices'."
        )
    if name is None:
        for device in there:
            if device.default_input if direction == "input" else device.default_output:
                return device
        raise UserError(
            f"No {called} is the default one: choose with --{direction} from {_names(there)}."
        )
    matches = matching(name, there)
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UserError(
            f"'{name}' could be any of these {called}s: {_names(matches)}; "
            f"give --{direction} more of the name."
        )
    used = "" if owner is None else f"; another is in use by {owner}"
    raise UserError(
        f"There is no {called} called '{name}': give --{direction} one of {_names(there)}{used}."
    )


def matching(name: str, there: list[Device]) -> list[Device]:
    """Return those of `there` that are called `name`, or else whose names contain it."""
    return [device for device in there if device.is_called(name)] or [
        device for device in there if name.casefold() in device.name.casefold()
    ]


def owner_of_busy(direction: Direction, cards: Path = Path("/proc/asound")) -> str | None:
    """Return which program holds a hardware device of this kind, or None when all are free.

    PortAudio does not list a device that another program holds; ALSA's `status` files say so.
    """
    kind = "c" if direction == "input" else "p"
    for status in sorted(cards.glob(f"card*/pcm*{kind}/sub*/status")):
        try:
            owner = re.search(r"^owner_pid\s*:\s*(\d+)", status.read_text(), re.MULTILINE)
            if owner is not None:
                program = Path(f"/proc/{owner[1]}/comm").read_text().strip()
                return f"the program '{program}' (process {owner[1]})"
        except OSError:
            continue
    return None


def name_for_settings(device: Device, among: list[Device]) -> str:
    """Return the shortest name that lasts, by which `device` is found `among` others.

    That is without ALSA's numbers where nothing else has it, else with the serial number or, where
    that does not tell, the socket.
    """
    for name in (device.plain, *device._marked()):
        if matching(name, among) == [device]:
            return name
    return device.name


def _names(these: list[Device]) -> str:
    return ", ".join(f"'{name_for_settings(device, these)}'" for device in these)
