"""When words are said in a clip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import to_samples
from voice_coach.samples import Samples
from voice_coach.speaking import Voice
from voice_coach.speaking.word_times import Mark, by_letters, by_marks, words_of


def sounding(*parts: tuple[float, float]) -> Samples:
    """Return sounds of a length (seconds) and an amplitude, one after the other."""
    return np.concatenate([np.full(to_samples(length), loud, np.float32) for length, loud in parts])


def test_words_are_as_an_ear_would_write_them() -> None:
    assert words_of("Twenty-one: I don't, café.") == ("twenty", "one", "i", "don't", "café")


def test_a_word_lasts_until_the_next_one_begins() -> None:
    clip = sounding((1.0, 0.3))
    first, second = by_marks("Say stop.", [Mark(0, 0), Mark(4, to_samples(0.4))], clip)
    assert (first.text, first.start, first.end) == ("say", 0, to_samples(0.4))
    assert (second.text, second.start, second.end) == ("stop", to_samples(0.4), len(clip))


def test_a_word_is_over_where_the_clip_falls_silent() -> None:
    clip = sounding((0.3, 0.3), (0.5, 0.0), (0.4, 0.1), (0.2, 0.001))
    yes, no = by_marks("Yes, no.", [Mark(0, 0), Mark(5, to_samples(0.8))], clip)
    assert yes.end == to_samples(0.3)
    assert no.end == to_samples(1.2)


def test_words_without_a_mark_share_the_time_of_the_one_before() -> None:
    clip = sounding((1.0, 0.3))
    words = by_marks("Twenty-one sets.", [Mark(0, 0), Mark(11, to_samples(0.6))], clip)
    assert [word.text for word in words] == ["twenty", "one", "sets"]
    assert words[0].start == words[1].start == 0
    assert words[0].end == words[1].end == words[2].start


def test_without_marks_words_are_bounded_by_their_letters() -> None:
    words = by_marks("Please say yes, or stop.", [], sounding((3.0, 0.3)))
    assert words == by_letters("Please say yes, or stop.", to_samples(3.0))
    assert words[0].start == 0
    assert words[-1].end == to_samples(3.0)
    assert words[-1].start > to_samples(1.5)


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(-9000, 9000)), max_size=5),
    st.integers(0, 5000),
)
def test_every_word_has_its_place_within_the_clip(
    text: str, marks: list[tuple[int, int]], length: int
) -> None:
    ordered = zip(*map(sorted, zip(*marks, strict=True)), strict=True) if marks else ()
    found = by_marks(text, [Mark(*mark) for mark in ordered], np.ones(length, np.float32))
    assert all(0 <= word.start <= word.end <= length for word in found)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Easy, fine, hard, sore, or painful: which was it?", "fine"),
        ("Hold the sink, and stand tall.", "sink"),
    ],
)
def test_the_pause_after_a_word_is_none_of_it(text: str, word: str, voice: Voice) -> None:
    clip = voice.line(text)
    assert clip is not None
    place = words_of(text).index(word)
    found, following = clip.words[place], clip.words[place + 1]
    assert to_samples(0.25) < found.end - found.start < to_samples(0.7)
    spoken, silent = (
        float(np.mean(clip.samples[start:end] ** 2))
        for start, end in [(found.start, found.end), (found.end, following.start)]
    )
    assert following.start - found.end > to_samples(0.15)
    assert silent < 0.02 * spoken


@pytest.mark.parametrize("number", ["Twenty-one.", "Sixty-six."])
def test_numbers_of_two_words_have_both(number: str, voice: Voice) -> None:
    clip = voice.line(number)
    assert clip is not None
    assert [word.text for word in clip.words] == list(words_of(number))
