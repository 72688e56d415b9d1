"""Blocks from the sound card to the loop, until it is over; what happens to the card meanwhile."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import numpy as np

from voice_coach.clock import SAMPLE_RATE
from voice_coach.coach import Cue, Intent
from voice_coach.hearing.commands import CommandModel
from voice_coach.home.deafness import DeafnessWatch
from voice_coach.home.panel import Panel
from voice_coach.home.reminding import Reminder
from voice_coach.home.residents import Household
from voice_coach.home.service import ServiceManager
from voice_coach.home.session_loop import Loop
from voice_coach.home.settings import Settings
from voice_coach.home.switchboard import Switchboard
from voice_coach.home.telling_faults import say_aloud
from voice_coach.programme.ledger import FaultNoted
from voice_coach.sound.block import Block
from voice_coach.sound.card import SoundCard, SoundLost

DEAF: Final = (
    "The microphone is there, but hears nothing at all: it is muted, or the sound server listens "
    "to another device."
)
CLOSED: Final = "The microphone is closed by hand."
MINUTE: Final = 60 * SAMPLE_RATE
"""Samples from one look at the day and the reminders to the next."""
LOOK: Final = SAMPLE_RATE
"""Samples from one look at the settings, prescriptions and diary to the next."""
CLOSED_LOOK: Final = 0.1
"""Seconds between two looks whether the microphone may be opened again."""

Announce = Callable[[str], None]
"""Is told, in a sentence, what there is to know on a screen."""


@dataclass(slots=True)
class _Today:
    """The day for which the plans were made."""

    date: date


@dataclass(frozen=True, slots=True)
class LiveSpeaker:
    """The loop on an open sound card."""

    settings: Settings
    announce: Announce
    household: Household
    loop: Loop
    card: SoundCard
    switchboard: Switchboard
    panel: Panel
    model: CommandModel

    def listen(
        self,
        over: Callable[[Block], bool],
        reminded: dict[str | None, list[datetime]] | None = None,
        manager: ServiceManager | None = None,
    ) -> None:
        """Carry blocks from the card to the loop until it is over; outlive the loss of a device.

        The service `manager`, if there is one, is told once a second that sound flows.
        """
        alive = (manager or ServiceManager()).alive
        reminder = Reminder(self.settings.reminders, self.household, reminded)
        today = _Today(self.household.clock().date())
        devices = self.settings.input, self.settings.output
        self.switchboard.answer_for(self.loop, reminder, devices)
        while True:
            try:
                if self._carry(over, reminder, today, alive):
                    return
                self._be_closed(alive)
                if self.panel.wants_off:
                    return
            except SoundLost as lost:
                self._outlive(lost, alive)

    def _carry(
        self,
        over: Callable[[Block], bool],
        reminder: Reminder,
        today: _Today,
        alive: Callable[[], None],
    ) -> bool:
        """Carry blocks until it is `over`; return False where the microphone is to be closed."""
        loop, switchboard = self.loop, self.switchboard
        watch = DeafnessWatch()
        for block in self.card.blocks():
            if switchboard.muted:
                loop.step(replace(block, microphone=np.zeros_like(block.microphone)))
            else:
                loop.step(block)
                if watch.hear(block):
                    self._tell_of_deafness(watch.deaf)
            switchboard.hear(block.microphone)
            switchboard.serve(self.household.clock)
            self.panel.serve(loop, muted=switchboard.muted, trouble=switchboard.troubles.any)
            self.card.hurried = not loop.is_idle
            if over(block):
                return True
            if self.panel.muted:
                return False
            if loop.position % LOOK == 0:
                alive()
                switchboard.troubles.note("diary", self.household.trouble)
            if loop.position % MINUTE == 0 and not loop.coach.in_session:
                self._look_at_the_day(reminder, today)
        raise AssertionError("the card has no end")

    def _look_at_the_day(self, reminder: Reminder, today: _Today) -> None:
        """Take up another day, and what the command line changed; remind of what is due."""
        now = self.household.clock()
        before, today.date = today.date, now.date()
        if today.date != before or self.household.present.diary.changed_elsewhere():
            self.loop.plans_changed()
        if self.loop.is_idle:
            for cue in reminder.due(now):
                self.loop.say(cue)

    def _outlive(self, lost: SoundLost, alive: Callable[[], None]) -> None:
        """Wait until a device that was lost is back."""
        self.announce(str(lost))
        self.household.write(FaultNoted(self.loop.position, "sound", str(lost)))
        self.loop.sound_lost()
        with self.switchboard.without_sound(str(lost)), self.panel.troubled():
            self.card.recover(meanwhile=alive)
        self.announce("The sound is back.")
        self.loop.sound_back()

    def _be_closed(self, alive: Callable[[], None]) -> None:
        """Close the microphone until it may be opened again, with what is going on stopped."""
        self.loop.ask(Intent.STOP)
        self.loop.sound_lost()
        self.card.close()
        self.announce(CLOSED)
        with self.switchboard.closed():
            stay_closed(self.panel, self.settings, alive)
        if self.panel.wants_off:
            return
        self.card.recover(meanwhile=alive)
        self.announce("The microphone is open again.")
        self.loop.say(Cue("unmuted"))

    def _tell_of_deafness(self, deaf: bool) -> None:
        if not deaf:
            self.announce("The microphone hears again.")
            self.switchboard.troubles.note("microphone", None)
            self.loop.sound_back()
            return
        self.announce(DEAF)
        self.switchboard.troubles.note("microphone", DEAF)
        self.household.write(FaultNoted(self.loop.position, "sound", DEAF))
        self.loop.sound_lost(deaf=True)


def stay_closed(panel: Panel, settings: Settings, alive: Callable[[], None]) -> None:
    """Say that nothing can be heard, and wait until the microphone may be opened, or all is over.

    No device is open meanwhile but the loudspeaker, for the length of a sentence. Whoever presses
    the button is told why nothing happens.
    """

    def say() -> None:
        say_aloud("muted", settings)

    panel.serve_closed(lambda: None)
    say()
    while panel.muted and not panel.wants_off:
        alive()
        time.sleep(CLOSED_LOOK)
        panel.serve_closed(say)
    if panel.wants_off:
        say_aloud("switching_off", settings)
