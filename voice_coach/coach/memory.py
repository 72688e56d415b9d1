"""What the coach keeps in mind from one event to the next.

Handlers read and change it, ask for actions through it, and return the state that follows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from voice_coach.coach.actions import Action, CloseWindow, Hush, Play, Record
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, PlansMade, Thump
from voice_coach.coach.pacing import UNDISTURBED, Beats
from voice_coach.coach.states import MODES, State
from voice_coach.programme.firmness import Band
from voice_coach.programme.ledger import Answer, Entry
from voice_coach.programme.planner import Line, Plan, Refusal, Today
from voice_coach.programme.questions import Question, missing
from voice_coach.programme.repetition import Repetition, note
from voice_coach.programme.tally import Tally
from voice_coach.programme.tempo import Pace, Tempo


@dataclass(slots=True)
class Session:
    """A session in progress: where it is in its plan."""

    plan: Plan
    tempo: Tempo
    """The plan's tempo, as slowed down or sped up by the user."""
    set: int = 1
    number: int = 0
    """Repetitions of this set that have been prompted."""
    beats: Beats | None = None
    """The cues of the repetition in progress."""
    pending: bool = False
    """It has been prompted, and nothing is entered of it yet."""
    early: Thump | None = None
    """A landing heard a moment before its cue."""
    unheard_in_a_row: int = 0
    open_in_a_row: int = 0
    """Repetitions since the last landing that was heard for certain."""
    reassured: bool = False
    """The user has said, in this set, that all is well although nothing is heard."""
    remarked: bool = False
    """The last repetition was followed by a remark on its landing."""
    soft_unanswered: int = 0
    """Soft landings since the last that was remarked upon."""
    soft_answered: int = 0
    """Soft landings that were remarked upon: the wording varies by it."""
    guessed: int = 0
    """Repetitions that the ear left open, and that were answered as such."""
    tip: tuple[Cue, ...] = ()
    """What is to be told in the first rest."""
    deaf: bool = False
    """Heels cannot be heard in this set: keep time, and count nothing."""
    drifted: bool = False
    """The last landings were all louder, or all fainter, than those learnt."""
    doubtful: bool = False
    """Something landed after this drop cue that may have been the heels, or not."""
    left_open: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Where what was doubtful was listened for, from and to, and its set and repetition."""
    never_hears: bool = False
    """Calibration failed, and they want to go on: count aloud all session, by the cadence."""
    overdue: bool = False
    """The next repetition waits for the end of what is being said."""
    entered: bool = False
    """That this set is over has been entered into the diary."""
    rest_end: int = 0
    rest_left: int = 0
    """Samples of rest that were left when the session was paused."""
    rest_marks: list[int] = field(default_factory=list)
    resume_to: State = State.PREPARING
    repetitions: list[Repetition] = field(default_factory=list)
    """What has been prompted so far, and what came of it."""
    listened: int = 0
    """For how many of their landings was listened."""

    @property
    def tally(self) -> Tally:
        """How many repetitions came to what so far."""
        return Tally.of(repetition.outcome for repetition in self.repetitions)

    @property
    def is_done(self) -> bool:
        """Whether every repetition of every set has been prompted."""
        return self.left_in_set == 0 and self.sets_left == 0

    @property
    def left_in_set(self) -> int:
        """Repetitions of this set that have not been prompted."""
        return self.plan.repetitions - self.number

    @property
    def sets_left(self) -> int:
        """Sets after this one."""
        return self.plan.sets - self.set


@dataclass(slots=True)
class Calibration:
    """Calibration drops in progress."""

    attempt: int = 1
    drops: int = 0
    dropped: bool = False
    """A drop has been prompted, and the pause after it is still to come."""
    landed: bool = False
    """It was heard."""
    explained: bool = False
    """What is wanted has been said; room and drops are being listened to."""
    learnt: bool = False
    """The good drops have been learnt; the gentle one is asked for."""


class Aim(StrEnum):
    """What somebody may want."""

    SESSION = "session"
    LESSON = "lesson"
    """The slow drops of the lesson."""
    CALIBRATION = "calibration"
    PERSON = "person"
    """Nothing but their own plans to be taken up."""


@dataclass(slots=True)
class Wish:
    """What somebody wants to begin and has not begun yet."""

    aim: Aim = Aim.SESSION
    level: str | None = None
    """The level that was named; None for the day's own."""
    overrode: str = ""
    """The refusal that was set aside by the explicit second phrase."""
    person: str | None = None
    """Whose plans are being fetched."""
    asked_again: bool = False
    """Whose plans it is to be has been asked twice."""
    screened: bool = False
    safe: set[str] = field(default_factory=set)
    """The questions that have been answered safely on the way."""


@dataclass(slots=True)
class Interview:
    """Yes-or-no questions, asked one after the other."""

    questions: tuple[Question, ...]
    whole: bool = False
    """They are all questions of the screening, and not only some that were left."""
    asks_day: Line | None = None
    """Which day the question asks for, where it asks for one."""
    answers: dict[str, Answer] = field(default_factory=dict)
    reminded: bool = False
    """The question at hand has been asked a second time."""
    pressed: bool = False
    """A plain answer to the question at hand has been asked for."""
    over: bool = False
    """All is answered and entered; new plans are awaited."""

    @property
    def question(self) -> Question | None:
        """The question at hand; None when every one that applies has been answered."""
        return next(iter(missing(self.questions, self.answers)), None)

    @property
    def unsafe(self) -> tuple[Question, ...]:
        """What has been answered, and not safely."""
        return tuple(
            question
            for question in self.questions
            if question.name in self.answers
            and not question.lets_go_on(self.answers[question.name])
        )


