"""Two people in a household: whose plan it is is never guessed."""

from dataclasses import replace

import pytest

from tests.coach.stage import PEOPLE, Stage, asked
from voice_coach.coach import ChangePerson, Intent, State


@pytest.fixture
def stage() -> Stage:
    return Stage.set_up(people=PEOPLE)


def test_start_without_a_name_asks_whose_plan_it_is(stage: Stage) -> None:
    stage.say(Intent.START)
    assert stage.state is State.CHOOSING
    assert stage.said() == ["whose", "whose", "whose.ask"]
    stage.wait(3)
    stage.say(Intent.NAME, person="ben")
    assert stage.coach.in_session
    assert stage.day.person == "ben"
    assert stage.said()[-2:] == ["briefing", "briefing.setup"]
    assert "person" in stage.said()


def test_start_with_a_name_begins_their_plan(stage: Stage) -> None:
    actions = stage.say(Intent.START, person="anna")
    assert any(isinstance(action, ChangePerson) and action.person == "anna" for action in actions)
    assert stage.coach.in_session


def test_nobody_answering_begins_nobodys_plan(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.ASLEEP)
    assert stage.said().count("whose") == 4
    assert stage.entries == []


def test_a_person_may_come_without_starting(stage: Stage) -> None:
    stage.say(Intent.CHANGE_PERSON, person="ben")
    stage.wait_for(State.ASLEEP)
    assert stage.said() == ["person"]
    stage.say(Intent.WHO)
    stage.wait(1)
    assert stage.said()[-1] == "person"


def test_what_one_wanted_and_did_not_begin_is_not_begun_for_the_other(stage: Stage) -> None:
    stage.day = replace(stage.day, readiness=asked("well"))
    stage.say(Intent.START, person="anna")
    assert stage.state is State.READINESS
    stage.wait_for(State.ASLEEP)
    stage.say(Intent.CHANGE_PERSON, person="ben")
    assert stage.said()[-1] == "person"
    stage.wait_for(State.ASLEEP)
    assert not stage.coach.in_session
    assert stage.said()[-1] == "person"


def test_who_was_never_calibrated_is(stage: Stage) -> None:
    stage.knows_heels = False
    stage.say(Intent.START, person="ben")
    stage.wait_for(State.CALIBRATING)


@pytest.mark.parametrize("people", [(), PEOPLE[:1]])
def test_alone_nobody_is_asked_for_a_name(people: tuple[str, ...]) -> None:
    stage = Stage.set_up(people=people)
    stage.say(Intent.START)
    assert stage.coach.in_session
