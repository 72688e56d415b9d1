"""Our voice is lowered for speech that began over a sentence of ours, and for nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from voice_coach.speaking.ducking import SENTENCE, TALKED_OVER, is_talked_over

START, END = 10_000, 10_000 + 2 * SENTENCE

positions = st.integers(0, 2 * END)


def test_speech_over_a_sentence_counts_once_it_has_lasted() -> None:
    began = START + 1
    assert not is_talked_over((START, END), began, began + TALKED_OVER - 1)
    assert is_talked_over((START, END), began, began + TALKED_OVER)


def test_it_counts_no_more_when_either_has_ended() -> None:
    assert not is_talked_over((START, END), None, END - 1)
    assert is_talked_over((START, END), START + 1, END - 1)
    assert not is_talked_over((START, END), START + 1, END)


@given(st.integers(0, START), positions)
def test_what_began_before_our_words_is_what_they_answer(since: int, position: int) -> None:
    assert not is_talked_over((START, END), since, position)


@given(st.integers(0, SENTENCE - 1), positions, positions)
def test_a_short_word_is_never_lowered(length: int, since: int, position: int) -> None:
    assert not is_talked_over((START, START + length), since, position)


@given(positions, positions)
def test_nobody_talks_over_silence(since: int, position: int) -> None:
    assert not is_talked_over((0, 0), since, position)
