"""Waiting until a broken part is mended: quietly, unless somebody speaks to the speaker.

It listens meanwhile with what still works: the recogniser, with which it answers whatever is said
to a coach that sleeps; where that is the broken part, a voice that begins, and not every one.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from voice_coach.clock import SAMPLE_RATE
from voice_coach.coach.states import Mode
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar, CommandHeard
from voice_coach.hearing.commands.front_end import FrontEnd
from voice_coach.hearing.commands.voice_watch import VoiceWatch
from voice_coach.home import equipment
from voice_coach.home.panel import Panel
from voice_coach.home.phrases import coach_phrases
from voice_coach.home.service import ServiceManager
from voice_coach.home.settings import Settings
from voice_coach.home.telling_faults import CannotStart, FaultTeller
from voice_coach.samples import Samples
from voice_coach.sound.block import Block
from voice_coach.sound.card import NoDevice, SoundCard
from voice_coach.sound.devices import find, look_again

_LOG = logging.getLogger(__name__)

DEVICE_LOOK: Final = 2.0
"""Seconds between two looks whether a missing device has come."""
BUTTON_LOOK: Final = 0.2
"""Seconds between two looks at the button."""
RETRIES: Final = (5.0, 10.0, 20.0, 60.0)
"""Seconds between one attempt to start and the next; the last one repeats."""
ANYBODY: Final = 600.0
"""Seconds for which voices are left alone after one, where no words are known: they may be the
radio's."""


@dataclass(slots=True)
class Waiting:
    """Waits before another attempt to start; where a device is missing, until that is there.

    Parameters
    ----------
    teller
        Says what is wrong.
    manager
        Is told that the speaker lives.
    panel
        The keys and lights of the machine. Where its switch has the microphone closed, nobody is
        listened to.
    """

    teller: FaultTeller
    manager: ServiceManager
    panel: Panel
    _tried: int = 0
    _ear: CommandEar | None = None
    _anybody: float | None = None
    """When a voice without words was last answered."""

    def started(self) -> None:
        """Take note that the speaker has started: whatever is wrong from here on is new."""
        self.teller.forget()
        self._ear = self._anybody = None

    def lived(self) -> None:
        """Take note that it ran for long, and may be tried again soon."""
        self._tried = 0

    def wait(self, fault: CannotStart, settings: Settings | None) -> None:
        """Wait for as long as it makes sense, and say `fault` again to whoever speaks to us.

        Whoever presses the button is told, too, and who holds it down ends the waiting.
        """
        missing = fault.__cause__
        if settings is not None and isinstance(missing, NoDevice):
            self._await(missing, fault, settings)
            return
        until = time.monotonic() + RETRIES[min(self._tried, len(RETRIES) - 1)]
        self._tried += 1
        deaf = False
        while time.monotonic() < until and not self.panel.wants_off:
            if deaf or self.panel.muted:
                asked = self._sleep(min(DEVICE_LOOK, until - time.monotonic()))
            else:
                try:
                    asked = self._is_asked(settings or Settings(), until)
                except UserError as error:
                    # What is wrong with the sound is told by the next attempt.
                    _LOG.info("nobody is heard meanwhile: %s", error)
                    asked, deaf = False, True
            if asked:
                self.teller.tell(fault, settings, asked=True)
        look_again()

    def _sleep(self, seconds: float) -> bool:
        """Sleep; return at once, and whether that is so, where the button is pressed."""
        self.manager.alive()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.panel.wants_off:
            time.sleep(min(BUTTON_LOOK, left))
            if self.panel.serve_troubled():
                return True
        return False

    def _await(self, missing: NoDevice, fault: CannotStart, settings: Settings) -> None:
        name = settings.input if missing.direction == "input" else settings.output
        while not self.panel.wants_off:
            asked = self._sleep(DEVICE_LOOK)
            look_again()
            try:
                find(missing.direction, name)
            except UserError:
                self.teller.tell(fault, settings, asked=asked)
            else:
                return

    def _is_asked(self, settings: Settings, until: float) -> bool:
        """Listen until somebody speaks to us, or that moment; return whether somebody did."""
        hears = self._listener(settings)
        with (
            SoundCard(
                input_name=settings.input, output_name=settings.output, render=_nothing
            ) as card,
            self.panel.listening(),
        ):
            card.hurried = False
            for block in card.blocks():
                if block.position % SAMPLE_RATE == 0:
                    self.manager.alive()
                if hears(block) or self.panel.serve_troubled():
                    return True
                if time.monotonic() > until or self.panel.muted or self.panel.wants_off:
                    break
        return False

    def _listener(self, settings: Settings) -> Callable[[Block], bool]:
        """Return what tells whether somebody has spoken to us when a block has been heard."""
        ear = self._ear = self._ear or _ear(settings) or _ear(Settings())
        if ear is not None:
            ear.begin_anew()
            return lambda block: any(
                isinstance(heard, CommandHeard) for heard in ear.feed(block.microphone)
            )
        front_end, watch = FrontEnd(), VoiceWatch()

        def voice(block: Block) -> bool:
            watch.step(*front_end.hop(block.microphone, block.playback))
            return watch.began is not None and self._may_be_for_us()

        return voice

    def _may_be_for_us(self) -> bool:
        now = _seconds()
        if self._anybody is not None and now - self._anybody < ANYBODY:
            return False
        self._anybody = now
        return True


def _seconds() -> float:
    return time.monotonic()


def _ear(settings: Settings) -> CommandEar | None:
    """Return an ear for what is said to a coach that sleeps; None where its model is broken."""
    try:
        ear = CommandEar(equipment.model(settings), coach_phrases(settings.language))
    except (UserError, OSError) as error:
        _LOG.info("no words are understood meanwhile: %s", error)
        return None
    ear.listen_for(str(Mode.ASLEEP))
    return ear


def _nothing(position: int, out: Samples) -> None:
    """Render silence."""
