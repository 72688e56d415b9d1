"""What a decoder is told to listen for."""

import re

import pytest

from voice_coach.hearing.commands import CommandModel, Phrases
from voice_coach.hearing.commands.command_model import COPY_MARK
from voice_coach.hearing.commands.grammar import copies, grammar
from voice_coach.home.phrases import coach_phrases

HOUSEHOLD = ("mary", "john")


class OneOfEach(CommandModel):
    """The shipped model as one without copies of words, as most are."""

    def knows(self, word: str) -> bool:
        return COPY_MARK not in word and super().knows(word)


@pytest.fixture(scope="module")
def plain(model: CommandModel) -> CommandModel:
    return OneOfEach(model.vosk, model.path)


def test_the_shipped_model_tells_all_sentences_of_a_household_apart(model: CommandModel) -> None:
    needed = copies(coach_phrases(people=HOUSEHOLD, knows=model.knows))
    for word, count in needed.items():
        assert len({model.copy(word, number) for number in range(count)}) == count, word


def test_copies_beyond_those_that_there_are_share_the_last(model: CommandModel) -> None:
    assert model.copy("stop", 0) == "stop"
    assert model.copy("stop", 1) == f"stop{COPY_MARK}1"
    assert model.copy("stop", 1000) == model.copy("stop", 2000)
    assert model.knows(model.copy("stop", 1000))


@pytest.mark.parametrize("mode", coach_phrases().modes)
def test_the_recogniser_knows_all_that_it_is_told_to_listen_for(
    model: CommandModel, phrases: Phrases, mode: str
) -> None:
    words = {word for text in grammar(phrases, mode, model) for word in text.split()}
    assert all(map(model.knows, words))


@pytest.mark.parametrize("mode", coach_phrases().modes)
def test_without_copies_the_sentences_stand_as_they_are_said(
    plain: CommandModel, phrases: Phrases, mode: str
) -> None:
    listed = set(grammar(phrases, mode, plain))
    assert set(phrases.sentences(mode)) <= listed
    asked = {text.removesuffix(" please") for text in listed if text.endswith(" please")}
    called = {text.removeprefix("okay coach ") for text in listed if text.startswith("okay coach ")}
    assert asked | called <= {*phrases.sentences(mode), "please"}
    assert asked
    assert called


def said(phrases: Phrases, mode: str, model: CommandModel) -> set[str]:
    """Return what is listened for, as it is said."""
    return {re.sub(rf"{COPY_MARK}\d+", "", text) for text in grammar(phrases, mode, model)}


def test_what_has_only_begun_may_be_heard_as_such(model: CommandModel, phrases: Phrases) -> None:
    assert "help" in phrases.sentences("resting")
    assert "how" in said(phrases, "resting", model)
