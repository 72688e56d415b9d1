"""Which words in the microphone's sound are our own, by what we say and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hearing.commands.conftest import said
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.commands.decoder import Word
from voice_coach.hearing.commands.own_voice import OwnVoice


def at(seconds: float) -> int:
    return to_samples(seconds)


@pytest.fixture
def own() -> OwnVoice:
    """We say a word in every half second from 10 to 13.5 s."""
    own = OwnVoice()
    own.announce(*said("you can say stop pause or repeat", at(10), at(13.5)))
    return own


def test_our_words_are_ours_while_we_say_them(own: OwnVoice) -> None:
    assert own.says("stop", at(11.5), at(12))
    assert own.says("repeat", at(13), at(13.5))


def test_they_are_ours_though_they_arrive_a_little_late(own: OwnVoice) -> None:
    assert own.says("stop", at(11.6), at(12.15))


@pytest.mark.parametrize("start", [9.0, 10.5, 11.0, 12.0, 12.2, 14.0])
def test_the_same_word_before_and_after_is_somebody_elses(own: OwnVoice, start: float) -> None:
    assert not own.says("stop", at(start), at(start + 0.4))


def test_the_last_word_is_forgotten_when_it_is_over(own: OwnVoice) -> None:
    assert own.says("repeat", at(13.2), at(13.6))
    assert not own.says("repeat", at(13.5), at(13.9))


def test_other_words_are_somebody_elses(own: OwnVoice) -> None:
    assert not own.says("slower", at(11.5), at(12))


def test_we_are_heard_a_little_longer_than_we_speak(own: OwnVoice) -> None:
    assert own.during(at(13.7), at(13.9))
    assert not own.during(at(13.9), at(14.1))
    assert not own.during(at(9), at(10))


@pytest.mark.parametrize(
    ("text", "seconds", "standing_out", "somebody_else"),
    [
        ("pause", 20.0, 0.0, True),  # while we are silent
        ("slower", 11.5, 0.3, True),
        ("slower", 11.5, 0.1, False),  # made out of our echo
        ("stop", 11.5, 0.3, False),  # our own
        ("stop", 11.5, 0.9, True),  # somebody says it with us, and louder
        ("stop slower", 11.5, 0.3, True),
    ],
)
def test_words_are_somebody_elses_if_they_stand_out_enough(
    own: OwnVoice, text: str, seconds: float, standing_out: float, somebody_else: bool
) -> None:
    words = [Word(word, at(seconds), at(seconds + 0.4)) for word in text.split()]
    assert own.is_somebody_else(words, standing_out) == somebody_else


@pytest.mark.parametrize(
    ("seconds", "standing_out", "doubtful"),
    [(11.5, 0.4, True), (11.5, 0.7, False), (20.0, 0.0, False)],
)
def test_what_hardly_stands_out_of_what_we_say_may_be_ours_misheard(
    own: OwnVoice, seconds: float, standing_out: float, doubtful: bool
) -> None:
    words = [Word("slower", at(seconds), at(seconds + 0.4))]
    assert own.may_be_made_of_us(words, standing_out) == doubtful


def test_a_tone_cannot_be_misheard_for_a_sentence() -> None:
    own = OwnVoice()
    own.announce(at(1), at(2), ())
    assert not own.may_be_made_of_us([Word("stop", at(1.2), at(1.6))], 0.4)


@pytest.mark.parametrize(("text", "ours"), [("stop", True), ("slower", False), ("stop it", False)])
def test_a_sentence_is_ours_if_we_say_all_of_its_words(
    own: OwnVoice, text: str, ours: bool
) -> None:
    words = [Word(word, at(11.5), at(11.9)) for word in text.split()]
    assert own.says_all(words) == ours


@pytest.mark.parametrize(("standing_out", "somebody_else"), [(0.3, False), (0.4, True)])
def test_over_a_tone_words_must_stand_out_more(standing_out: float, somebody_else: bool) -> None:
    own = OwnVoice()
    own.announce(at(1), at(2), ())
    word = Word("stop", at(1.2), at(1.6))
    assert own.is_somebody_else([word], standing_out) == somebody_else


def test_what_was_hushed_is_not_said(own: OwnVoice) -> None:
    own.announce(*said("hold the sink", at(14), at(15)))
    own.cut(at(11.7))
    assert own.during(at(10), at(10.5))
    assert own.says("stop", at(11.5), at(11.9))
    assert not own.says("stop", at(11.8), at(12.2))
    assert not own.during(at(12.2), at(12.5))
    assert not own.during(at(14), at(15))
    assert not own.says("repeat", at(13), at(13.4))


@given(
    st.lists(st.sampled_from(["stop", "yes"]), min_size=1),
    st.integers(0, 10**6),
    st.integers(0, 2 * 10**6),
)
def test_any_words_may_be_announced_and_cut(words: list[str], start: int, cut: int) -> None:
    own = OwnVoice()
    own.announce(*said(" ".join(words), start, start + SAMPLE_RATE))
    own.cut(cut)
    assert not own.during(cut + SAMPLE_RATE, cut + 2 * SAMPLE_RATE)
    assert not own.says("stop", cut + SAMPLE_RATE, cut + 2 * SAMPLE_RATE)
