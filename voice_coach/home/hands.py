"""What a button and a switch at the machine mean.

The button is "stop", at once, whatever is going on; where nothing is, to press it and let it go is
"start". It does no more than the words: a session begins by spoken answers. Held down, it switches
the machine off, if the settings say how. The switch closes the microphone.
"""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

from voice_coach.coach import Cue, Intent
from voice_coach.controls import key_names
from voice_coach.controls.keys import DEVICES, MUTE_SWITCH, SYSFS, Keys, Moved
from voice_coach.home.settings import Controls

_LOG = logging.getLogger(__name__)

HELD: Final = 5.0
"""Seconds after which a button that is held down switches the machine off."""
CALM: Final = 5.0
"""Seconds from a press that stopped something to one that may begin something: whoever presses the
button again and again wants it to stop."""
LOOK: Final = 1.0
"""Seconds between two looks whether something has been plugged in."""


class Obeys(Protocol):
    """What is told what was pressed: the loop."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is going on, and nothing is being said."""

    def ask(self, intent: Intent) -> None:
        """Do as if it had been said."""

    def say(self, cue: Cue) -> None:
        """Say it."""


class Hands:
    """Follows the keys of the machine; a press is to be served between two blocks.

    Parameters
    ----------
    controls
        Which keys mean what.
    monotonic
        Tells the seconds that pass.
    sysfs, devices
        Where the kernel tells of input devices, and where they are.
    """

    def __init__(
        self,
        controls: Controls,
        monotonic: Callable[[], float] = time.monotonic,
        sysfs: Path = SYSFS,
        devices: Path = DEVICES,
    ) -> None:
        self._controls = controls
        self._monotonic = monotonic
        self._button = frozenset(_numbers(controls.button))
        self._mute = frozenset(_numbers(controls.mute))
        wanted = {*self._button, *self._mute, MUTE_SWITCH}
        self._keys = Keys(wanted, controls.device, sysfs, devices)
        self._looked = -LOOK
        self._pressed: float | None = None  # when the button went down that is down
        self._stopped = -CALM  # when it last stopped something
        self._may_start = False
        self._closed: set[tuple[str, int]] = set()  # the switches that close the microphone
        self._toggled = False
        self.wants_off = False
        """Whether the machine is to be switched off, as soon as that has been said."""
        self.pressed = False
        """Whether the button has been pressed since this was last set to False."""

    @property
    def names(self) -> list[str]:
        """The devices whose keys are followed."""
        return self._keys.names

    @property
    def refused(self) -> dict[str, str]:
        """Devices that have such keys and may not be read, and why."""
        return self._keys.refused

    @property
    def muted(self) -> bool:
        """Whether a switch, or a button for it, has the microphone closed."""
        return self._toggled or bool(self._closed)

    def serve(self, loop: Obeys | None) -> None:
        """Do what was pressed since; without a `loop`, where it is deaf, only take note of it."""
        now = self._monotonic()
        moved: list[Moved] = []
        if now - self._looked >= LOOK:
            self._looked = now
            moved += self._keys.look()
        for each in [*moved, *self._keys.take()]:
            if each.number in self._button:
                self._press(each.down, now, loop)
            else:
                self._turn(each)
        held = self._pressed is not None and now - self._pressed >= HELD
        if held and self._controls.power_off and not self.wants_off:
            self._pressed = None
            _LOG.info("the button was held down: switching off")
            if loop is not None:
                for _ in range(2):  # a session, and then its summary
                    loop.ask(Intent.STOP)
                loop.say(Cue("switching_off"))
            self.wants_off = True

    def close(self) -> None:
        """Follow no keys any more."""
        self._keys.close()

    def _press(self, down: bool, now: float, loop: Obeys | None) -> None:
        if not down:
            if self._pressed is not None and self._may_start and loop is not None and loop.is_idle:
                _LOG.info("the button was pressed: start")
                loop.ask(Intent.START)
            self._pressed = None
            return
        self._pressed = now
        self.pressed = True
        self._may_start = now - self._stopped >= CALM
        if loop is not None and not loop.is_idle:
            _LOG.info("the button was pressed: stop")
            loop.ask(Intent.STOP)
            self._stopped = now
            self._may_start = False

    def _turn(self, moved: Moved) -> None:
        if moved.number == MUTE_SWITCH or self._controls.mute_stays:
            switch = moved.device, moved.number
            (self._closed.add if moved.down else self._closed.discard)(switch)
        elif moved.down:
            self._toggled = not self._toggled


def _numbers(keys: Sequence[str | int]) -> list[int]:
    numbers = [key_names.number(key) for key in keys]
    return [number for number in numbers if number is not None]
