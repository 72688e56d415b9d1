"""What is believed of an utterance, and what is at least worth asking again."""

import pytest

from voice_coach.hearing.commands import CommandModel, Phrases
from voice_coach.hearing.commands.acceptance import Features, Weighed
from voice_coach.hearing.commands.decoder import Word
from voice_coach.hearing.commands.judge import Judge
from voice_coach.hearing.commands.sentence import Sentence


@pytest.fixture
def judge(model: CommandModel, phrases: Phrases) -> Judge:
    return Judge(model, phrases, "answering", None)


@pytest.fixture
def weighed(phrases: Phrases) -> Weighed:
    match = phrases.match("no", "answering")
    assert match is not None
    features = Features(**dict.fromkeys(Features.__struct_fields__, 0.0))
    return Weighed(Sentence(match, (Word("no", 0, 3200),)), 0.0, features)


@pytest.mark.parametrize(
    ("confidence", "is_believed", "is_likely"),
    [(0.9, True, True), (0.2, False, True), (0.1, False, False)],
)
def test_a_no_beside_a_tap_that_is_not_believed_is_still_likelier_than_noise(
    confidence: float, is_believed: bool, is_likely: bool, judge: Judge, weighed: Weighed
) -> None:
    heard = Weighed(weighed.sentence, confidence, weighed.features)
    assert judge.believes(heard) is is_believed
    assert judge.is_likely(heard) is is_likely
