"""What may have been a landing, or not: left open, answered kindly, and nobody's fault."""

import pytest

from tests.coach.stage import Stage, plan, today
from voice_coach.clock import to_samples
from voice_coach.coach import Cue, Intent, State
from voice_coach.coach.events import Thump
from voice_coach.programme.ledger import DoubtDecided, Outcome, RepetitionResolved


@pytest.fixture
def stage() -> Stage:
    return Stage.set_up()


def outcomes(stage: Stage) -> list[Outcome]:
    return [entry.outcome for entry in stage.entries if isinstance(entry, RepetitionResolved)]


def leave_open(stage: Stage) -> None:
    """Let the next drop sound like one, but not for certain."""
    stage.wait_for(State.LISTENING)
    stage.wait(0.3)
    stage.thump(certain=False)
    stage.wait_for(State.PAUSING, State.CHECKING_IN, State.FEELING)


def test_what_may_have_been_a_landing_is_answered_entered_as_such_and_never_missing(
    stage: Stage,
) -> None:
    stage.say(Intent.START)
    stage.drop()
    leave_open(stage)
    stage.drop()
    assert outcomes(stage) == [Outcome.HEARD, Outcome.UNSURE, Outcome.HEARD]
    assert "not_heard" not in stage.said()
    assert [cue for _, cue in stage.spoken if cue.name == "unsure"] == [Cue.of("unsure", number=2)]


def test_of_several_the_first_is_answered_in_words_and_the_next_by_a_tone() -> None:
    stage = Stage.set_up(today(beginner=plan(repetitions=10)))
    stage.say(Intent.START)
    for _ in range(4):
        leave_open(stage)
    answers = [cue for cue in stage.said() if cue in {"unsure", "tone.perhaps"}]
    assert answers == ["unsure", "tone.perhaps", "tone.perhaps", "unsure"]


def test_a_certain_landing_after_a_doubtful_sound_counts(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.wait(0.2)
    stage.thump(certain=False)
    stage.wait(0.2)
    stage.thump()
    assert outcomes(stage) == [Outcome.HEARD]


def doubtful_then_sure(stage: Stage, late_db: float) -> None:
    """Land doubtfully in the first window, surely in the second, which decides the first one."""
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.wait(0.3)
    stage.thump(certain=False)
    landed = stage.now - to_samples(0.07)
    stage.wait_for(State.PAUSING)
    stage.wait_for(State.LISTENING)
    stage.wait(0.3)
    stage.deliver(Thump(stage.now, landed, late_db, late=True))
    stage.thump()


@pytest.mark.parametrize(("level_db", "outcome"), [(-11.0, Outcome.SOFT), (0.0, Outcome.HEARD)])
def test_what_is_decided_later_is_entered_and_not_spoken_of(
    stage: Stage, level_db: float, outcome: Outcome
) -> None:
    doubtful_then_sure(stage, level_db)
    (decided,) = (entry for entry in stage.entries if isinstance(entry, DoubtDecided))
    assert (decided.set, decided.number, decided.outcome) == (1, 1, outcome)
    assert outcomes(stage) == [Outcome.UNSURE, Outcome.HEARD]
    assert "soft" not in stage.said()
    assert stage.said().count("count") == 1


def test_a_sound_of_no_window_left_open_decides_nothing(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.wait(0.3)
    stage.deliver(Thump(stage.now, stage.now - to_samples(3.0), 0.0, late=True))
    assert stage.state is State.LISTENING
    assert outcomes(stage) == []


def test_who_is_perhaps_heard_is_asked_after_six_drops_whether_all_is_well() -> None:
    stage = Stage.set_up(today(beginner=plan(repetitions=10)))
    stage.say(Intent.START)
    for _ in range(5):
        leave_open(stage)
        assert stage.is_in(State.PAUSING)
    leave_open(stage)
    assert stage.is_in(State.CHECKING_IN)


def test_who_is_not_heard_is_asked_after_three_whatever_may_have_sounded_between(
    stage: Stage,
) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.PAUSING)
    leave_open(stage)
    stage.wait_for(State.LISTENING)
    stage.wait_for(State.PAUSING)
    stage.wait_for(State.LISTENING)
    stage.wait_for(State.CHECKING_IN)


def test_nobody_is_reproached_for_it_at_the_end() -> None:
    stage = Stage.set_up(today(beginner=plan(sets=1, repetitions=8)))
    stage.say(Intent.START)
    for number in range(8):
        stage.drop() if number % 2 else leave_open(stage)
    stage.answer(Intent.FELT_FINE)
    stage.wait_for(State.ASLEEP)
    said = [cue for _, cue in stage.spoken if cue.name.startswith("summary")]
    assert said == [Cue.of("summary.done", prompted=8), Cue.of("summary.well", what="stayed")]
