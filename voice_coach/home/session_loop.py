"""The loop: wires ears, coach, voice and diary together on the stream's clock.

The same for the live speaker and for a rehearsal: whoever owns the samples calls
:meth:`Loop.step` with each microphone block and asks the mixer for loudspeaker samples.
It holds no rule of any room; it translates what one says into what another understands.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from voice_coach.clock import to_samples
from voice_coach.coach import (
    Action,
    AskHearing,
    CalibrationFinished,
    ChangePerson,
    CloseWindow,
    Coach,
    Command,
    Cue,
    Event,
    FinishCalibration,
    HearingReport,
    Hush,
    Intent,
    Listen,
    NotUnderstood,
    OpenWindow,
    PlansMade,
    Play,
    Record,
    SetVolume,
    SoundBack,
    SoundLost,
    Spoken,
    StartCalibration,
    State,
    Thump,
    TimeReached,
)
from voice_coach.coach.states import MODES
from voice_coach.hearing.commands import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.heels import (
    CalibrationFailed,
    CalibrationReason,
    HeelTemplate,
    MicrophoneProblem,
)
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.programme.ledger import (
    Complained,
    Complaint,
    Entry,
    PainSettled,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.planner import Today
from voice_coach.samples import Samples
from voice_coach.sound.block import Block
from voice_coach.speaking import Clip, Mixer

BETWEEN_WORDS: Final = to_samples(0.12)
"""Silence kept between one clip of words and the next."""

TALKED_OVER: Final = to_samples(0.2)
"""Sound that began within our words is speech over them once it has lasted so long."""

SENTENCE: Final = to_samples(0.8)
"""Shorter words ("rise", a count) are over before lowering them would help anybody."""

CHANGES_PLANS: Final = (SessionEnded, ScreeningFinished, Complained, PainSettled)
"""Entries after which the plans for today may be other ones."""

CALIBRATION_PROBLEMS: Final[Mapping[CalibrationReason, str]] = {
    CalibrationReason.TOO_FEW_HEARD: "too_few",
    CalibrationReason.TOO_DIFFERENT: "too_different",
    CalibrationReason.TOO_NOISY: "too_noisy",
    CalibrationReason.CLIPPED: "clipped",
}
"""What each failure is called in the names of cues."""

MICROPHONE_PROBLEMS: Final[Mapping[MicrophoneProblem, str]] = {
    MicrophoneProblem.CLIPPED: "clipped",
    MicrophoneProblem.LOW_SOUND_FILTERED: "filtered",
    MicrophoneProblem.GAIN_CHANGES: "gain",
}
"""What each problem of the microphone is called in the names of cues."""


class CommandSource(Protocol):
    """Where commands come from: the command ear, or a script of a rehearsal."""

    def listen_for(self, mode: str) -> None:
        """Listen for the commands of `mode` from the next sample on."""

    def own_speech(self, start: int, end: int, text: str) -> None:
        """Take note that we shall say `text`, or sound a tone, over [`start`, `end`)."""

    def hush_own_speech(self, at: int) -> None:
        """Take note that our speech was cut off at `at`."""

    def feed(
        self, microphone: Samples, playback: Samples | None = None
    ) -> list[CommandHeard | SpeechNotUnderstood]:
        """Take in the next samples, and what our loudspeaker emitted meanwhile."""

    @property
    def speech_began(self) -> int | None:
        """Since when somebody else has been speaking, if somebody is."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whose turn it is now: their plans, and what is known of their heels."""

    today: Today
    templates: Sequence[HeelTemplate]


def _nobody_else(person: str) -> Newcomer:
    raise LookupError(f"there is nobody called {person} here")


class Speech(Protocol):
    """Who turns cues into clips."""

    def clip(self, cue: str, slots: Mapping[str, str | int]) -> Clip:
        """Return the clip of a cue."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A cue on its way to the loudspeaker, with the positions at which it will be heard."""

    start: int
    end: int
    cue: Cue
    text: str


