"""The live speaker: the loop on a sound card, until it is told to end."""

import logging
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

from voice_coach.clock import SAMPLE_RATE
from voice_coach.coach import CalibrationFinished, Cue, Event, Intent, State
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar
from voice_coach.hearing.commands.explanation import noted
from voice_coach.home import equipment
from voice_coach.home.heel_store import Underfoot
from voice_coach.home.observer import Observer
from voice_coach.home.reminding import Reminder
from voice_coach.home.residents import Household, open_household
from voice_coach.home.session_loop import Loop
from voice_coach.home.settings import Settings
from voice_coach.home.sound_keeper import SoundKeeper
from voice_coach.home.wiring import wire
from voice_coach.programme.ledger import EndReason, FaultNoted, SessionEnded
from voice_coach.sound.block import Block
from voice_coach.sound.card import SoundCard, SoundLost
from voice_coach.sound.playback import play
from voice_coach.speaking import Mixer, Voice

_LOG = logging.getLogger(__name__)

Announce = Callable[[str], None]
"""Is told, in a sentence, what there is to know on a screen."""

MINUTE: Final = 60 * SAMPLE_RATE
"""Samples from one look at the day and the reminders to the next."""


class _EndAsked(Exception):  # noqa: N818 - not an error
    """Somebody asked the program to end."""


def run(settings: Settings, *, announce: Announce, progress: bool) -> None:
    """Be the speaker until the program is asked to end.

    Parameters
    ----------
    settings
        What the person has set.
    announce
        Is told what there is to know on a screen.
    progress
        Whether to show how far the preparation has come.

    Raises
    ------
    UserError
        When it cannot begin: no sound card, no model, a diary that cannot be written.
    """
    with _until_told_to_end(announce), _ready(settings, announce, progress) as speaker:
        announce("Listening. Say “start beginner”, or “what can I say”.")
        speaker.loop.say(Cue("ready"))
        speaker.listen(lambda _: False)


def calibrate(
    settings: Settings,
    *,
    announce: Announce,
    progress: bool,
    keep: Path | None = None,
    underfoot: Underfoot | None = None,
) -> bool:
    """Have the coach ask for three good drops and a gentle one; return whether it learnt them.

    Parameters are those of :func:`run`; `keep` is a folder for what the microphone heard, and
    `underfoot` what the drops are made in, and on. Without it they are known by their sound.
    """
    learning = _Learning()
    keeper = None if keep is None else SoundKeeper(keep, settings.calibration)
    observers = (learning,) if keeper is None else (learning, keeper)
    with (
        _until_told_to_end(announce),
        _ready(settings, announce, progress, underfoot, observers) as speaker,
    ):
        loop = speaker.loop

        def over(block: Block) -> bool:
            if keeper is not None:
                keeper.hear(block)
            return loop.coach.state is State.ASLEEP and not loop.is_speaking

        loop.ask(Intent.CALIBRATE)
        speaker.listen(over)
    if keeper is not None:
        announce(f"Kept what was heard: {keeper.save(_now())}")
    return learning.has_learnt


class _Learning(Observer):
    """Sees whether a calibration has learnt anything."""

    has_learnt = False

    def event(self, event: Event, state: State) -> None:
        """See a calibration that went well."""
        if isinstance(event, CalibrationFinished) and event.problem is None:
            self.has_learnt = True


@dataclass(frozen=True, slots=True)
class _Speaker:
    """The loop on an open sound card."""

    settings: Settings
    announce: Announce
    household: Household
    loop: Loop
    card: SoundCard

    def listen(self, over: Callable[[Block], bool]) -> None:
        """Carry blocks from the card to the loop until it is over; outlive the loss of a device."""
        loop, household = self.loop, self.household
        day = household.clock().date()
        reminder = Reminder(self.settings.reminders, household)
        while True:
            try:
                for block in self.card.blocks():
                    loop.step(block)
                    if over(block):
                        return
                    if loop.position % MINUTE == 0 and not loop.coach.in_session:
                        before, day = day, household.clock().date()
                        if day != before or household.present.diary.changed_elsewhere():
                            loop.plans_changed()
                        if loop.coach.state is State.ASLEEP and not loop.is_speaking:
                            for cue in reminder.due(household.clock()):
                                loop.say(cue)
            except SoundLost as lost:
                self.announce(str(lost))
                household.write(FaultNoted(loop.position, "sound", str(lost)))
                loop.sound_lost()
                self.card.recover()
                self.announce("The sound is back.")
                loop.sound_back()


@contextmanager
def _ready(
    settings: Settings,
    announce: Announce,
    progress: bool,
    underfoot: Underfoot | None = None,
    observers: Sequence[Observer] = (),
) -> Iterator[_Speaker]:
    """Open the diaries, prepare voice and ears, and open the sound card."""
    with open_household(settings, _now, underfoot) as household:
        voice = equipment.voice(settings, **household.own_words)
        for fault in voice.prepare(progress):
            sentence = f"{fault.text}: {fault.reason}"
            announce(sentence)
            household.write(FaultNoted(0, "speaking", sentence))
        model = equipment.model(settings)
        mixer = Mixer()
        loop = wire(
            household,
            commands=CommandEar(model, equipment.phrases(settings, model), noted()),
            voice=voice,
            mixer=mixer,
            volume_db=settings.volume_db,
            observers=observers,
        )
        card = SoundCard(
            input_name=settings.input, output_name=settings.output, render=mixer.render
        )
        try:
            card.__enter__()
        except UserError:
            _say_without_microphone(voice, settings.output)
            raise
        try:
            yield _Speaker(settings, announce, household, loop, card)
        finally:
            if loop.coach.in_session:
                household.write(SessionEnded(loop.position, EndReason.INTERRUPTED))
            card.__exit__(None, None, None)


def _say_without_microphone(voice: Voice, output: str | None) -> None:
    """Say that nothing can be heard, if only the microphone is missing."""
    try:
        play(voice.clip("fault.no_microphone", {}).samples, output)
    except UserError as error:
        _LOG.info("nor is there a loudspeaker to say so: %s", error)


def _now() -> datetime:
    """Return the time of the day: the one place where a live session asks for it."""
    return datetime.now().astimezone()


@contextmanager
def _until_told_to_end(announce: Announce) -> Iterator[None]:
    """Turn the signals by which programs are ended into one orderly end."""
    numbers = (signal.SIGINT, signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> None:
        # The program is on its way out, and who asks twice must not break off what is being
        # written down: from here on both signals are ignored for good.
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise _EndAsked

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    except _EndAsked:
        announce("Ended.")
        return
    except BaseException:
        _restore(before)
        raise
    _restore(before)


def _restore(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
