"""How a set felt, and what hurts: entered as it was said, and acted upon at once."""

import pytest

from tests.coach.stage import Stage, plan, reach, today
from voice_coach.coach import Hush, Intent, State
from voice_coach.programme.ledger import (
    Complained,
    Complaint,
    EndReason,
    Feeling,
    SessionEnded,
    SetFelt,
)

SPOKEN = {
    Intent.FELT_EASY: Feeling.EASY,
    Intent.FELT_FINE: Feeling.FINE,
    Intent.FELT_HARD: Feeling.HARD,
    Intent.FELT_SORE: Feeling.SORE,
}


@pytest.fixture
def stage() -> Stage:
    """The first set of two is done."""
    return reach(State.FEELING)


def felt(stage: Stage) -> list[Feeling]:
    return [entry.feeling for entry in stage.entries if isinstance(entry, SetFelt)]


@pytest.mark.parametrize(("said", "feeling"), SPOKEN.items())
def test_what_is_answered_is_entered_and_the_rest_goes_on(
    stage: Stage, said: Intent, feeling: Feeling
) -> None:
    stage.answer(said)
    assert felt(stage) == [feeling]
    assert stage.state is State.RESTING
    stage.drop()
    assert stage.coach.in_session


def test_silence_is_entered_as_silence_and_the_rest_goes_on(stage: Stage) -> None:
    stage.wait_for(State.RESTING)
    assert felt(stage) == [Feeling.SILENCE]
    stage.wait_for(State.RISING)


def test_each_rest_recalls_another_part_of_the_posture_and_then_the_first_again() -> None:
    stage = Stage.set_up(today(beginner=plan(sets=8, repetitions=1)))
    stage.say(Intent.START)
    for _ in range(7):
        stage.drop()
        stage.wait_for(State.FEELING)
        stage.answer(Intent.FELT_EASY)
    stage.drop()
    numbers = [dict(cue.slots)["number"] for _, cue in stage.spoken if cue.name == "posture"]
    assert numbers == [1, 2, 3, 4, 5, 6, 1]


def test_the_rest_is_no_longer_for_having_been_asked(stage: Stage) -> None:
    asked = stage.now
    stage.answer(Intent.FELT_FINE)
    stage.wait_for(State.PREPARING)
    assert stage.now - asked <= 30.1 * 16_000


def test_the_last_set_is_asked_about_before_the_summary(stage: Stage) -> None:
    stage.say(Intent.SKIP_REST)
    for _ in range(4):
        stage.drop()
    assert stage.state is State.FEELING
    stage.answer(Intent.FELT_HARD)
    assert felt(stage) == [Feeling.SILENCE, Feeling.HARD]
    assert isinstance(stage.entries[-1], SessionEnded)
    assert stage.entries[-1].reason is EndReason.COMPLETED


@pytest.mark.parametrize("said", [Intent.STOP, Intent.FELT_FINE])
def test_a_session_whose_last_drop_is_done_is_completed_however_it_ends(
    stage: Stage, said: Intent
) -> None:
    stage.say(Intent.SKIP_REST)
    for _ in range(4):
        stage.drop()
    stage.say(said)
    (end,) = [entry for entry in stage.entries if isinstance(entry, SessionEnded)]
    assert end.reason is EndReason.COMPLETED


def test_a_pause_after_the_last_set_asks_again(stage: Stage) -> None:
    stage.say(Intent.SKIP_REST)
    for _ in range(4):
        stage.drop()
    stage.say(Intent.PAUSE)
    stage.wait(20)
    stage.say(Intent.RESUME)
    assert stage.state is State.FEELING
    stage.answer(Intent.FELT_EASY)
    assert felt(stage)[-1] is Feeling.EASY


def test_pain_ends_the_session_and_says_what_to_do(stage: Stage) -> None:
    stage.answer(Intent.FELT_PAIN)
    assert felt(stage) == [Feeling.PAIN]
    assert isinstance(stage.entries[-1], SessionEnded)
    assert stage.entries[-1].reason is EndReason.STOPPED
    assert stage.said()[-2:] == ["complaint.ended", "answer.pain"]


@pytest.mark.parametrize("state", sorted(set(State) - {State.ASLEEP, State.READING_BACK}))
@pytest.mark.parametrize("complaint", [Complaint.CHEST_PAIN, Complaint.FALL])
def test_a_red_flag_silences_ends_and_is_entered_in_every_state(
    state: State, complaint: Complaint
) -> None:
    stage = reach(state)
    in_session = stage.coach.in_session
    actions = stage.say(Intent.COMPLAIN, complaint=complaint)
    assert isinstance(actions[0], Hush)
    assert [e.complaint for e in stage.entries if isinstance(e, Complained)] == [complaint]
    assert in_session == any(isinstance(entry, SessionEnded) for entry in stage.entries[-1:])
    quiet = [at for at, _ in stage.spoken if stage.now < at < stage.now + 0.3 * 16_000]
    assert quiet == []
    stage.wait(3)
    assert stage.said()[-1].startswith("answer.")
    stage.wait_for(State.ASLEEP)


def test_help_me_ends_the_session_and_says_whom_to_call(stage: Stage) -> None:
    stage.say(Intent.TROUBLE)
    assert isinstance(stage.entries[-1], SessionEnded)
    assert stage.said()[-1] == "not_well"
