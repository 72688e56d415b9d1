"""The loop: wires ears, coach, voice and diary together on the stream's clock.

The same for the live speaker and for a rehearsal: whoever owns the samples calls
:meth:`Loop.step` with each microphone block and asks the mixer for loudspeaker samples.
It holds no rule of any room; it translates what one says into what another understands.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from voice_coach.coach import (
    Action,
    AskHearing,
    CalibrationFinished,
    ChangePerson,
    CloseWindow,
    Coach,
    Command,
    Cue,
    DiaryBack,
    DiaryLost,
    DoorAnswered,
    Event,
    FinishCalibration,
    HearingReport,
    Hush,
    Intent,
    LetIn,
    Listen,
    NotUnderstood,
    OpenWindow,
    PlansMade,
    Play,
    Record,
    SetVolume,
    ShowOut,
    SoundBack,
    SoundLost,
    Spoken,
    StartCalibration,
    Thump,
)
from voice_coach.coach.states import MODES, State
from voice_coach.hearing.commands import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.heels import CalibrationFailed
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.home.event_queue import EventQueue
from voice_coach.home.observer import Observer, Sounding
from voice_coach.home.phrases import meant
from voice_coach.home.residents import Household
from voice_coach.programme.ledger import CHANGES_PLANS, Complaint, Entry, LagHeard, SessionStarted
from voice_coach.samples import Samples
from voice_coach.sound.block import Block
from voice_coach.speaking import Speech
from voice_coach.timed_word import TimedWord


class CommandSource(Protocol):
    """Where commands come from: the command ear, or a script of a rehearsal."""

    def listen_for(self, mode: str) -> None:
        """Listen for the commands of `mode` from the next sample on."""

    def own_speech(self, start: int, end: int, words: Sequence[TimedWord]) -> None:
        """Take note that we shall say `words`, or sound a tone, over [`start`, `end`)."""

    def hush_own_speech(self, at: int) -> None:
        """Take note that our speech was cut off at `at`."""

    def feed(
        self, microphone: Samples, playback: Samples | None = None
    ) -> list[CommandHeard | SpeechNotUnderstood]:
        """Take in the next samples, and what our loudspeaker emitted meanwhile."""

    @property
    def speech_began(self) -> int | None:
        """Since when somebody else has been speaking, if somebody is."""


class Door(Protocol):
    """Where the page of the home is told who may come in."""

    def let_in(self, role: str) -> str | None:
        """Return the digits by which somebody may come in as `role`; None without a page."""

    def show_out(self) -> bool:
        """Let nobody in any more; return whether there is a page."""


class Loop:
    """Carries events to the coach and actions from it, block by block.

    Parameters
    ----------
    coach
        The coach.
    commands
        Where spoken commands come from.
    heels
        The heel ear.
    speech
        Says the coach's cues.
    household
        Who lives here: writes the diary, makes the plans, and keeps what is learnt of the heels.
    observers
        Are shown everything that goes on.
    door
        Of the page of the home, if there is one.
    """

    def __init__(
        self,
        *,
        coach: Coach,
        commands: CommandSource,
        heels: HeelEar,
        speech: Speech,
        household: Household,
        observers: Sequence[Observer] = (),
        door: Door | None = None,
    ) -> None:
        self.coach: Final = coach
        self.heels: Final = heels
        self._commands = commands
        self._speech = speech
        self._household = household
        self._observers = observers
        self._door = door
        self._position = 0
        self._queue = EventQueue()
        self._diary_lost = False
        commands.listen_for(MODES[coach.state])

    @property
    def is_speaking(self) -> bool:
        """Whether something is sounding, or is yet to sound."""
        return self._position < self._speech.end

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer, nor could want us to be silent."""
        return self.coach.state is State.ASLEEP and not self.is_speaking

    @property
    def position(self) -> int:
        """The stream position up to which the microphone has been heard."""
        return self._position

    def step(self, block: Block) -> None:
        """Hear one block, and do whatever follows from it."""
        assert block.position == self._position, "a block is missing"
        self._position += len(block.microphone)
        self._watch_diary()
        for heard in self._commands.feed(block.microphone, block.playback):
            self._queue.expect(_command(heard))
        for landing in self.heels.feed(block.microphone, block.playback):
            self._queue.expect(
                Thump(
                    landing.decided,
                    landing.impact,
                    landing.level_db,
                    landing.gentle_db,
                    self.heels.drifted,
                    landing.certain,
                    landing.late,
                )
            )
        while event := self._queue.next_due(self._position, self.coach.deadline):
            self._deliver(event)
        for apart in self.heels.heels_apart():
            if self.coach.in_session:
                self._household.write(LagHeard(apart.decided, apart.landed, apart.lag_ms))
        self._speech.follow_room(block.microphone, block.playback)
        self._speech.give_way(self._commands.speech_began, self._position)

    def _watch_diary(self) -> None:
        """Tell the coach when nothing can be written down any more, and when it can again."""
        lost = self._household.trouble is not None
        if lost != self._diary_lost:
            self._diary_lost = lost
            self._queue.expect((DiaryLost if lost else DiaryBack)(self._position))

    def say(self, cue: Cue) -> None:
        """Say something that is not the coach's: at the start, or about a fault."""
        self._place(self._position, (cue,))

    def ask(self, intent: Intent) -> None:
        """Do as if the command `intent` had been spoken."""
        self._deliver(Command(self._position, intent))

    def tell(self, event: Event) -> None:
        """Tell the coach of something that happened elsewhere."""
        self._deliver(event)

    def sound_lost(self, *, deaf: bool = False) -> None:
        """Tell the coach that microphone or loudspeaker have gone, or that the one is `deaf`."""
        self._deliver(SoundLost(self._position, deaf))
        if deaf and not self.coach.in_session:
            self.say(Cue("fault.deaf"))

    def sound_back(self) -> None:
        """Tell the coach that they are back."""
        self._deliver(SoundBack(self._position))

    def plans_changed(self) -> None:
        """Make the plans for today anew: the day has changed."""
        self._deliver(PlansMade(self._position, self._household.plans()))

    def _deliver(self, event: Event) -> None:
        actions = self.coach.handle(event)
        for observer in self._observers:
            observer.event(event, self.coach.state)
        for action in actions:
            for observer in self._observers:
                observer.action(action)
            self._perform(action)

    def _perform(self, action: Action) -> None:
        match action:
            case Play(at, cues, utterance):
                end = self._place(at, cues)
                self._queue.expect(Spoken(end, utterance))
            case Hush():
                self._hush()
            case Listen(_, mode):
                self._commands.listen_for(mode)
            case OpenWindow(_, start, end, prompted, gentle):
                self.heels.open_window(start, end, prompted=prompted, gentle=gentle)
            case CloseWindow():
                self.heels.close_window()
            case AskHearing(at):
                self._deliver(HearingReport(at, self.heels.can_hear))
            case StartCalibration():
                self.heels.start_calibration()
            case FinishCalibration(at):
                self._deliver(self._finish_calibration(at))
            case SetVolume(_, db):
                self._speech.make_louder(db)
            case ChangePerson(at, person):
                self._change_person(at, person)
            case LetIn() | ShowOut():
                self._queue.expect(self._at_the_door(action))
            case Record(at, entry):
                self._record(at, entry)

    def _at_the_door(self, action: LetIn | ShowOut) -> DoorAnswered:
        """Let somebody in, or everybody out, where there is a page."""
        if self._door is None:
            return DoorAnswered(action.at)
        if isinstance(action, ShowOut):
            return DoorAnswered(action.at, there=self._door.show_out())
        code = self._door.let_in(action.role)
        return DoorAnswered(action.at, code, code is not None)

    def _place(self, at: int, cues: tuple[Cue, ...]) -> int:
        """Place `cues` one after the other; return where the last one ends."""
        for cue in cues:
            placed = self._speech.place(at, cue.name, dict(cue.slots))
            self._commands.own_speech(placed.start, placed.end, placed.words)
            for observer in self._observers:
                observer.sounding(Sounding(placed.start, placed.end, cue, placed.text))
            at = placed.end
        return at

    def _hush(self) -> None:
        self._speech.hush(self._position)
        self._commands.hush_own_speech(self._position)
        self._queue.forget(Spoken)

    def _finish_calibration(self, at: int) -> CalibrationFinished:
        try:
            template = self.heels.finish_calibration()
        except CalibrationFailed as failure:
            microphone = tuple(self.heels.microphone_problems())
            return CalibrationFinished(at, failure.reason, failure.heard, microphone)
        self.heels.know(self._household.keep_template(template))
        if self._household.present.heels_unkept:
            self.say(Cue("fault.heels_unkept"))
        return CalibrationFinished(at, microphone=tuple(self.heels.microphone_problems()))

    def _change_person(self, at: int, person: str) -> None:
        self._household.change_person(person)
        templates = self._household.templates()
        self.heels.listen_to(templates)
        self._queue.expect(PlansMade(at, self._household.plans(), bool(templates)))

    def _record(self, at: int, entry: Entry) -> None:
        self._household.write(entry)
        if isinstance(entry, SessionStarted):
            self.heels.choose()
            if self._diary_lost:
                self._queue.expect(DiaryLost(at))
        if isinstance(entry, CHANGES_PLANS):
            self._queue.expect(PlansMade(at, self._household.plans()))


def _command(heard: CommandHeard | SpeechNotUnderstood) -> Event:
    """Return what was heard as the coach understands it."""
    if isinstance(heard, SpeechNotUnderstood):
        return NotUnderstood(heard.decided)
    slots = heard.slots
    complaint = slots.get("complaint")
    return Command(
        heard.decided,
        meant(heard.intent, slots),
        slots.get("level"),
        slots.get("person"),
        None if complaint is None else Complaint(complaint),
        heard.sure,
        slots.get("role"),
    )
