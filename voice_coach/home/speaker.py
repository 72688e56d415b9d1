"""The live speaker: the loop on a sound card, until it is told to end."""

import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

from voice_coach.coach import CalibrationFinished, Cue, Event, Intent, State
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar
from voice_coach.home import equipment
from voice_coach.home.file_watch import FileWatch
from voice_coach.home.heel_store import Underfoot
from voice_coach.home.journal import Journal
from voice_coach.home.kept_file import VOLUME, KeptFile
from voice_coach.home.live import CLOSED, LOOK, Announce, LiveSpeaker, stay_closed
from voice_coach.home.machine_clock import LinuxClock
from voice_coach.home.observer import Observer
from voice_coach.home.panel import Panel
from voice_coach.home.residents import open_household
from voice_coach.home.service import ServiceManager
from voice_coach.home.settings import Controls, Settings, read_prescription
from voice_coach.home.sound_keeper import SoundKeeper
from voice_coach.home.switchboard import Switchboard
from voice_coach.home.telling_faults import ANY, CannotStart, FaultTeller, say_aloud, told_as
from voice_coach.home.volume import VolumeKeeper
from voice_coach.home.waiting import Waiting
from voice_coach.home.wiring import wire
from voice_coach.programme.ledger import EndReason, FaultNoted, SessionEnded
from voice_coach.programme.levels import load_levels
from voice_coach.sound.block import Block
from voice_coach.sound.card import NoDevice, SoundCard
from voice_coach.sound.devices import Direction
from voice_coach.speaking import Mixer, Voice

_MISSING: Final[dict[Direction, str]] = {
    "input": "fault.no_microphone",
    "output": "fault.no_loudspeaker",
}
"""The cue that says which device is not there."""

LIVED: Final = 300.0
"""Seconds of running after which a fault is not taken for the one before."""


_ONCE_MORE: Final = 0.01
"""Seconds after which the program is told again to end, where that was lost."""
OFF: Final = 60.0
"""Seconds after which a machine that was to be switched off is taken to stay on."""


def run(
    load: Callable[[], Settings],
    *,
    announce: Announce,
    progress: bool,
    patient: bool = False,
    file: Path | None = None,
) -> None:
    """Be the speaker until the program is asked to end.

    Where settings or prescriptions are changed meanwhile, it begins anew with them, as soon as
    nothing is going on.

    Parameters
    ----------
    load
        Returns what the person has set.
    announce
        Is told what there is to know on a screen.
    progress
        Whether to show how far the preparation has come.
    patient
        Whether to wait, and try again, where it cannot begin or go on.
    file
        The file of the settings, which is looked at for changes.

    Raises
    ------
    UserError
        When it cannot begin and is not `patient`: no sound card, no model, a diary that cannot be
        written. It has been said aloud.
    """
    teller, manager = FaultTeller(), ServiceManager()
    with (
        _until_told_to_end(announce),
        Switchboard(announce) as switchboard,
        Panel(announce) as panel,
    ):
        panel.use(Controls())  # until the settings can be read
        waiting = Waiting(teller, manager, panel)
        life = _Life(load, announce, progress, waiting, switchboard, panel, file)
        while True:
            settings = None
            began = time.monotonic()
            try:
                with told_as("fault.settings"):
                    settings = load()
                switchboard.use(settings.intercom)
                panel.use(settings.controls)
                with told_as(ANY):
                    life.live(settings)
                _switch_off(panel, announce)
                switchboard.hold()
            except CannotStart as fault:
                switchboard.out_of_order(str(fault))
                if time.monotonic() - began > LIVED:
                    waiting.lived()
                is_new = teller.tell(fault, settings)
                if not patient:
                    raise
                if is_new:
                    announce(f"{fault} Trying again until it works.")
                manager.ready(str(fault))
                with panel.troubled():
                    waiting.wait(fault, settings)
                if panel.wants_off:
                    say_aloud("switching_off", settings)
                    _switch_off(panel, announce)


def _switch_off(panel: Panel, announce: Announce) -> None:
    """Switch the machine off where that is wanted, and give it time for that."""
    if panel.wants_off and panel.switch_off():
        announce("Switching off.")
        time.sleep(OFF)


