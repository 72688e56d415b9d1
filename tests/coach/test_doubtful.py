"""What may have been a landing, or not: left open, and nothing said of it."""

import pytest

from tests.coach.stage import Stage
from voice_coach.clock import to_samples
from voice_coach.coach import Intent, State
from voice_coach.coach.events import Thump
from voice_coach.programme.ledger import DoubtDecided, Outcome, RepetitionResolved


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
    assert outcomes(stage) == [Outcome.NOT_HEARD, Outcome.HEARD]
    assert "soft" not in stage.said()
    assert stage.said().count("count") == 1


def test_what_is_decided_later_is_summed_up(stage: Stage) -> None:
    doubtful_then_sure(stage, -11.0)
    stage.say(Intent.STOP)
    stage.wait(10)
    assert {"summary.soft"} <= set(stage.said())
    assert "summary.not_heard" not in stage.said()


def test_a_sound_of_no_window_left_open_decides_nothing(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.wait(0.3)
    stage.deliver(Thump(stage.now, stage.now - to_samples(3.0), 0.0, late=True))
    assert stage.state is State.LISTENING
    assert outcomes(stage) == []


def test_three_doubtful_drops_in_a_row_are_asked_about_all_the_same(stage: Stage) -> None:
    stage.say(Intent.START)
    for _ in range(3):
        stage.wait_for(State.LISTENING)
        stage.wait(0.3)
        stage.thump(certain=False)
        stage.wait_for(State.PAUSING, State.CHECKING_IN)
    assert stage.state is State.CHECKING_IN
