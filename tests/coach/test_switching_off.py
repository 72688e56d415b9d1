"""Switching the machine off: asked once, after a plain yes, and only where it can be done."""

import pytest

from tests.coach.stage import Stage, reach, today
from voice_coach.coach import Coach, Command, Intent, Play, State, SwitchOff
from voice_coach.programme.rules import load_rules


def is_off(stage: Stage) -> bool:
    return any(isinstance(action, SwitchOff) for action in stage.actions)


def test_it_is_asked_for_and_done_after_a_yes() -> None:
    stage = reach(State.SWITCHING_OFF)
    assert stage.said()[-1] == "switch_off.ask"
    assert not is_off(stage)
    stage.answer(Intent.YES)
    assert is_off(stage)
    assert "switching_off" in stage.said()
    stage.wait(10)
    assert stage.is_in(State.ASLEEP)


@pytest.mark.parametrize("answer", [Intent.NO, Intent.PROBABLY_NOT, Intent.STOP])
def test_a_no_leaves_it_on(answer: Intent) -> None:
    stage = reach(State.SWITCHING_OFF)
    stage.answer(answer)
    stage.wait(30)
    assert not is_off(stage)
    assert stage.is_in(State.ASLEEP)


@pytest.mark.parametrize("answer", [Intent.GO_AHEAD, Intent.START_ANYWAY])
def test_only_a_plain_yes_is_one(answer: Intent) -> None:
    stage = reach(State.SWITCHING_OFF)
    stage.answer(answer)
    assert not is_off(stage)
    assert stage.is_in(State.SWITCHING_OFF)


def test_a_doubtful_yes_is_asked_for_again() -> None:
    stage = reach(State.SWITCHING_OFF)
    stage.wait(8)
    stage.say(Intent.YES, sure=False)
    assert not is_off(stage)
    assert stage.said().count("switch_off.ask") == 2


def test_silence_leaves_it_on() -> None:
    stage = reach(State.SWITCHING_OFF)
    stage.wait(60)
    assert not is_off(stage)
    assert stage.is_in(State.ASLEEP)


def test_where_it_cannot_be_done_that_is_said() -> None:
    coach = Coach(today(), limits=load_rules().pace, calibrated=True)
    said = [
        cue.name
        for action in coach.handle(Command(0, Intent.SWITCH_OFF))
        if isinstance(action, Play)
        for cue in action.cues
    ]
    assert said == ["switch_off.cannot"]
    assert coach.state is State.SUMMING_UP


def test_nobody_exercising_is_switched_off() -> None:
    stage = reach(State.RISING)
    stage.say(Intent.SWITCH_OFF)
    assert stage.is_in(State.RISING)
