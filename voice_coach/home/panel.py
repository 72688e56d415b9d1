"""The buttons, switch and lights of the machine, over all beginnings of the speaker."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from msgspec.structs import asdict

from voice_coach.coach import Action, Command, Event, Intent, State, SwitchOff, Thump
from voice_coach.controls import keys, lights
from voice_coach.controls.lights import Lights
from voice_coach.home.hands import Hands, Obeys
from voice_coach.home.observer import Observer
from voice_coach.home.settings import Controls

FLASH: Final = 0.3
"""Seconds for which the light is lit that shows that something was heard."""
SWITCHING_OFF: Final = 30.0
"""Seconds that the command which switches the machine off may take."""


class Panel(Observer):
    """What can be pressed and seen at the machine; does nothing where there is nothing.

    Parameters
    ----------
    announce
        Is told what there is to know on a screen.
    monotonic
        Tells the seconds that pass.
    input_devices, devices, leds
        Where the kernel tells of input devices, where they are, and where its LEDs are.
    """

    def __init__(
        self,
        announce: Callable[[str], None],
        monotonic: Callable[[], float] = time.monotonic,
        *,
        input_devices: Path = keys.SYSFS,
        devices: Path = keys.DEVICES,
        leds: Path = lights.SYSFS,
    ) -> None:
        self._announce = announce
        self._monotonic = monotonic
        self._places = input_devices, devices
        self._leds = leds
        self._controls: Controls | None = None
        self._hands: Hands | None = None
        self._lights: Lights | None = None
        self._heard_until = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def use(self, controls: Controls) -> None:
        """Follow the keys and light the lights that are set."""
        if controls == self._controls:
            return
        self._close()
        self._controls = controls
        self._hands = Hands(controls, self._monotonic, *self._places)
        named = {what: name for what, name in asdict(controls.lights).items() if name is not None}
        self._lights = Lights(named, self._leds)
        self._hands.serve(None)
        for what, why in {**self._hands.refused, **self._lights.refused}.items():
            self._announce(f"“{what}” of this machine cannot be used ({why}).")
        for what, name in named.items():
            if what not in self._lights.names and name not in self._lights.refused:
                self._announce(f"There is no LED “{name}” to show “{what}”.")

    @property
    def names(self) -> str:
        """What there is, in a line; empty where there is nothing."""
        parts = []
        if self._hands is not None and self._hands.names:
            parts.append("keys: " + ", ".join(dict.fromkeys(self._hands.names)))
        if self._lights is not None and self._lights.names:
            parts.append("lights: " + ", ".join(self._lights.names.values()))
        return "; ".join(parts)

    @property
    def muted(self) -> bool:
        """Whether somebody has the microphone closed by hand."""
        return self._hands is not None and self._hands.muted

    @property
    def wants_off(self) -> bool:
        """Whether the machine is to be switched off."""
        return self._hands is not None and self._hands.wants_off

    def serve(self, loop: Obeys, *, muted: bool, trouble: bool) -> None:
        """Do what was pressed since the last block, and show how things are.

        `muted` tells whether nothing may be heard although the microphone is open.
        """
        if self._hands is None:
            return
        self._hands.serve(loop)
        closed = muted or self.muted
        self.show("listening", not closed)
        self.show("muted", closed)
        self.show("trouble", trouble)
        self.show("heard", self._monotonic() < self._heard_until)

    def serve_closed(self, press: Callable[[], None]) -> None:
        """Take note of what is pressed while the microphone is closed; `press` answers a press."""
        self.show("listening", False)
        self.show("heard", False)
        self.show("muted", True)
        if self._hands is None:
            return
        self._hands.serve(None)
        if self._hands.pressed:
            self._hands.pressed = False
            press()

    def serve_troubled(self) -> bool:
        """Take note of what is pressed while something is broken; return whether a button was."""
        if self._hands is None:
            return False
        self._hands.serve(None)
        pressed, self._hands.pressed = self._hands.pressed, False
        return pressed

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Show for the length of the block that the microphone is open."""
        self.show("listening", True)
        try:
            yield
        finally:
            self.show("listening", False)

    @contextmanager
    def troubled(self) -> Iterator[None]:
        """Show for the length of the block that something is broken."""
        self.show("listening", False)
        self.show("trouble", True)
        yield
        self.show("trouble", False)

    def show(self, what: str, on: bool) -> None:
        """Light the LED for `what`, or put it out."""
        if self._lights is not None:
            self._lights.show(what, on)

    def event(self, event: Event, state: State) -> None:
        """See a command or a landing, which is shown; a "stop" also keeps the machine on."""
        if isinstance(event, Command) and event.intent is Intent.STOP and self._hands is not None:
            self._hands.wants_off = False
        if isinstance(event, Command) or (isinstance(event, Thump) and event.certain):
            self._heard_until = self._monotonic() + FLASH

    def action(self, action: Action) -> None:
        """See that somebody said yes to having the machine switched off."""
        if isinstance(action, SwitchOff) and self._hands is not None:
            self._hands.wants_off = True

    def switch_off(self) -> bool:
        """Switch the machine off; return whether that was begun, and say why where it was not."""
        assert self._controls is not None
        assert self._hands is not None
        self._hands.wants_off = False
        command = self._controls.power_off
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SWITCHING_OFF, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            self._announce(f"The machine cannot be switched off by {command[0]!r} ({error}).")
            return False
        if done.returncode:
            why = (done.stderr.strip() or f"code {done.returncode}").splitlines()[-1]
            self._announce(f"The machine cannot be switched off by {command[0]!r} ({why}).")
            return False
        return True

    def _close(self) -> None:
        if self._hands is not None:
            self._hands.close()
        if self._lights is not None:
            self._lights.close()
