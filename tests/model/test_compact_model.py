"""The model that travels with the product, judged by the stock vosk wheel."""

import json
import subprocess
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr
import vosk

Sound: TypeAlias = npt.NDArray[np.float64]

MODEL = Path(__file__).resolve().parents[2] / "models" / "en"
RATE = 16_000
PHRASES = (
    "start intermediate",
    "stop",
    "that's enough",
    "turn the volume up",
    "how many left",
    "carry on",
    "hello coach",
)
DISTRACTORS = ("start beginner", "slower", "faster", "louder", "yes please", "no thank you")


@pytest.fixture(scope="module")
def model() -> vosk.Model:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(MODEL))


def words(model: vosk.Model, sound: Sound, phrases: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the words heard in `sound` with their times, ``[unk]`` included."""
    recogniser = vosk.KaldiRecognizer(model, RATE, json.dumps([*phrases, "[unk]"]))
    recogniser.SetWords(True)
    pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    results = []
    for start in range(0, len(pcm), 1600):
        if recogniser.AcceptWaveform(pcm[start : start + 1600].tobytes()):
            results.append(json.loads(recogniser.Result()))
    results.append(json.loads(recogniser.FinalResult()))
    return [word for result in results for word in result.get("result", ())]


def spoken(words: list[dict[str, Any]]) -> str:
    return " ".join(w["word"] for w in words if w["word"] != "[unk]")


def speak(text: str, folder: Path) -> Sound:
    """Return `text` as espeak-ng says it, trimmed to the sound itself."""
    path = folder / "speech.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(path), text], check=True)
    recorded, rate = soundfile.read(path)
    sound: Sound = soxr.resample(recorded, rate, RATE)
    (loud,) = np.nonzero(np.abs(sound) > 0.01)
    return 0.5 * sound[loud[0] : loud[-1]]


def hush(seconds: float) -> Sound:
    return 1e-4 * np.random.default_rng(1).standard_normal(int(seconds * RATE))


def test_is_small_enough_to_travel() -> None:
    size = sum(file.stat().st_size for file in MODEL.rglob("*") if file.is_file())
    assert size <= 10_000_000


def test_knows_five_thousand_words_and_can_say_which(model: vosk.Model) -> None:
    table = (MODEL / "graph" / "words.txt").read_text("utf-8").splitlines()
    known = [line.split()[0] for line in table]
    assert len(known) >= 5_000
    assert all(model.vosk_model_find_word(word) >= 0 for word in known)
    assert model.vosk_model_find_word("xyzzy") == -1


def test_knows_every_word_of_the_product(model: vosk.Model) -> None:
    text = " ".join((*PHRASES, *DISTRACTORS)) + " zero ninety hundred monday december anna ben"
    assert all(model.vosk_model_find_word(word) >= 0 for word in text.split())


@pytest.mark.parametrize("phrase", PHRASES)
def test_hears_a_phrase(model: vosk.Model, tmp_path: Path, phrase: str) -> None:
    sound = np.concatenate([hush(0.4), speak(phrase, tmp_path), hush(0.6)])
    assert spoken(words(model, sound, PHRASES + DISTRACTORS)) == phrase


def test_tells_when_a_word_is_said(model: vosk.Model, tmp_path: Path) -> None:
    first, second = speak("hello", tmp_path), speak("stop", tmp_path)
    parts = [hush(0.9), first, hush(0.8), second, hush(0.7)]
    edges = np.cumsum([len(part) for part in parts]) / RATE
    heard = words(model, np.concatenate(parts), ("hello stop", "stop", "hello"))
    assert [word["word"] for word in heard] == ["hello", "stop"]
    for word, (start, end) in zip(heard, (edges[0:2], edges[2:4]), strict=True):
        assert word["start"] == pytest.approx(start, abs=0.1)
        assert word["end"] == pytest.approx(end, abs=0.1)


@pytest.mark.parametrize("level", [0.0, 1e-4, 1e-2, 0.2])
def test_hears_nothing_in_silence_and_noise(model: vosk.Model, level: float) -> None:
    sound = level * np.random.default_rng(2).standard_normal(4 * RATE)
    assert spoken(words(model, sound, PHRASES + DISTRACTORS)) == ""


@pytest.mark.parametrize("other", ["put the kettle in the cupboard", "nineteen forty five"])
def test_hears_nothing_in_other_speech(model: vosk.Model, tmp_path: Path, other: str) -> None:
    sound = np.concatenate([hush(0.4), speak(other, tmp_path), hush(0.6)])
    assert spoken(words(model, sound, PHRASES + DISTRACTORS)) not in PHRASES + DISTRACTORS


def test_tells_a_near_miss_from_a_phrase_when_the_grammar_lists_it(
    model: vosk.Model, tmp_path: Path
) -> None:
    grammar = (*PHRASES, *DISTRACTORS, "start immediately")
    sound = np.concatenate([hush(0.4), speak("start immediately", tmp_path), hush(0.6)])
    assert spoken(words(model, sound, grammar)) == "start immediately"


def test_is_surer_of_what_is_said_than_of_what_only_resembles_it(
    model: vosk.Model, tmp_path: Path
) -> None:
    def confidence(text: str) -> float:
        """Return the least of the words' confidences, 0 where they are no phrase."""
        sound = np.concatenate([hush(0.4), speak(text, tmp_path), hush(0.6)])
        heard = words(model, sound, PHRASES + DISTRACTORS)
        known = [w for w in heard if w["word"] != "[unk]"]
        return min(w["conf"] for w in known) if spoken(heard) in PHRASES + DISTRACTORS else 0.0

    assert confidence("start intermediate") > 0.9
    assert confidence("turn the column out") < confidence("turn the volume up")