@dataclass(slots=True)
class Lesson:
    """The lesson in progress."""

    step: int = 0
    """The part that is being explained."""
    held: bool = False
    """Somebody asked to wait."""
    band: Band | None = None
    """How firmly to land in the drops that are guided."""
    drops: int = 0
    beats: Beats | None = None
    landing: Thump | None = None
    """The landing of the last drop, if it was heard."""
    doubtful: bool = False
    """Something landed after the last drop cue that may have been the heels, or not."""


@dataclass(slots=True)
class Doubt:
    """Something heard that would have consequences, and may not have been said."""

    command: Command
    believe: Callable[["Memory", Command], State]
    """What it does if it was said."""
    state: State
    """What the coach was doing."""
    said: tuple[Cue, ...]
    """What the coach had said last."""
    holds: bool
    """A session is held for it."""
    stands: bool
    """Silence lets it stand."""
    reminded: bool = False
    """It has been read back a second time."""


@dataclass(slots=True)
class Memory:
    """The coach's memory and its means of asking for actions."""

    today: Today
    calibrated: bool
    limits: Pace
    """How far, and in what steps, the tempo may be changed by voice."""
    state: State = State.ASLEEP
    now: int = 0
    deadline: int | None = None
    actions: list[Action] = field(default_factory=list)
    session: Session | None = None
    calibration: Calibration | None = None
    people: tuple[str, ...] = ()
    """The people of the household that have plans of their own."""
    questions: tuple[Question, ...] = ()
    """Every question of the screening, for who wants to answer them anew."""
    wish: Wish | None = None
    interview: Interview | None = None
    lesson: Lesson | None = None
    doubt: Doubt | None = None
    foreword: list[Cue] = field(default_factory=list)
    """What is to be said before whatever comes next."""
    offered: Refusal | None = None
    """The refusal whose alternative may be begun by an answer."""
    volume: int = 0
    can_switch_off: bool = False
    """Whether the machine can be switched off from here."""
    letting_in: str | None = None
    """As what somebody is to be let in."""
    utterance: int = 0
    awaiting: int | None = None
    """The utterance that must end before the session goes on."""
    deferred: list[Cue] = field(default_factory=list)
    """Answers that wait until the drop in progress is over."""
    last_said: tuple[Cue, ...] = ()
    misunderstood: int = 0
    tells_next: bool = False
    """The session has been summed up; when the next one is will be told with the new plans."""
    reminders: int = 0

    def training(self) -> Session:
        """Return the session in progress; the table lets no state without one ask."""
        assert self.session is not None
        return self.session

    def wishing(self) -> Wish:
        """Return what somebody wants to begin."""
        assert self.wish is not None
        return self.wish

    def asking(self) -> Interview:
        """Return the interview in progress."""
        assert self.interview is not None
        return self.interview

    def learning(self) -> Lesson:
        """Return the lesson in progress."""
        assert self.lesson is not None
        return self.lesson

    def take_plans(self, event: PlansMade) -> None:
        """Take over the plans for today, and what is known of whose they are."""
        self.today = event.today
        if event.calibrated is not None:
            self.calibrated = event.calibrated

    def forget_wishes(self) -> None:
        """Whatever was about to begin does not."""
        self.wish = self.interview = self.lesson = self.offered = None
        self.foreword.clear()

    def take_foreword(self) -> tuple[Cue, ...]:
        """Return what is to be said first, once."""
        cues = tuple(self.foreword)
        self.foreword.clear()
        return cues

    def do(self, action: Action) -> None:
        """Ask for `action`."""
        self.actions.append(action)

    def record(self, entry: Entry) -> None:
        """Ask for `entry` to be written into the diary."""
        if self.session is not None:
            note(self.session.repetitions, entry)
        self.do(Record(self.now, entry))

    def play(self, at: int, *cues: Cue) -> int:
        """Ask for timed cues at `at`; return the number of the utterance."""
        self.utterance += 1
        self.do(Play(at, cues, self.utterance))
        return self.utterance

    def say(self, *cues: Cue, after: int = 0, repeatable: bool = True) -> None:
        """Say `cues`; the session goes on when they have ended."""
        self.awaiting = self.play(self.now + after, *cues)
        if repeatable:
            self.last_said = cues

    def answer(self, *cues: Cue, repeatable: bool = False) -> None:
        """Say `cues`, but not into a drop or a count-in: after it."""
        if self.is_busy:
            self.deferred.extend(cues)
            return
        self.say(*cues, repeatable=repeatable)

    @property
    def is_busy(self) -> bool:
        """Whether speech would fall into timed cues, or into the silence after a drop."""
        return self.state in _BUSY

    @property
    def awaits_landing(self) -> bool:
        """Whether a drop cue is about to sound, or its landing is listened for."""
        if self.state is State.LISTENING:
            return True
        beats = self.session.beats if self.session is not None else None
        holding = self.state is State.HOLDING and beats is not None
        return holding and beats is not None and beats.drop - self.now < UNDISTURBED

    def take_deferred(self) -> tuple[Cue, ...]:
        """Return the answers that waited, once."""
        cues = tuple(self.deferred)
        self.deferred.clear()
        return cues

    def hush(self) -> None:
        """Fall silent, and expect no landing."""
        self.awaiting = None
        self.deferred.clear()
        self.do(Hush(self.now))
        self.do(CloseWindow(self.now))

    def cue_for_mode(self, stem: str) -> Cue:
        """Return the cue `stem` in its wording for what is listened for now."""
        return Cue(f"{stem}.{MODES[self.state]}")


_BUSY = frozenset(
    {
        State.CALIBRATING,
        State.COUNTING_IN,
        State.RISING,
        State.HOLDING,
        State.LISTENING,
        State.PRACTISING,
    }
)
"""States in which speech would fall into timed cues or into the silence after a drop."""