class Observer(Protocol):
    """Who wants to know what goes on; a rehearsal writes it down."""

    def event(self, event: Event, state: State) -> None:
        """See an event that was delivered, and the state that followed."""

    def action(self, action: Action) -> None:
        """See an action that was carried out."""

    def sounding(self, sounding: Sounding) -> None:
        """See a cue that was placed."""


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
    voice
        Turns cues into clips.
    mixer
        Turns placed clips into loudspeaker samples, elsewhere.
    write
        Writes an entry into the diary.
    plans
        Makes the plans for today anew, once something has changed them.
    keep_template
        Keeps what a calibration has learnt; returns all that is known of these heels.
    change_person
        Takes up another person's diary, plans and heels.
    observers
        Are shown everything that goes on.
    volume_db
        How loud the voice is before anybody asks for louder or quieter.
    """

    def __init__(
        self,
        *,
        coach: Coach,
        commands: CommandSource,
        heels: HeelEar,
        voice: Speech,
        mixer: Mixer,
        write: Callable[[Entry], None],
        plans: Callable[[], Today],
        keep_template: Callable[[HeelTemplate], Sequence[HeelTemplate]],
        change_person: Callable[[str], Newcomer] = _nobody_else,
        observers: Sequence[Observer] = (),
        volume_db: float = 0.0,
    ) -> None:
        self.coach: Final = coach
        self.mixer: Final = mixer
        self._commands = commands
        self._heels = heels
        self._voice = voice
        self._write = write
        self._plans = plans
        self._keep_template = keep_template
        self._change_person = change_person
        self._observers = observers
        self._volume_db = volume_db
        self._position = 0
        self._words_end = 0
        self._speech_end = 0
        self._ducked = False
        self._sentence = 0, 0
        self._pending: list[tuple[int, int, Event]] = []
        self._order = 0
        mixer.set_volume(volume_db)
        commands.listen_for(MODES[coach.state])

    @property
    def is_speaking(self) -> bool:
        """Whether something is sounding, or is yet to sound."""
        return self._position < self._speech_end

    @property
    def position(self) -> int:
        """The stream position up to which the microphone has been heard."""
        return self._position

    def step(self, block: Block) -> None:
        """Hear one block, and do whatever follows from it."""
        assert block.position == self._position, "a block is missing"
        self._position += len(block.microphone)
        for heard in self._commands.feed(block.microphone, block.playback):
            self._expect(self._command(heard))
        for landing in self._heels.feed(block.microphone, block.playback):
            self._expect(
                Thump(
                    landing.decided,
                    landing.at,
                    landing.level_db,
                    landing.soft_shift_db,
                    landing.drifted,
                    landing.certain,
                )
            )
        self._deliver_due()
        self._duck()

    def say(self, cue: Cue) -> None:
        """Say something that is not the coach's: at the start, or about a fault."""
        self._place(self._position, (cue,))

    def ask(self, intent: Intent) -> None:
        """Do as if the command `intent` had been spoken."""
        self._deliver(Command(self._position, intent))

    def sound_lost(self) -> None:
        """Tell the coach that microphone or loudspeaker have gone."""
        self._deliver(SoundLost(self._position))

    def sound_back(self) -> None:
        """Tell the coach that they are back."""
        self._deliver(SoundBack(self._position))

    def plans_changed(self) -> None:
        """Make the plans for today anew: the day has changed."""
        self._deliver(PlansMade(self._position, self._plans()))

    def _expect(self, event: Event) -> None:
        self._order += 1
        heapq.heappush(self._pending, (event.at, self._order, event))

    def _deliver_due(self) -> None:
        """Deliver what has happened up to now, in the order of stream time."""
        while True:
            deadline = self.coach.deadline
            due = self._pending[0][0] if self._pending else None
            if (
                deadline is not None
                and deadline <= self._position
                and (due is None or deadline < due)
            ):
                self._deliver(TimeReached(deadline))
            elif due is not None and due <= self._position:
                self._deliver(heapq.heappop(self._pending)[2])
            else:
                return

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
                self._expect(Spoken(end, utterance))
            case Hush():
                self._hush()
            case Listen(_, mode):
                self._commands.listen_for(mode)
            case OpenWindow(_, start, end, gentle):
                self._heels.open_window(start, end, gentle=gentle)
            case CloseWindow():
                self._heels.close_window()
            case AskHearing(at):
                self._deliver(HearingReport(at, self._heels.can_hear))
            case StartCalibration():
                self._heels.start_calibration()
            case FinishCalibration(at):
                self._deliver(self._finish_calibration(at))
            case SetVolume(_, db):
                self.mixer.set_volume(self._volume_db + db)
            case ChangePerson(at, person):
                newcomer = self._change_person(person)
                self._heels.listen_to(newcomer.templates)
                self._expect(PlansMade(at, newcomer.today, bool(newcomer.templates)))
            case Record(at, entry):
                self._record(at, entry)

    def _record(self, at: int, entry: Entry) -> None:
        self._write(entry)
        if isinstance(entry, SessionStarted):
            self._heels.choose()
        if isinstance(entry, CHANGES_PLANS):
            self._expect(PlansMade(at, self._plans()))

    def _duck(self) -> None:
        """Lower our voice while somebody talks over it.

        What began before our words is what they answer, a landing above all; and tones keep
        their loudness, for somebody waits on their toes for them.
        """
        start, end = self._sentence
        began = self._commands.speech_began
        talked_over = (
            began is not None
            and start < began <= self._position - TALKED_OVER
            and self._position < end
        )
        if talked_over is not self._ducked:
            self._ducked = talked_over
            self.mixer.duck(talked_over)

    def _place(self, at: int, cues: tuple[Cue, ...]) -> int:
        """Place `cues` one after the other; return where the last one ends.

        Words never overlap words: what is said while something else is being said comes
        after it. Tones keep their time.
        """
        end = at
        for cue in cues:
            clip = self._voice.clip(cue.name, dict(cue.slots))
            start = max(end, self._words_end + BETWEEN_WORDS) if clip.text else end
            start, end = self.mixer.place(clip.samples, start)
            self._commands.own_speech(start, end, clip.text)
            if clip.text:
                self._words_end = end
                if end - start >= SENTENCE:
                    self._sentence = start, end
            self._speech_end = max(self._speech_end, end)
            for observer in self._observers:
                observer.sounding(Sounding(start, end, cue, clip.text))
        return end

    def _hush(self) -> None:
        self.mixer.hush()
        self._commands.hush_own_speech(self._position)
        self._words_end = self._speech_end = self._position
        self._sentence = 0, 0
        self._pending = [item for item in self._pending if not isinstance(item[2], Spoken)]
        heapq.heapify(self._pending)

    def _finish_calibration(self, at: int) -> CalibrationFinished:
        try:
            template = self._heels.finish_calibration()
        except CalibrationFailed as failure:
            problem = CALIBRATION_PROBLEMS[failure.reason]
            return CalibrationFinished(at, problem, failure.heard, self._microphone_problems())
        self._heels.know(self._keep_template(template))
        return CalibrationFinished(at, microphone=self._microphone_problems())

    def _microphone_problems(self) -> tuple[str, ...]:
        return tuple(MICROPHONE_PROBLEMS[found] for found in self._heels.microphone_problems())

    @staticmethod
    def _command(heard: CommandHeard | SpeechNotUnderstood) -> Event:
        if isinstance(heard, SpeechNotUnderstood):
            return NotUnderstood(heard.decided)
        slots = heard.slots
        complaint = slots.get("complaint")
        return Command(
            heard.decided,
            Intent(slots.get("cry", heard.intent)),
            slots.get("level"),
            slots.get("person"),
            None if complaint is None else Complaint(complaint),
        )
