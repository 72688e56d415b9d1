"""Lights: the kernel's LEDs (``/sys/class/leds``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SYSFS: Final = Path("/sys/class/leds")

USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "listening": ("listening",),
    "heard": ("heard",),
    "muted": ("muted", "mute", "micmute"),
    "trouble": ("trouble", "fault"),
}
"""What lights may show, and what an LED for it may be called; the last three are the kernel's."""


@dataclass(slots=True)
class _Light:
    """An LED that was found."""

    folder: Path
    trigger: str
    full: str
    on: bool | None = None


class Lights:
    """The LEDs of this machine that show what the speaker does; there may be none.

    Parameters
    ----------
    named
        By what they show, the names of LEDs; of what is left out, one by the usual name.
    sysfs
        Where the kernel has its LEDs.
    """

    def __init__(self, named: Mapping[str, str] | None = None, sysfs: Path = SYSFS) -> None:
        self.refused: dict[str, str] = {}
        """LEDs that are there and may not be written, by name, and why."""
        self._lights: dict[str, _Light] = {}
        self._find(named or {}, sysfs)

    @property
    def names(self) -> dict[str, str]:
        """The names of the LEDs that were found, by what they show."""
        return {what: light.folder.name for what, light in self._lights.items()}

    def show(self, what: str, on: bool) -> None:
        """Light the LED for `what`, or put it out; nothing where there is none."""
        light = self._lights.get(what)
        if light is None or light.on == on:
            return
        light.on = on
        try:
            (light.folder / "brightness").write_text(light.full if on else "0")
        except OSError as error:  # it was taken away
            self.refused[light.folder.name] = error.strerror or str(error)
            del self._lights[what]

    def close(self) -> None:
        """Put all out, and give them back to what the kernel showed by them."""
        for what, light in list(self._lights.items()):
            self.show(what, False)
            try:
                (light.folder / "trigger").write_text(light.trigger)
            except OSError:
                continue
        self._lights.clear()

    def _find(self, named: Mapping[str, str], sysfs: Path) -> None:
        try:
            there = sorted(sysfs.iterdir())
        except OSError:
            there = []
        for what, usual in USUAL.items():
            wanted = (named[what],) if what in named else usual
            for folder in there:
                # "devicename:colour:function", or any name of one's own
                if folder.name in wanted or folder.name.rsplit(":", 1)[-1] in wanted:
                    self._take(what, folder)
                    break

    def _take(self, what: str, folder: Path) -> None:
        try:
            triggers = (folder / "trigger").read_text().split()
            full = (folder / "max_brightness").read_text().strip()
            shown = next((each.strip("[]") for each in triggers if each[0] == "["), "none")
            (folder / "trigger").write_text("none")
            (folder / "brightness").write_text("0")
        except OSError as error:
            self.refused[folder.name] = error.strerror or str(error)
            return
        self._lights[what] = _Light(folder, shown, full)