@dataclass(slots=True)
class _Life:
    """What outlasts a change of the settings."""

    load: Callable[[], Settings]
    announce: Announce
    progress: bool
    waiting: Waiting
    switchboard: Switchboard
    panel: Panel
    file: Path | None
    reminded: dict[str | None, list[datetime]] = field(default_factory=dict)
    greeted: bool = False

    def live(self, settings: Settings) -> None:
        """Be the speaker until something that it depends on has changed."""

        def read() -> None:
            new = self.load()
            for own in [new.of(name) for name in new.people] or [new]:
                if own.prescription is not None:
                    read_prescription(own.prescription, load_levels())
            if set(new.people) - set(settings.people):
                equipment.phrases(new, None)

        if self.panel.muted:
            self.waiting.manager.ready(CLOSED)
            self.announce(CLOSED)
            with self.switchboard.closed():
                stay_closed(self.panel, settings, self.waiting.manager.alive)
            if self.panel.wants_off:
                return
        watch = FileWatch(self._files(settings), read)
        with _ready(
            settings,
            self.announce,
            self.progress,
            observers=(self.panel,),
            switchboard=self.switchboard,
            panel=self.panel,
        ) as speaker:
            self.waiting.started()
            self.switchboard.in_order()
            self.waiting.manager.ready("Listening.")
            self.announce(
                "Going on with what was changed."
                if self.greeted
                else "Listening. Say “start beginner”, or “what can I say”."
            )
            for notice in speaker.household.notices:
                speaker.loop.say(Cue(notice))
            if not self.greeted:
                speaker.loop.say(Cue("ready"))
            self.greeted = True
            changed = False

            def over(block: Block) -> bool:
                nonlocal changed
                if speaker.loop.position % LOOK == 0:
                    changed = watch.changed() or changed
                wanted = changed or self.switchboard.wanted or self.panel.wants_off
                return speaker.loop.is_idle and wanted

            speaker.listen(over, self.reminded, self.waiting.manager)

    def _files(self, settings: Settings) -> list[Path]:
        own = [settings.of(name) for name in settings.people] or [settings]
        papers = [each.prescription for each in own if each.prescription is not None]
        recorded = settings.recordings / settings.spoken / "lines"
        return [*papers, recorded, *([self.file] if self.file is not None else [])]


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
    keeper = None if keep is None else SoundKeeper(keep, settings.calibration, underfoot)
    observers = (learning,) if keeper is None else (learning, keeper)
    with (
        _until_told_to_end(announce),
        _ready(settings, announce, progress, underfoot, observers) as speaker,
    ):
        loop = speaker.loop

        def over(block: Block) -> bool:
            if keeper is not None:
                keeper.hear(block)
            return loop.is_idle

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


@contextmanager
def _ready(
    settings: Settings,
    announce: Announce,
    progress: bool,
    underfoot: Underfoot | None = None,
    observers: Sequence[Observer] = (),
    *,
    switchboard: Switchboard | None = None,
    panel: Panel | None = None,
) -> Iterator[LiveSpeaker]:
    """Open the diaries, prepare voice and ears, and open the sound card.

    CannotStart says what is not there.
    """
    with ExitStack() as stack:
        with told_as("fault.diary_start"):
            household = stack.enter_context(
                open_household(settings, _now, underfoot, _elapsed, LinuxClock(_now))
            )
        with told_as("fault.settings"):
            voice = equipment.voice(settings, **household.own_words)
        for sentence in _prepared(voice, progress):
            announce(sentence)
            household.write(FaultNoted(0, "speaking", sentence))
        with told_as("fault.model"):
            model = equipment.model(settings)
        with told_as("fault.name"):
            phrases = equipment.phrases(settings, model)
        mixer = Mixer()
        switchboard = switchboard or Switchboard(announce)
        journal = Journal()
        volume = VolumeKeeper(KeptFile(settings.diary / VOLUME), settings.volume_db)
        looking_on = [*observers, volume, *([journal] if Journal.wanted() else [])]
        loop = wire(
            household,
            commands=CommandEar(model, phrases, journal.explain if Journal.wanted() else None),
            voice=voice,
            mixer=mixer,
            volume_db=settings.volume_db,
            door=switchboard.door,
            louder=volume.steps,
            waking=settings.loudspeaker_wakes_in,
            can_switch_off=panel is not None and bool(settings.controls.power_off),
            observers=(*looking_on, *switchboard.observers(household)),
        )
        card = SoundCard(
            input_name=settings.input, output_name=settings.output, render=mixer.render
        )
        try:
            stack.enter_context(card)
        except NoDevice as error:
            raise CannotStart(_MISSING[error.direction], str(error)) from error
        except UserError as error:
            raise CannotStart("fault.sound", str(error)) from error
        try:
            panel = panel or Panel(announce)
            yield LiveSpeaker(settings, announce, household, loop, card, switchboard, panel, model)
        finally:
            if loop.coach.in_session:
                household.write(SessionEnded(loop.position, EndReason.INTERRUPTED))


def _prepared(voice: Voice, progress: bool) -> list[str]:
    """Prepare `voice`; return what will not be heard as it should be."""
    with told_as("fault.settings"):
        return [f"{fault.text}: {fault.reason}" for fault in voice.prepare(progress)]


def _now() -> datetime:
    """Return the time of the day: the one place where a live session asks for it."""
    return datetime.now().astimezone()


class _EndAsked(BaseException):
    """Somebody asked the program to end; no handler of errors may take it for one."""


def _elapsed() -> float:
    """Return the seconds since the machine was switched on, its sleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


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

    def lost(what: "sys.UnraisableHookArgs") -> None:
        # Raised in a callback from C, as while a clip is decoded, it comes to nothing: once more.
        if what.exc_type is not _EndAsked:
            hook(what)
            return
        signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, _ONCE_MORE)

    hook, sys.unraisablehook = sys.unraisablehook, lost
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    except _EndAsked:
        announce("Ended.")
        return
    except BaseException:
        _restore(before)
        raise
    finally:
        sys.unraisablehook = hook
    _restore(before)


def _restore(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
