"""What no sequence of events may ever do."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.coach.stage import PEOPLE, Stage, asked, plan, today
from voice_coach.coach import (
    CloseWindow,
    Hush,
    Intent,
    NotUnderstood,
    OpenWindow,
    Play,
    Record,
    SoundBack,
    SoundLost,
    State,
)
from voice_coach.coach.table import TABLE
from voice_coach.coach.transitions import COLUMNS
from voice_coach.hearing.heels import CalibrationReason
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    Complained,
    Complaint,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.planner import Line, Refusal
from voice_coach.programme.questions import load_questions

SCREENING = asked("recent_fracture", "foot_injury", "balance")
READINESS = asked("well", "place")
FOLLOW_UP = asked("soreness_settled")

STEPS = st.one_of(
    st.tuples(st.just("safe"), st.none()),
    st.tuples(st.just("say"), st.sampled_from(Intent)),
    st.tuples(st.just("thump"), st.floats(-20, 20)),
    st.tuples(st.just("wait"), st.sampled_from([0.02, 0.3, 1.0, 3.0, 12.0, 70.0])),
    st.tuples(st.just("drop"), st.floats(-20, 20)),
    st.tuples(st.just("noise"), st.none()),
    st.tuples(st.just("lost"), st.none()),
    st.tuples(st.just("back"), st.none()),
)


def safe_answer(stage: Stage) -> None:
    """Answer the question that is being asked, if one is, as who may practise does."""
    if stage.state not in {State.SCREENING, State.READINESS}:
        return
    names = [cue.name for _, cue in stage.spoken if cue.name.startswith(("ask.", "screening.con"))]
    question = next((q for q in load_questions() if names and q.cue == names[-1]), None)
    safe = Answer.YES if question is None else question.safe
    stage.say(Intent.YES if safe is Answer.YES else Intent.NO)


@st.composite
def stages(draw: st.DrawFn) -> Stage:
    """Return a stage somewhere within a session, or before one."""
    day = today(
        intermediate=Refusal(
            "refused.rest_day", {"level": "intermediate"}, True, plan("intermediate")
        ),
        advanced=Refusal(
            "refused.too_early",
            {"level": "advanced", "instead": "beginner"},
            False,
            plan("beginner"),
        ),
        beginner=plan(sets=draw(st.integers(1, 3)), repetitions=draw(st.integers(1, 5))),
    )
    day = replace(
        day,
        screening=draw(st.sampled_from([(), SCREENING])),
        readiness=draw(st.sampled_from([(), READINESS, (*FOLLOW_UP, *READINESS)])),
        answers={"how_to": (Line("answer.how_to"),)},
        cautions=(),
        notices=draw(st.sampled_from([(), ("notice.stepped_back",)])),
        offered=draw(st.sampled_from([None, "intermediate"])),
    )
    stage = Stage.set_up(
        day,
        calibrated=draw(st.booleans()),
        people=draw(st.sampled_from([(), (), PEOPLE])),
        can_hear=draw(st.booleans()),
        calibration_problem=draw(st.sampled_from([None, None, *CalibrationReason])),
    )
    if draw(st.booleans()):
        stage.say(Intent.START, person=PEOPLE[0])
        for _ in range(draw(st.sampled_from([0, 20]))):
            safe_answer(stage)
    for kind, value in draw(st.lists(STEPS, max_size=60)):
        match kind:
            case "say":
                stage.say(
                    value,
                    draw(st.sampled_from([None, "intermediate", "advanced"])),
                    draw(st.sampled_from([None, *PEOPLE])),
                    draw(st.sampled_from([None, *Complaint])),
                    sure=draw(st.booleans()),
                )
            case "safe":
                stage.wait(4)
                safe_answer(stage)
            case "thump":
                stage.thump(value)
            case "wait":
                stage.wait(value)
            case "drop":
                if stage.state in {State.RISING, State.HOLDING, State.COUNTING_IN}:
                    stage.drop(value)
            case "noise":
                stage.deliver(NotUnderstood(stage.now))
            case "lost":
                stage.deliver(SoundLost(stage.now))
            case "back":
                stage.deliver(SoundBack(stage.now))
    return stage


@given(stages())
@settings(max_examples=150, deadline=None)
def test_no_repetition_counts_that_was_not_prompted_and_heard(stage: Stage) -> None:
    prompted: dict[tuple[int, int], int] = {}
    resolved: set[tuple[int, int]] = set()
    windows = [(a.start, a.end) for a in stage.actions if isinstance(a, OpenWindow)]
    for entry in stage.entries:
        match entry:
            case SessionStarted():
                prompted, resolved = {}, set()
            case RepetitionPrompted(at=at, set=number_of_set, number=number):
                assert (number_of_set, number) not in prompted
                prompted[number_of_set, number] = at
            case RepetitionResolved(outcome=outcome, thump_at=thump_at) as entry:
                key = entry.set, entry.number
                assert key in prompted
                assert key not in resolved
                resolved.add(key)
                if outcome is Outcome.NOT_HEARD:
                    assert thump_at is None
                else:
                    assert thump_at is not None
                    assert any(start <= thump_at < end for start, end in windows)


@given(stages())
@settings(max_examples=150, deadline=None)
def test_never_more_repetitions_than_planned(stage: Stage) -> None:
    planned = done = 0
    for entry in stage.entries:
        match entry:
            case SessionStarted(sets=sets, repetitions=repetitions):
                planned, done = sets * repetitions, 0
            case RepetitionPrompted():
                done += 1
                assert done <= planned


@given(stages())
@settings(max_examples=150, deadline=None)
def test_stop_always_silences_and_ends(stage: Stage) -> None:
    in_session = stage.coach.in_session
    actions = stage.say(Intent.STOP)
    assert isinstance(actions[0], Hush)
    assert any(isinstance(action, CloseWindow) for action in actions)
    assert stage.window is None
    assert stage.state in {State.ASLEEP, State.SUMMING_UP}
    assert not stage.coach.in_session
    assert in_session == any(
        isinstance(getattr(action, "entry", None), SessionEnded) for action in actions
    )
    timed = {"rise", "count_in", "tone.drop", "tone.hold"}
    assert not any(cue.name in timed for a in actions if isinstance(a, Play) for cue in a.cues)
    stage.wait(120)
    assert stage.state is State.ASLEEP


@given(stages(), st.sampled_from(Complaint))
@settings(max_examples=150, deadline=None)
def test_a_complaint_silences_ends_and_is_entered(stage: Stage, complaint: Complaint) -> None:
    in_session = stage.coach.in_session
    actions = stage.say(Intent.COMPLAIN, complaint=complaint)
    assert isinstance(actions[0], Hush)
    assert stage.window is None
    assert stage.is_in(State.SUMMING_UP)
    assert not stage.coach.in_session
    entries = [action.entry for action in actions if isinstance(action, Record)]
    assert any(isinstance(e, Complained) and e.complaint is complaint for e in entries)
    assert in_session == any(isinstance(entry, SessionEnded) for entry in entries)
    stage.wait(120)
    assert stage.state is State.ASLEEP


@given(stages(), st.sampled_from(Complaint))
@settings(max_examples=150, deadline=None)
def test_a_doubtful_complaint_silences_and_stands_unless_it_is_denied(
    stage: Stage, complaint: Complaint
) -> None:
    doubting = stage.is_in(State.READING_BACK)
    actions = stage.say(Intent.COMPLAIN, complaint=complaint, sure=False)
    assert isinstance(actions[0], Hush)
    assert stage.window is None
    assert stage.is_in(State.READING_BACK)
    told = len(stage.entries)
    stage.wait(120)
    assert stage.is_in(State.ASLEEP)
    assert not stage.coach.in_session
    stood = [e.complaint for e in stage.entries[told:] if isinstance(e, Complained)]
    assert doubting or stood == [complaint]


@given(stages())
@settings(max_examples=300, deadline=None)
def test_nothing_starts_without_every_safe_answer(stage: Stage) -> None:
    answers: dict[str, Answer] = {}
    screened = False
    required = {question.name: question.safe for question in stage.day.readiness}
    for action in stage.actions:
        entry = action.entry if isinstance(action, Record) else None
        match entry:
            case Answered(question=question, answer=answer):
                answers[question] = answer
            case ScreeningFinished():
                screened = True
            case SessionStarted():
                assert required.items() <= answers.items()
                if stage.day.screening:
                    assert screened
                    assert answers["recent_fracture"] is Answer.NO
                answers = {}
                screened = False
        if isinstance(action, Play) and action.cues[0].name == "lesson.slowly":
            answers = {name: given for name, given in answers.items() if name in required}
            assert required.items() <= answers.items()


@given(stages())
@settings(max_examples=150, deadline=None)
def test_left_alone_it_comes_to_rest(stage: Stage) -> None:
    stage.wait(1800)
    assert stage.state is State.ASLEEP
    started = sum(isinstance(entry, SessionStarted) for entry in stage.entries)
    assert started == sum(isinstance(entry, SessionEnded) for entry in stage.entries)


@given(stages())
@settings(max_examples=100, deadline=None)
def test_words_never_fall_into_the_silence_after_a_drop(stage: Stage) -> None:
    drops = [at for at, cue in stage.spoken if cue.name == "tone.drop"]
    landings = [
        entry.thump_at
        for entry in stage.entries
        if isinstance(entry, RepetitionResolved) and entry.thump_at is not None
    ]
    for drop in drops:
        window = range(drop, drop + 14_400)
        answered = min((at for at in landings if at >= drop - 2_400 and at in window), default=None)
        end = window.stop if answered is None else answered
        within = [cue for at, cue in stage.spoken if drop < at < end and not cue.is_tone]
        interrupted = {"stopped", "paused", "not_well", "fault.microphone", "briefing"}
        assert all(cue.name in interrupted or _after_hush(stage, drop) for cue in within)


def _after_hush(stage: Stage, drop: int) -> bool:
    return any(isinstance(a, Hush) and drop <= a.at < drop + 14_400 for a in stage.actions)


def test_the_table_has_an_entry_for_every_event_in_every_state() -> None:
    assert set(TABLE) == set(State)
    for row in TABLE.values():
        assert set(row) == set(COLUMNS)


def test_every_state_can_be_reached() -> None:
    reached, frontier = {State.ASLEEP}, [State.ASLEEP]
    while frontier:
        for entry in TABLE[frontier.pop()].values():
            new = entry.targets - reached
            reached |= new
            frontier.extend(new)
    assert reached == set(State)
