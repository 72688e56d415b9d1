"""The first lesson: explained to anybody, tried only by who may."""

from dataclasses import replace

import pytest

from tests.coach.stage import Stage, asked, reach, today
from voice_coach.coach import Hush, Intent, OpenWindow, State
from voice_coach.programme.planner import Line, Refusal


@pytest.fixture
def stage() -> Stage:
    stage = Stage.set_up(replace(today(), readiness=asked("well", "place")))
    stage.say(Intent.TEACH_ME)
    return stage


def wait_for_question(stage: Stage) -> None:
    while "lesson.try" not in stage.said():
        stage.wait(1)
    stage.wait(2)


def test_everything_is_explained_in_order_and_nothing_moves(stage: Stage) -> None:
    wait_for_question(stage)
    assert stage.said() == [
        "lesson.intro",
        "lesson.position",
        "lesson.rise",
        "lesson.drop",
        "lesson.good_thump",
        "tone.thump_good",
        "lesson.soft_thump",
        "tone.thump_soft",
        "lesson.compare",
        "lesson.mistakes",
        "lesson.try",
    ]


def test_it_begins_at_once_whatever_is_being_said() -> None:
    stage = reach(State.SUMMING_UP)
    actions = stage.say(Intent.TEACH_ME)
    assert any(isinstance(action, Hush) for action in actions)
    assert stage.state is State.TEACHING


def test_who_does_not_want_to_try_it_may_later(stage: Stage) -> None:
    wait_for_question(stage)
    stage.say(Intent.NO)
    assert stage.said()[-1] == "lesson.later"
    stage.wait_for(State.ASLEEP)


def test_the_drops_are_tried_only_after_the_questions(stage: Stage) -> None:
    wait_for_question(stage)
    stage.say(Intent.YES)
    assert stage.state is State.READINESS
    stage.answer(Intent.NO, Intent.YES)
    stage.wait_for(State.SUMMING_UP)
    assert stage.said().count("tone.drop") == 3
    assert stage.said()[-1] == "lesson.done"
    assert not any(name.startswith("count") for name in stage.said())


def test_who_has_pain_tries_nothing() -> None:
    pain = Refusal("refused.pain", {"level": "beginner"}, False, None)
    stage = Stage.set_up(today(beginner=pain))
    stage.say(Intent.TEACH_ME)
    wait_for_question(stage)
    stage.say(Intent.YES)
    stage.wait_for(State.ASLEEP)
    assert "tone.drop" not in stage.said()
    assert stage.said()[-1] == "refused.pain"


@pytest.mark.parametrize("answer", [Intent.NO, None])
def test_without_a_yes_nothing_is_tried(stage: Stage, answer: Intent | None) -> None:
    wait_for_question(stage)
    if answer is not None:
        stage.say(answer)
    stage.wait_for(State.ASLEEP)
    assert "tone.drop" not in stage.said()


def test_the_lesson_waits_and_goes_on_where_it_was(stage: Stage) -> None:
    stage.wait(1)
    stage.say(Intent.PAUSE)
    stage.wait(30)
    assert stage.said()[-1] == "paused"
    stage.say(Intent.RESUME)
    stage.wait(0.5)
    assert stage.said()[-1] == "lesson.position"


def test_a_landing_is_answered_once_its_window_is_over() -> None:
    stage = reach(State.PRACTISING)
    while stage.window is None:
        stage.wait(0.2)
    _, closes = stage.window
    stage.wait((closes - stage.now) / 16_000 - 0.4)
    stage.thump()
    assert "lesson.well" not in stage.said()
    stage.wait(0.6)
    assert stage.said()[-1] == "lesson.well"


def test_without_a_calibration_nothing_is_listened_for() -> None:
    stage = Stage.set_up(calibrated=False)
    stage.say(Intent.TEACH_ME)
    stage.say(Intent.YES)
    stage.wait_for(State.SUMMING_UP)
    assert not any(isinstance(action, OpenWindow) for action in stage.actions)


def test_what_they_ask_is_answered_from_the_plans() -> None:
    day = replace(today(), answers={"how_to": (Line("answer.how_to"),)})
    stage = Stage.set_up(day)
    stage.say(Intent.HOW_TO)
    stage.wait(1)
    assert stage.said() == ["answer.how_to"]
    stage.say(Intent.WHEN_NEXT)
    stage.wait(1)
    assert stage.said()[-1] == "no_answer"
