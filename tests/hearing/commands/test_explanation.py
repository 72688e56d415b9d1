"""What the ear tells of its reasons to whoever asks."""

import numpy as np
import pytest

from tests.hearing.commands.conftest import Speak
from tests.hearing.commands.test_listener import commands, hear, in_room
from voice_coach.hearing.commands import CommandEar, CommandModel, Explanation, Phrases, Reason
from voice_coach.hearing.commands.acceptance import Features


@pytest.fixture
def told() -> list[Explanation]:
    return []


@pytest.fixture
def ear(model: CommandModel, phrases: Phrases, told: list[Explanation]) -> CommandEar:
    return CommandEar(model, phrases, told.append)


def test_a_stop_is_doubted_until_its_network_has_heard_enough(
    ear: CommandEar, speak: Speak, told: list[Explanation]
) -> None:
    hear(ear, "exercising", in_room(0.5, speak("stop", "flite"), 1.0))
    assert [one.reason for one in told] == [Reason.STOP_DOUBTED, Reason.BELIEVED]
    assert told[0].features() == {}
    assert told[1].features().keys() == set(Features.__struct_fields__)


def test_what_may_go_on_is_waited_for_and_the_whole_is_believed(
    ear: CommandEar, speak: Speak, told: list[Explanation]
) -> None:
    hesitant = in_room(0.5, speak("start", "flite"), 0.5, speak("intermediate", "flite"), 1.5)
    hear(ear, "asleep", hesitant)
    assert [one.reason for one in told] == [Reason.INCOMPLETE, Reason.BELIEVED]
    assert told[0].hypotheses[0].text == "start"
    assert str(told[-1]).endswith("believed")


def test_as_often_as_something_is_answered_it_is_believed(
    ear: CommandEar, speak: Speak, told: list[Explanation]
) -> None:
    twice = in_room(0.5, speak("slower", "flite"), 0.35, speak("slower", "espeak"), 1.0)
    heard = commands(hear(ear, "exercising", twice))
    reasons = [one.reason for one in told]
    assert reasons.count(Reason.BELIEVED) == len(heard)


def test_reasons_are_what_confidence_and_threshold_say(
    ear: CommandEar, speak: Speak, told: list[Explanation]
) -> None:
    texts = ("pause", "lower the volume a bit", "stock", "how many left", "help", "the top shelf")
    parts = [part for text in texts for part in (speak(text, "espeak"), 1.2)]
    noise = np.random.default_rng(4).standard_normal(len(in_room(0.5, *parts))) * 0.012
    heard = hear(ear, "exercising", (in_room(0.5, *parts) + noise).astype(np.float32))
    for one in told:
        if one.reason in (Reason.BELIEVED, Reason.UNCERTAIN):
            assert one.weighed is not None
            assert one.threshold is not None
            believed = one.weighed.confidence >= one.threshold
            assert believed == (one.reason is Reason.BELIEVED)
        assert one.start <= one.end <= one.decided
    assert [(one.start, one.end) for one in told if one.reason is Reason.BELIEVED] == [
        (command.start, command.end) for command in commands(heard)
    ]
    assert Reason.UNCERTAIN in {one.reason for one in told}


def test_begun_anew_an_ear_hears_what_another_would(
    ear: CommandEar, model: CommandModel, phrases: Phrases, speak: Speak
) -> None:
    first = in_room(0.5, speak("stop", "flite"), 0.1)
    sound = in_room(0.5, speak("how many left", "flite"), 1.0)
    hear(ear, "exercising", first)
    ear.begin_anew()
    fresh = CommandEar(model, phrases)
    assert hear(ear, "exercising", sound) == hear(fresh, "exercising", sound)
