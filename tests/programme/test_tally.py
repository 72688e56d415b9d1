"""The tally of a session: nothing is counted twice, and nothing is left out."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from voice_coach.programme.ledger import (
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SetFinished,
)
from voice_coach.programme.repetition import Repetition, note
from voice_coach.programme.tally import Tally

outcomes = st.lists(st.none() | st.sampled_from(Outcome), max_size=30)


@given(outcomes)
def test_what_was_prompted_was_heard_not_heard_or_is_open(came_to: list[Outcome | None]) -> None:
    tally = Tally.of(came_to)
    assert tally.prompted == len(came_to)
    assert (
        tally.heard + tally.unsure + tally.told + tally.not_heard + came_to.count(None)
        == tally.prompted
    )
    assert tally.heard == tally.good + tally.soft + tally.hard


@given(outcomes, outcomes)
def test_sessions_add_up(one: list[Outcome | None], other: list[Outcome | None]) -> None:
    assert Tally.of(one) + Tally.of(other) == Tally.of(one + other)


@given(outcomes)
def test_it_is_the_same_of_what_is_counted_already(came_to: list[Outcome | None]) -> None:
    assert Tally.of(Counter(came_to)) == Tally.of(came_to)


@given(outcomes)
def test_repetitions_are_noted_as_they_are_told(came_to: list[Outcome | None]) -> None:
    repetitions: list[Repetition] = []
    for number, outcome in enumerate(came_to, start=1):
        note(repetitions, RepetitionPrompted(100 * number, 1, number))
        assert repetitions[-1].outcome is None
        if outcome is not None:
            landed = None if outcome is Outcome.NOT_HEARD else 100 * number + 20
            note(
                repetitions,
                RepetitionResolved(100 * number + 50, 1, number, outcome, landed, -1.5),
            )
            assert repetitions[-1] == Repetition(
                1, number, 100 * number, outcome, landed, -1.5, 100 * number + 50
            )
        note(repetitions, SetFinished(100 * number + 60, 1))
    assert [repetition.number for repetition in repetitions] == [*range(1, len(came_to) + 1)]
    assert Tally.of(repetition.outcome for repetition in repetitions) == Tally.of(came_to)


def test_it_is_written_under_names_that_stay() -> None:
    tally = Tally(prompted=13, good=4, soft=2, hard=1, not_heard=3, unsure=2, told=1)
    assert tally.table() == {
        "prompted": 13,
        "heard": 7,
        "soft": 2,
        "hard": 1,
        "unsure": 2,
        "told": 1,
        "not_heard": 3,
    }
