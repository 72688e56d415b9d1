"""The live speaker: the loop on a sound card, until it is told to end."""

import logging
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

from voice_coach.clock import SAMPLE_RATE
from voice_coach.coach import Coach, Cue, Intent, State
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.home import equipment
from voice_coach.home.heel_store import Footing
from voice_coach.home.residents import Reminder, Resident, at_home
from voice_coach.home.session_loop import Loop, Newcomer
from voice_coach.home.settings import Settings
from voice_coach.home.sound_keeper import Keeper
from voice_coach.programme.ledger import EndReason, Entry, FaultNoted, SessionEnded
from voice_coach.programme.planner import Today
from voice_coach.programme.rules import load_rules
from voice_coach.programme.screening import questions
from voice_coach.sound.block import Block
from voice_coach.sound.card import SoundCard, SoundLost
from voice_coach.sound.playback import play
from voice_coach.speaking import Mixer, Voice

_LOG = logging.getLogger(__name__)

Announce = Callable[[str], None]
"""Is told, in a sentence, what there is to know on a screen."""

MINUTE: Final = 60 * SAMPLE_RATE
"""How often it is looked whether the plans have changed or a reminder is due, in samples."""


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
    speaker = _Speaker(settings, announce)
    with _until_told_to_end(announce), speaker.ready(progress) as (card, loop):
        announce("Listening. Say “start beginner”, or “what can I say”.")
        loop.say(Cue("ready"))
        speaker.listen(card, loop, lambda _: False)


def calibrate(
    settings: Settings,
    *,
    announce: Announce,
    progress: bool,
    keep: Path | None = None,
    footing: Footing | None = None,
) -> bool:
    """Have the coach ask for three good drops and a gentle one; return whether it learnt them.

    Parameters are those of :func:`run`; `keep` is a folder for what the microphone heard, and
    `footing` what the drops are made in, and on. Without it they are known by their sound.
    """
    speaker = _Speaker(settings, announce, footing)
    keeper = None if keep is None else Keeper(keep)
    observers = () if keeper is None else (keeper,)
    with _until_told_to_end(announce), speaker.ready(progress, observers) as (card, loop):

        def over(block: Block) -> bool:
            if keeper is not None:
                keeper.hear(block)
            return loop.coach.state is State.ASLEEP and not loop.is_speaking

        loop.ask(Intent.CALIBRATE)
        speaker.listen(card, loop, over)
    if keeper is not None:
        announce(f"Kept what was heard: {keeper.save()}")
    return speaker.has_learnt


class _Speaker:
    """What a live session needs, put together as the settings say."""

    def __init__(
        self, settings: Settings, announce: Announce, footing: Footing | None = None
    ) -> None:
        self._settings = settings
        self._footing = footing
        self._announce = announce
        self._residents: Mapping[str | None, Resident]
        self._present: Resident
        """Whose turn it is."""
        self.has_learnt = False

    @contextmanager
    def ready(
        self, progress: bool, observers: tuple[Keeper, ...] = ()
    ) -> Iterator[tuple[SoundCard, Loop]]:
        """Open the diaries, prepare voice and ears, and open the sound card."""
        settings = self._settings
        with at_home(settings) as self._residents:
            self._present = next(iter(self._residents.values()))
            voice = equipment.voice(
                settings,
                people=tuple(settings.people),
                cautions=[text for who in self._residents.values() for text in who.cautions],
            )
            for fault in voice.prepare(progress):
                self._note(0, "speaking", f"{fault.text}: {fault.reason}")
            mixer = Mixer()
            loop = self._loop(voice, mixer, observers)
            card = SoundCard(
                input_name=settings.input, output_name=settings.output, render=mixer.render
            )
            try:
                card.__enter__()
            except UserError:
                self._say_without_microphone(voice)
                raise
            try:
                yield card, loop
            finally:
                if loop.coach.in_session:
                    end = SessionEnded(loop.position, EndReason.INTERRUPTED)
                    self._present.diary.record(end)
                card.__exit__(None, None, None)

    def listen(self, card: SoundCard, loop: Loop, over: Callable[[Block], bool]) -> None:
        """Carry blocks from the card to the loop until it is over; outlive the loss of a device."""
        day = _now().date()
        reminder = Reminder(self._settings.reminders, self._residents)
        while True:
            try:
                for block in card.blocks():
                    loop.step(block)
                    if over(block):
                        return
                    if loop.position % MINUTE == 0 and not loop.coach.in_session:
                        before, day = day, _now().date()
                        if day != before or self._present.diary.changed_elsewhere():
                            loop.plans_changed()
                        if loop.coach.state is State.ASLEEP and not loop.is_speaking:
                            for cue in reminder.due(_now()):
                                loop.say(cue)
            except SoundLost as lost:
                self._note(loop.position, "sound", str(lost))
                loop.sound_lost()
                card.recover()
                self._announce("The sound is back.")
                loop.sound_back()

    def _loop(self, voice: Voice, mixer: Mixer, observers: tuple[Keeper, ...]) -> Loop:
        settings = self._settings
        templates = self._present.templates()
        model = equipment.model(settings)

        def plans() -> Today:
            return self._present.plans(_now().date())

        def write(entry: Entry) -> None:
            self._present.diary.record(entry, _now())

        def keep_template(learnt: HeelTemplate) -> list[HeelTemplate]:
            known = self._present.keep_template(learnt, self._footing)
            self.has_learnt = True
            return known

        def change_person(person: str) -> Newcomer:
            self._present = self._residents[person]
            return Newcomer(plans(), self._present.templates())

        return Loop(
            coach=Coach(
                plans(),
                limits=load_rules().pace,
                calibrated=bool(templates),
                people=tuple(settings.people),
                questions=questions("screening"),
            ),
            commands=CommandEar(model, equipment.phrases(settings, model)),
            heels=HeelEar(templates),
            voice=voice,
            mixer=mixer,
            write=write,
            plans=plans,
            keep_template=keep_template,
            change_person=change_person,
            observers=observers,
            volume_db=settings.volume_db,
        )

    def _note(self, at: int, source: str, sentence: str) -> None:
        self._announce(sentence)
        self._present.diary.record(FaultNoted(at, source, sentence))

    def _say_without_microphone(self, voice: Voice) -> None:
        """Say that nothing can be heard, if only the microphone is missing."""
        try:
            play(voice.clip("fault.no_microphone", {}).samples, self._settings.output)
        except UserError as error:
            _LOG.info("nor is there a loudspeaker to say so: %s", error)


def _now() -> datetime:
    # The one place where the time of the day is asked for.
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
