"""One utterance after the other through the recogniser."""

import pytest

from tests.hearing.commands.conftest import Speak
from tests.hearing.commands.test_listener import in_room
from tests.hearing.commands.test_stop_spotter import pcm
from voice_coach.hearing.commands import CommandModel
from voice_coach.hearing.commands.decoder import Decoder, Hypothesis

SENTENCES = ("pause", "slower", "stop")


def heard(decoder: Decoder, text: str, at: int, speak: Speak) -> list[Hypothesis]:
    decoder.begin(at)
    for hop in pcm(in_room(0.3, speak(text, "flite"), 0.3)):
        decoder.accept(hop)
    return decoder.finish()


@pytest.mark.parametrize("decoded", [False, True])
@pytest.mark.parametrize("seconds", [0.02, 0.4, 2.0])
def test_a_reset_leaves_nothing_of_the_utterance(
    seconds: float, decoded: bool, model: CommandModel, speak: Speak
) -> None:
    expected = heard(Decoder(model, SENTENCES), "slower", 1000, speak)
    decoder = Decoder(model, SENTENCES)
    for _ in range(2):
        decoder.begin(0)
        for hop in pcm(in_room(speak("pause", "flite"), 2.0))[: round(seconds * 50)]:
            decoder.accept(hop)
        if decoded:
            decoder.partial()
        decoder.reset()
    assert heard(decoder, "slower", 1000, speak) == expected
    assert expected[0].text == "slower"
    assert heard(decoder, "stop", 500, speak)[0].text == "stop"


def test_a_reset_of_nothing_does_no_harm(model: CommandModel, speak: Speak) -> None:
    decoder = Decoder(model, SENTENCES)
    decoder.reset()
    first = heard(decoder, "slower", 1000, speak)
    decoder.reset()
    assert heard(decoder, "slower", 1000, speak) == first
