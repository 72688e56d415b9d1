"""What may have been a landing, or not: left open, and nothing said of it."""

import pytest

from tests.coach.stage import Stage
from voice_coach.coach import Intent, State
from voice_coach.programme.ledger import Outcome, RepetitionResolved


@pytest.fixture
def stage() -> Stage:
    return Stage.set_up()


def outcomes(stage: Stage) -> list[Outcome]:
    return [entry.outcome for entry in stage.entries if isinstance(entry, RepetitionResolved)]


def test_what_may_have_been_a_landing_is_neither_counted_nor_said_to_be_missing(
    stage: Stage,
) -> None:
    stage.say(Intent.START)
    stage.drop()
    stage.wait_for(State.LISTENING)
    stage.wait(0.3)
    stage.thump(certain=False)
    stage.wait_for(State.PAUSING)
    stage.drop()
    assert outcomes(stage) == [Outcome.HEARD, Outcome.NOT_HEARD, Outcome.HEARD]
    assert "not_heard" not in stage.said()


def test_a_certain_landing_after_a_doubtful_sound_counts(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.wait(0.2)
    stage.thump(certain=False)
    stage.wait(0.2)
    stage.thump()
    assert outcomes(stage) == [Outcome.HEARD]


def test_three_doubtful_drops_in_a_row_are_asked_about_all_the_same(stage: Stage) -> None:
    stage.say(Intent.START)
    for _ in range(3):
        stage.wait_for(State.LISTENING)
        stage.wait(0.3)
        stage.thump(certain=False)
        stage.wait_for(State.PAUSING, State.CHECKING_IN)
    assert stage.state is State.CHECKING_IN
