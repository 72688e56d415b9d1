"""What is listened for in a state is what its row of the table does something with."""

from itertools import product

import pytest

from tests.coach.stage import PEOPLE, Stage, reach
from voice_coach.coach import Hush, Intent, Listen, Mode, Play, State
from voice_coach.coach.listening import CRIES, LISTENED_FOR, handled
from voice_coach.coach.states import MODES
from voice_coach.programme.ledger import Complaint

EVERYWHERE = {Intent.STOP, Intent.COMPLAIN, Intent.HELP, Intent.LOUDER, Intent.QUIETER}
"""What must be heard, and answered, whatever the coach is doing; so must a request to repeat."""


def come_to(state: State) -> Stage:
    """Return a stage in `state`, on which something has been said that can be repeated."""
    stage = reach(state)
    if state is State.ASLEEP:
        stage.say(Intent.HOW_TO)
        stage.wait(20)
    return stage


def does_something(stage: Stage, intent: Intent) -> bool:
    """Whether `intent` changes the state or asks for anything but other ears."""
    before, told = stage.state, len(stage.said())
    actions = stage.say(intent, person=PEOPLE[0], complaint=Complaint.PAIN)
    acted = any(not isinstance(action, Listen) for action in actions)
    if acted or stage.state is not before:
        return True
    stage.wait(15)  # words that must not fall into a drop come after it
    return len(stage.said()) > told


@pytest.mark.parametrize("state", State)
def test_all_states_of_a_mode_handle_what_is_listened_for(state: State) -> None:
    assert handled(state) - CRIES == set(LISTENED_FOR[MODES[state]])


@pytest.mark.parametrize("state", State)
def test_a_complaint_a_stop_and_what_can_i_say_are_heard_in_every_state(state: State) -> None:
    assert EVERYWHERE | {Intent.REPEAT} <= set(LISTENED_FOR[MODES[state]])
    assert handled(state) >= CRIES


@pytest.mark.parametrize(
    ("state", "intent"),
    [(state, intent) for state in State for intent in sorted(handled(state))],
)
def test_whatever_is_listened_for_does_something(state: State, intent: Intent) -> None:
    assert does_something(come_to(state), intent)


@pytest.mark.parametrize("state", State)
def test_what_can_be_said_is_told_in_the_words_of_the_state(state: State) -> None:
    stage = reach(state)
    stage.say(Intent.HELP)
    stage.wait(30)  # it does not fall into drops that are listened to
    assert f"help.{MODES[state]}" in stage.said()


@pytest.mark.parametrize(("state", "complaint"), list(product(State, Complaint)))
def test_a_complaint_silences_and_is_told_what_to_do(state: State, complaint: Complaint) -> None:
    stage = reach(state)
    first, *others = stage.say(Intent.COMPLAIN, complaint=complaint)
    assert isinstance(first, Hush)
    assert any(isinstance(action, Play) for action in others)
    assert stage.state is State.SUMMING_UP


def test_nothing_is_listened_for_that_nobody_handles() -> None:
    assert set(LISTENED_FOR) == set(Mode)
    assert set(Intent) == CRIES.union(*LISTENED_FOR.values())


class TestWhilePractising:
    def test_the_drop_in_progress_is_broken_off_and_guided_again(self) -> None:
        stage = reach(State.PRACTISING)
        stage.wait(2.5)  # the first rise has sounded
        assert stage.said().count("rise") == 1
        stage.say(Intent.HELP)
        assert stage.window is None
        stage.wait_for(State.SUMMING_UP)
        said = stage.said()
        assert said[said.index("help.guided") + 1] == "rise"
        assert said.count("tone.drop") == 3

    def test_repeat_says_what_is_wanted_and_goes_on(self) -> None:
        stage = reach(State.PRACTISING)
        stage.wait(2.5)
        stage.say(Intent.REPEAT)
        stage.wait_for(State.SUMMING_UP)
        assert stage.said().count("lesson.slowly") == 2
        assert stage.said().count("tone.drop") == 3


def test_an_answer_to_another_question_is_met_like_one_not_understood() -> None:
    stage = reach(State.SCREENING)
    stage.wait(6)
    stage.say(Intent.SETTLED)
    assert stage.said()[-1] == "not_understood.answering"
    stage.wait(30)
    assert "unanswered" in stage.said()
