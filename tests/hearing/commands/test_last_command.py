"""What is said just after a command."""

import pytest

from voice_coach.clock import to_samples
from voice_coach.hearing.commands.decoder import Word
from voice_coach.hearing.commands.last_command import LastCommand
from voice_coach.hearing.commands.sentence import Sentence
from voice_coach.home.phrases import coach_phrases

ENGLISH = coach_phrases()
MODE = "exercising"


def sentence(text: str, start: float) -> Sentence:
    """Return what `text` means while exercising, each word of it 0.4 s long."""
    match = ENGLISH.match(text, MODE)
    assert match is not None
    at = [to_samples(start + 0.4 * number) for number in range(len(text.split()) + 1)]
    words = (Word(*each) for each in zip(text.split(), at[:-1], at[1:], strict=True))
    return Sentence(match, tuple(words))


@pytest.fixture
def last() -> LastCommand:
    """Return an ear's memory of a "stop" that ended a moment ago, at 1.4 s."""
    made = LastCommand(ENGLISH)
    made.note(sentence("stop", 1.0), MODE)
    return made


def test_the_first_command_is_no_repetition() -> None:
    last = LastCommand(ENGLISH)
    assert not last.is_repeated(sentence("stop", 1.0))
    assert not last.is_remnant(sentence("stop", 1.0), 0.0)
    assert not last.ends_with("please", to_samples(1.0))


def test_what_both_hear_is_one_command(last: LastCommand) -> None:
    assert last.is_repeated(sentence("stop", 1.2))


def test_the_same_word_again_is_another_command(last: LastCommand) -> None:
    assert not last.is_repeated(sentence("stop", 2.5))


def test_another_command_is_none_of_the_last_one(last: LastCommand) -> None:
    assert not last.is_repeated(sentence("slower", 1.5))
    assert not last.is_remnant(sentence("slower", 1.5), 0.1)


def test_a_doubtful_variation_just_afterwards_is_a_remnant(last: LastCommand) -> None:
    assert last.is_remnant(sentence("ouch", 1.5), 0.5)
    assert not last.is_remnant(sentence("ouch", 1.5), 0.7)
    assert not last.is_remnant(sentence("ouch", 2.5), 0.5)


@pytest.mark.parametrize(("text", "start", "ends"), [("now", 1.5, True), ("now", 2.5, False)])
def test_the_rest_of_a_sentence_is_nothing_that_was_not_understood(
    last: LastCommand, text: str, start: float, ends: bool
) -> None:
    assert last.ends_with(text, to_samples(start)) == ends


def test_other_words_afterwards_are(last: LastCommand) -> None:
    assert not last.ends_with("seven", to_samples(1.5))
