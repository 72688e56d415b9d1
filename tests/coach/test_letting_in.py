"""Letting somebody look: asked first, by digits, and only where there is a page."""

import pytest

from tests.coach.stage import Stage, reach
from voice_coach.coach import Command, Intent, LetIn, ShowOut, State


def digits(stage: Stage) -> str:
    return "".join(str(cue.slots[0][1]) for _, cue in stage.spoken if cue.name == "digit")


def roles(stage: Stage) -> list[str]:
    return [action.role for action in stage.actions if isinstance(action, LetIn)]


def test_nobody_is_let_in_before_somebody_said_yes() -> None:
    stage = reach(State.LETTING_IN)
    assert stage.said()[-1] == "let_in.ask"
    assert not roles(stage)
    stage.answer(Intent.YES)
    assert roles(stage) == ["look"]
    stage.wait(40)
    assert digits(stage) == "307194307194"
    assert stage.is_in(State.ASLEEP)


@pytest.mark.parametrize("role", ["look", "change", "therapist"])
def test_what_may_be_done_is_said_before(role: str) -> None:
    stage = Stage.set_up()
    stage.deliver(Command(0, Intent.LET_IN, role=role))
    asked = [cue for _, cue in stage.spoken if cue.name == "let_in.ask"]
    assert dict(asked[0].slots) == {"role": role}
    stage.answer(Intent.YES)
    assert roles(stage) == [role]


@pytest.mark.parametrize("answer", [Intent.NO, Intent.PROBABLY_NOT])
def test_a_no_lets_nobody_in(answer: Intent) -> None:
    stage = reach(State.LETTING_IN)
    stage.answer(answer)
    assert not roles(stage)
    assert "let_in.declined" in stage.said()


@pytest.mark.parametrize("answer", [Intent.GO_AHEAD, Intent.START_ANYWAY])
def test_only_a_plain_yes_is_one(answer: Intent) -> None:
    stage = reach(State.LETTING_IN)
    stage.answer(answer)
    assert not roles(stage)
    assert stage.is_in(State.LETTING_IN)


def test_a_doubtful_yes_is_asked_for_again() -> None:
    stage = reach(State.LETTING_IN)
    stage.wait(5)
    stage.say(Intent.YES, sure=False)
    assert not roles(stage)
    assert stage.said().count("let_in.ask") == 2
    stage.answer(Intent.YES)
    assert roles(stage) == ["look"]


def test_silence_lets_nobody_in() -> None:
    stage = reach(State.LETTING_IN)
    stage.wait(60)
    assert not roles(stage)
    assert stage.is_in(State.ASLEEP)
    assert stage.said().count("let_in.ask") == 2


def test_stop_ends_it() -> None:
    stage = reach(State.LETTING_IN)
    stage.say(Intent.STOP)
    assert stage.is_in(State.ASLEEP)
    assert not roles(stage)


def test_without_a_page_there_is_nothing_to_let_anybody_in_to() -> None:
    stage = reach(State.LETTING_IN)
    stage.code = None
    stage.answer(Intent.YES)
    stage.wait(10)
    assert stage.said()[-1] == "let_in.no_page"
    assert not digits(stage)


@pytest.mark.parametrize("state", [State.ASLEEP, State.SUMMING_UP])
def test_nobody_is_let_in_any_more_at_a_word(state: State) -> None:
    stage = reach(state)
    stage.say(Intent.LET_NOBODY_IN)
    assert any(isinstance(action, ShowOut) for action in stage.actions)
    assert stage.said()[-1] == "let_nobody_in"
    stage.wait(10)
    assert stage.is_in(State.ASLEEP)


def test_nobody_who_exercises_is_asked() -> None:
    stage = reach(State.RISING)
    stage.say(Intent.LET_IN)
    assert stage.is_in(State.RISING)
