"""What is said in the room, and not to us, is counted and forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.hearing.commands.side_talk import SideTalk

FOREVER = to_samples(600)


def say(talk: SideTalk, at: int, vowels: int, *, counts: bool = True) -> None:
    """End an utterance `at`, with so many hops of vowels among others."""
    for number in range(2 * vowels):
        talk.hear(number % 2 == 0)
    talk.over(at, counts=counts)


def test_where_nobody_has_spoken_there_is_none() -> None:
    assert SideTalk().seconds(to_samples(5)) == 0.0


def test_an_order_that_was_not_understood_is_no_side_talk() -> None:
    talk = SideTalk()
    for number in range(5):
        say(talk, to_samples(2.0 * number), vowels=20)
    assert talk.seconds(to_samples(10)) == 0.0


def test_a_long_order_that_was_understood_is_none() -> None:
    talk = SideTalk()
    say(talk, to_samples(3), vowels=100, counts=False)
    say(talk, to_samples(6), vowels=20)
    assert talk.seconds(to_samples(6)) == 0.0


def test_a_tap_that_splashes_is_none() -> None:
    talk = SideTalk()
    for number in range(1000):
        talk.hear(False)
        talk.over(to_samples(number), counts=True)
    assert talk.seconds(to_samples(1000)) == 0.0


def test_who_reads_aloud_is_soon_known_to_and_forgotten_a_minute_later() -> None:
    talk = SideTalk()
    for number in range(1, 11):
        say(talk, to_samples(3.0 * number), vowels=60)
    assert 3.0 < talk.seconds(to_samples(30)) < 8.0
    assert talk.seconds(to_samples(90)) < 0.5


@given(
    st.lists(
        st.tuples(st.integers(0, 150), st.integers(to_samples(1), to_samples(30))), max_size=30
    )
)
def test_it_is_never_negative_and_only_grows_when_somebody_speaks(
    utterances: list[tuple[int, int]],
) -> None:
    talk, at = SideTalk(), 0
    for vowels, later in utterances:
        before = talk.seconds(at)
        at += later
        assert 0.0 <= talk.seconds(at) <= before
        say(talk, at, vowels)
        assert talk.seconds(at) <= before + vowels * BLOCK / SAMPLE_RATE
    assert talk.seconds(at + FOREVER) < 0.01
