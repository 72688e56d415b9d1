"""What is told that speaks against going on: silence first, then what to do, and no summary."""

import pytest

from tests.coach.stage import Stage, reach
from voice_coach.coach import Cue, Hush, Intent, Play, State
from voice_coach.coach.pacing import STOP_SILENCE
from voice_coach.programme.ledger import (
    Complained,
    Complaint,
    EndReason,
    Outcome,
    RepetitionResolved,
    SessionEnded,
)

ADVICE = {
    Complaint.PAIN: "answer.pain",
    Complaint.SHARP_PAIN: "answer.pain",
    Complaint.BACK_PAIN: "complaint.back_pain",
    Complaint.CHEST_PAIN: "answer.chest_pain",
    Complaint.BREATHLESS: "answer.breathless",
    Complaint.DIZZY: "answer.dizzy",
    Complaint.FALL: "answer.fell",
    Complaint.LOST_BALANCE: "complaint.unwell",
    Complaint.SORENESS: "complaint.soreness",
    Complaint.UNWELL: "complaint.unwell",
}


def said(stage: Stage, actions: list[object]) -> tuple[str, ...]:
    """Return the cues said in answer; the coach fell silent before, and for a moment."""
    hushed = next(n for n, action in enumerate(actions) if isinstance(action, Hush))
    (play,) = (action for action in actions if isinstance(action, Play))
    assert hushed < actions.index(play)
    assert play.at == stage.now + STOP_SILENCE
    return tuple(cue.name for cue in play.cues)


@pytest.mark.parametrize("complaint", Complaint)
@pytest.mark.parametrize("state", [State.ASLEEP, State.SUMMING_UP, State.TEACHING])
def test_outside_a_session_it_is_entered_and_answered(state: State, complaint: Complaint) -> None:
    stage = reach(state)
    told = len(stage.entries)
    actions = stage.say(Intent.COMPLAIN, complaint=complaint)
    assert said(stage, [*actions]) == (ADVICE[complaint],)
    assert stage.entries[told:] == [Complained(stage.now, complaint)]
    assert stage.state is State.SUMMING_UP
    stage.wait_for(State.ASLEEP)


@pytest.mark.parametrize("complaint", Complaint)
@pytest.mark.parametrize("state", [State.RISING, State.RESTING, State.PAUSED])
def test_in_a_session_it_ends_the_session_as_well(state: State, complaint: Complaint) -> None:
    stage = reach(state)
    told = len(stage.entries)
    actions = stage.say(Intent.COMPLAIN, complaint=complaint)
    assert said(stage, [*actions]) == ("complaint.ended", ADVICE[complaint])
    assert stage.entries[told:] == [
        Complained(stage.now, complaint),
        SessionEnded(stage.now, EndReason.STOPPED),
    ]
    assert not stage.coach.in_session
    stage.wait_for(State.ASLEEP)
    assert not any(name.startswith("summary") for name in stage.said())


def test_what_is_not_named_is_pain() -> None:
    stage = reach(State.ASLEEP)
    stage.say(Intent.COMPLAIN)
    assert stage.entries == [Complained(stage.now, Complaint.PAIN)]


def test_a_calibration_is_given_up_for_it() -> None:
    stage = reach(State.ASLEEP)
    stage.say(Intent.CALIBRATE)
    stage.wait_for(State.CALIBRATING)
    stage.say(Intent.COMPLAIN, complaint=Complaint.DIZZY)
    stage.wait_for(State.ASLEEP)
    stage.say(Intent.START)
    stage.wait_for(State.RISING)


@pytest.mark.parametrize(
    ("state", "cue"),
    [
        (State.RISING, "not_well"),
        (State.LISTENING, "not_well"),
        (State.TEACHING, "call_someone"),
        (State.CONFIRMING, "call_someone"),
    ],
)
def test_a_cry_for_help_says_whom_to_call(state: State, cue: str) -> None:
    stage = reach(state)
    actions = stage.say(Intent.TROUBLE)
    assert said(stage, [*actions]) == (cue,)
    ended = [entry for entry in stage.entries if isinstance(entry, SessionEnded)]
    assert [entry.reason for entry in ended] == [EndReason.STOPPED] * (cue == "not_well")
    assert stage.state is State.SUMMING_UP


def test_a_drop_that_was_under_way_is_entered_as_not_heard() -> None:
    stage = reach(State.LISTENING)
    stage.wait(0.2)
    stage.say(Intent.COMPLAIN, complaint=Complaint.FALL)
    resolved, complained, ended = stage.entries[-3:]
    assert isinstance(resolved, RepetitionResolved)
    assert resolved.outcome is Outcome.NOT_HEARD
    assert isinstance(complained, Complained)
    assert isinstance(ended, SessionEnded)
    assert Cue("not_heard") not in [cue for _, cue in stage.spoken]
    assert stage.window is None
