"""A stage to rehearse the coach on: keeps time and speaks, in numbers only.

Does for the coach what the loop does: delivers deadlines and the ends of utterances in the
order of stream time. Every cue lasts as long as `lengths` says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

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
    DoorAnswered,
    Event,
    FinishCalibration,
    HearingReport,
    Hush,
    Intent,
    LetIn,
    OpenWindow,
    PlansMade,
    Play,
    Record,
    ShowOut,
    Spoken,
    State,
    Thump,
    TimeReached,
)
from voice_coach.programme.firmness import Band
from voice_coach.programme.ledger import CHANGES_PLANS, Complaint, Entry
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Plan, Refusal, Today
from voice_coach.programme.questions import Question, load_questions
from voice_coach.programme.rules import load_rules
from voice_coach.programme.tempo import Tempo

BAND = Band(-6.0, 6.0)


def plan(level: str = "beginner", sets: int = 2, repetitions: int = 4, **changes: object) -> Plan:
    """Return a short plan."""
    return Plan(level, sets, repetitions, 30.0, Tempo(2.0, 1.0, 2.0), BAND, **changes)  # type: ignore[arg-type]


def today(**plans: object) -> Today:
    """Return a day on which every level may be practised, but for `plans`; nothing is asked."""
    every = {level.name: plan(level.name) for level in load_levels()}
    return Today("beginner", {**every, **plans})  # type: ignore[dict-item]


def asked(*names: str) -> tuple[Question, ...]:
    """Return the shipped questions with these names."""
    by_name = {question.name: question for question in load_questions()}
    return tuple(by_name[name] for name in names)


@dataclass
class Stage:
    """The coach, a clock, and a ledger of all that was asked for."""

    coach: Coach
    day: Today
    """What the plans are whenever they are made."""
    can_hear: bool = True
    calibration_problem: str | None = None
    microphone: tuple[str, ...] = ()
    """What a calibration tells of the microphone."""
    code: str | None = "307194"
    """The digits that the page makes; None where there is no page."""
    knows_heels: bool = True
    """Whether somebody who comes in has been calibrated."""
    lengths: Callable[[Cue], int] = lambda cue: to_samples(0.1 if cue.is_tone else 0.8)
    now: int = 0
    actions: list[Action] = field(default_factory=list)
    spoken: list[tuple[int, Cue]] = field(default_factory=list)
    """Cues that have sounded or will, unless hushed, with their positions."""
    entries: list[Entry] = field(default_factory=list)
    window: tuple[int, int] | None = None
    _ends: list[tuple[int, int]] = field(default_factory=list)
    _words_end: int = 0

    @classmethod
    def set_up(
        cls,
        day: Today | None = None,
        *,
        calibrated: bool = True,
        people: tuple[str, ...] = (),
        **more: object,
    ) -> "Stage":
        day = day or today()
        coach = Coach(
            day,
            limits=load_rules().pace,
            calibrated=calibrated,
            people=people,
            questions=asked("recent_fracture", "foot_injury", "balance"),
            can_switch_off=True,
        )
        return cls(coach, day, **more)  # type: ignore[arg-type]

    @property
    def state(self) -> State:
        return self.coach.state

    def is_in(self, state: State) -> bool:
        """Say whether the coach is in `state`, of which a type checker concludes nothing."""
        return self.state is state

    def said(self) -> list[str]:
        """Return the names of all cues so far, in order."""
        return [cue.name for _, cue in sorted(self.spoken, key=lambda item: item[0])]

    def deliver(self, event: Event) -> list[Action]:
        """Hand `event` to the coach and carry out what it asks for."""
        actions = self.coach.handle(event)
        self.actions.extend(actions)
        for action in actions:
            self._perform(action)
        if any(isinstance(a, Record) and isinstance(a.entry, CHANGES_PLANS) for a in actions):
            self.deliver(PlansMade(self.now, self.day))
        return actions

    def say(
        self,
        intent: Intent,
        level: str | None = None,
        person: str | None = None,
        complaint: Complaint | None = None,
        *,
        sure: bool = True,
    ) -> list[Action]:
        return self.deliver(Command(self.now, intent, level, person, complaint, sure))

    def answer(self, *intents: Intent) -> None:
        """Answer one question after the other, each once it has been said."""
        for intent in intents:
            self.wait(6)
            self.say(intent)

    def thump(
        self,
        level_db: float = 0.0,
        ago: float = 0.07,
        gentle_db: float | None = None,
        *,
        drifted: bool = False,
        certain: bool = True,
        late: bool = False,
    ) -> list[Action]:
        at = self.now - to_samples(ago)
        return self.deliver(Thump(self.now, at, level_db, gentle_db, drifted, certain, late))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._run_to(self.now + to_samples(seconds))

    def wait_for(self, *states: State, within: float = 120.0) -> None:
        """Let time pass until the coach is in one of `states`."""
        limit = self.now + to_samples(within)
        while self.state not in states:
            moment = self._next_moment()
            assert moment is not None, f"stuck in {self.state}"
            assert moment <= limit, f"still in {self.state}"
            self._run_to(moment)

    def drop(self, level_db: float = 0.0, after: float = 0.3) -> None:
        """Wait for the next drop cue, land, and wait until the landing is dealt with."""
        self.wait_for(State.LISTENING)
        self.wait(after)
        self.thump(level_db)

    def _perform(self, action: Action) -> None:
        match action:
            case Play(at=at, cues=cues, utterance=utterance):
                end = at
                for cue in cues:
                    start = end if cue.is_tone else max(end, self._words_end)
                    end = start + self.lengths(cue)
                    if not cue.is_tone:
                        self._words_end = end
                    self.spoken.append((start, cue))
                self._ends.append((end, utterance))
            case Hush():
                self._ends.clear()
                self._words_end = self.now
                self.spoken = [item for item in self.spoken if item[0] <= self.now]
            case Record(entry=entry):
                self.entries.append(entry)
            case OpenWindow(start=start, end=end):
                self.window = start, end
            case CloseWindow():
                self.window = None
            case ChangePerson(person=person):
                self.day = replace(self.day, person=person)
                self.deliver(PlansMade(self.now, self.day, self.knows_heels))
            case LetIn():
                self.deliver(DoorAnswered(self.now, self.code, self.code is not None))
            case ShowOut():
                self.deliver(DoorAnswered(self.now, there=self.code is not None))
            case AskHearing():
                self.deliver(HearingReport(self.now, self.can_hear))
            case FinishCalibration():
                self.deliver(
                    CalibrationFinished(self.now, self.calibration_problem, 2, self.microphone)
                )

    def _next_moment(self) -> int | None:
        moments = [end for end, _ in self._ends]
        if self.coach.deadline is not None:
            moments.append(self.coach.deadline)
        return max(min(moments), self.now) if moments else None

    def _run_to(self, position: int) -> None:
        while (moment := self._next_moment()) is not None and moment <= position:
            self.now = moment
            ended = [item for item in self._ends if item[0] <= moment]
            if ended:
                item = min(ended)
                self._ends.remove(item)
                self.deliver(Spoken(self.now, item[1]))
            else:
                assert self.coach.deadline is not None
                self.deliver(TimeReached(self.coach.deadline))
        self.now = max(self.now, position)


PEOPLE = ("anna", "ben")


def reach(state: State) -> Stage:
    """Return a stage on which the coach has come to `state`."""
    day = today()
    questions: dict[State, dict[str, object]] = {
        State.SCREENING: {"screening": asked("recent_fracture", "foot_injury", "balance")},
        State.READINESS: {"readiness": asked("well", "place")},
    }
    day = replace(day, **questions.get(state, {}))  # type: ignore[arg-type]
    if state is State.CONFIRMING:
        day = today(beginner=Refusal("refused.rest_day", {"level": "beginner"}, True, plan()))
    people = PEOPLE if state is State.CHOOSING else ()
    uncalibrated = {State.CALIBRATING, State.OFFERING}
    stage = Stage.set_up(day, calibrated=state not in uncalibrated, people=people)
    if state is State.OFFERING:
        stage.calibration_problem = "too_few"
    if state is State.ASLEEP:
        return stage
    first = {
        State.TEACHING: [Intent.TEACH_ME],
        State.PRACTISING: [Intent.TEACH_ME, Intent.YES],
        State.LETTING_IN: [Intent.LET_IN],
        State.SWITCHING_OFF: [Intent.SWITCH_OFF],
    }
    for intent in first.get(state, [Intent.START]):
        stage.say(intent)
    if state in {State.FEELING, State.RESTING}:
        for _ in range(4):
            stage.drop()
    elif state is State.SUMMING_UP:
        for _ in range(8):
            stage.drop()
    elif state is State.READING_BACK:
        stage.wait_for(State.RISING)
        stage.say(Intent.COMPLAIN, complaint=Complaint.DIZZY, sure=False)
    elif state is State.PAUSING:
        stage.drop()
    elif state in {State.PREPARING, State.PAUSED}:
        stage.wait_for(State.RISING)
        stage.say(Intent.PAUSE)
        if state is State.PREPARING:
            stage.say(Intent.RESUME)
    stage.wait_for(state)
    return stage
