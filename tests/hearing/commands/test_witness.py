"""The witness tells what was said from what was not, by the phones that it hears."""

from pathlib import Path

import numpy as np
import pytest

from tests.hearing.commands.conftest import Speak
from voice_coach.clock import BLOCK
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel, Phrases
from voice_coach.hearing.commands.decoder import Word
from voice_coach.hearing.commands.phone_network import PhoneWeights, log_probabilities
from voice_coach.hearing.commands.witness import Statement, Witness
from voice_coach.samples import Samples

VOICES = ("espeak", "flite")
SAID = ("stop", "help", "repeat", "louder", "pause", "how many left", "my back hurts")
ROOM = 0.001


@pytest.fixture(scope="module")
def witness(model: CommandModel, phrases: Phrases) -> Witness:
    witness = Witness.of_model(model.path, phrases.words())
    assert witness is not None
    return witness


def in_room(clip: Samples) -> tuple[Samples, int, int]:
    """Return `clip` amid half a second of a quiet room, and where it begins and ends."""
    before = 25 * BLOCK
    hops = (2 * before + len(clip)) // BLOCK + 1
    sound = ROOM * np.random.default_rng(1).standard_normal(hops * BLOCK).astype(np.float32)
    sound[before : before + len(clip)] += clip
    return sound, before, before + len(clip)


def claimed(witness: Witness, clip: Samples, text: str) -> Statement:
    """Return what the witness thinks of `text`, claimed of `clip`, its words equally long."""
    sound, start, end = in_room(clip)
    words = text.split()
    edges = np.linspace(start, end, len(words) + 1).astype(int)
    parts = zip(words, edges, edges[1:], strict=False)
    said = witness.testify(sound, 0, [Word(word, int(a), int(b)) for word, a, b in parts])
    assert said is not None
    return said


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("text", SAID)
def test_what_was_said_fits_better_than_anything_else(
    text: str, voice: str, witness: Witness, speak: Speak
) -> None:
    clip = speak(text, voice)
    others = [claimed(witness, clip, other).fit for other in SAID if other != text]
    assert claimed(witness, clip, text).fit > max(others)


@pytest.mark.parametrize("voice", VOICES)
def test_words_amid_others_have_phones_beside_them(
    voice: str, witness: Witness, speak: Speak
) -> None:
    alone = claimed(witness, speak("louder", voice), "louder")
    assert alone.before < 0.5
    assert alone.after < 0.5
    sound, start, end = in_room(speak("my back hurts", voice))
    third = (end - start) // 3
    amid = witness.testify(sound, 0, [Word("back", start + third, end - third)])
    assert amid is not None
    assert amid.before > 1
    assert amid.after > 1


def test_of_words_that_it_does_not_know_it_says_nothing(witness: Witness, speak: Speak) -> None:
    sound, start, end = in_room(speak("stop", "flite"))
    assert witness.testify(sound, 0, [Word("xylophones", start, end)]) is None


def test_without_a_network_beside_the_model_there_is_no_witness(tmp_path: Path) -> None:
    assert Witness.of_model(tmp_path, {"stop"}) is None


def test_loudness_does_not_matter(model: CommandModel, speak: Speak) -> None:
    weights = PhoneWeights.load(model.path / "phones.npz")
    sound, _, _ = in_room(speak("louder", "espeak"))
    loud, soft = log_probabilities(weights, sound), log_probabilities(weights, 0.25 * sound)
    assert np.abs(np.exp(loud) - np.exp(soft)).max() < 0.01
    assert np.exp(loud).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_a_network_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "phones.npz"
    path.write_bytes(b"not a network")
    with pytest.raises(UserError, match=r"phones\.npz cannot be read"):
        PhoneWeights.load(path)
