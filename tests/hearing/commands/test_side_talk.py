"""What is said in the room, and not to us, is counted and forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import to_samples
from voice_coach.hearing.commands.side_talk import SideTalk

FOREVER = to_samples(600)


def test_where_nobody_has_spoken_there_is_none() -> None:
    assert SideTalk().seconds(to_samples(5)) == 0.0


def test_an_order_that_was_not_understood_is_no_side_talk() -> None:
    talk = SideTalk()
    for number in range(5):
        talk.note(to_samples(0.9), to_samples(2.0 * number))
    assert talk.seconds(to_samples(10)) == 0.0


def test_who_reads_aloud_is_soon_known_to_and_forgotten_a_minute_later() -> None:
    talk = SideTalk()
    for number in range(1, 11):
        talk.note(to_samples(2.5), to_samples(3.0 * number))
    assert 6.0 < talk.seconds(to_samples(30)) < 15.0
    assert talk.seconds(to_samples(90)) < 1.0


@given(
    st.lists(
        st.tuples(st.integers(0, to_samples(3.5)), st.integers(to_samples(1), to_samples(30))),
        max_size=30,
    )
)
def test_it_is_never_negative_and_only_grows_when_somebody_speaks(
    utterances: list[tuple[int, int]],
) -> None:
    talk, at = SideTalk(), 0
    for voiced, later in utterances:
        before = talk.seconds(at)
        at += later
        assert 0.0 <= talk.seconds(at) <= before
        talk.note(voiced, at)
        assert talk.seconds(at) <= before + max(0, voiced) / 16_000
    assert talk.seconds(at + FOREVER) < 0.01
