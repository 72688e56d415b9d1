"""What no sequence of events may ever do."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.coach.stage import Stage, plan, today
from voice_coach.coach import (
    CloseWindow,
    Hush,
    Intent,
    NotUnderstood,
    OpenWindow,
    Play,
    SoundBack,
    SoundLost,
    State,
)
from voice_coach.coach.table import COLUMNS, TABLE
from voice_coach.programme.ledger import (
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.plan import Refusal

STEPS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(Intent)),
    st.tuples(st.just("thump"), st.floats(-20, 20)),
    st.tuples(st.just("wait"), st.sampled_from([0.02, 0.3, 1.0, 3.0, 12.0, 70.0])),
    st.tuples(st.just("drop"), st.floats(-20, 20)),
    st.tuples(st.just("noise"), st.none()),
    st.tuples(st.just("lost"), st.none()),
    st.tuples(st.just("back"), st.none()),
)


@st.composite
def stages(draw: st.DrawFn) -> Stage:
    """Return a stage somewhere within a session, or before one."""
    day = today(
        intermediate=Refusal(
            "refused.rest_day", {"level": "intermediate"}, True, plan("intermediate")
        ),
        beginner=plan(sets=draw(st.integers(1, 3)), repetitions=draw(st.integers(1, 5))),
    )
    stage = Stage.set_up(
        day,
        calibrated=draw(st.booleans()),
        can_hear=draw(st.booleans()),
        calibration_problem=draw(st.sampled_from([None, None, "too_few", "too_noisy"])),
    )
    if draw(st.booleans()):
        stage.say(Intent.START)
    for kind, value in draw(st.lists(STEPS, max_size=60)):
        match kind:
            case "say":
                stage.say(value, draw(st.sampled_from([None, "intermediate"])))
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
