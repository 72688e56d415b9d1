"""The real recogniser and synthetic voices to speak to it."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from voice_coach.clock import SAMPLE_RATE
from voice_coach.hearing.commands import CommandEar, CommandModel, Phrases, model_store
from voice_coach.home.phrases import coach_phrases
from voice_coach.samples import Samples
from voice_coach.timed_word import TimedWord

VOICES = {
    "espeak": ["espeak-ng", "-v", "en-us+f4", "-s", "140", "-w", "{wav}", "{text}"],
    "flite": ["flite", "-voice", "slt", "-t", "{text}", "-o", "{wav}"],
}

Speak = Callable[[str, str], Samples]


@pytest.fixture(scope="session")
def model() -> CommandModel:
    """Return the shipped recogniser."""
    shipped = [one for one in model_store.installed() if one.shipped]
    if not shipped:
        pytest.skip("there is no recogniser model in models/ to hear with")
    return CommandModel.load(shipped[0].path)


@pytest.fixture(scope="session")
def phrases() -> Phrases:
    """Return the shipped English phrases."""
    return coach_phrases()


@pytest.fixture
def ear(model: CommandModel, phrases: Phrases) -> CommandEar:
    """Return an ear that has heard nothing yet."""
    return CommandEar(model, phrases)


@pytest.fixture(scope="session")
def speak(tmp_path_factory: pytest.TempPathFactory) -> Speak:
    """Return a function that says a text in a voice: RMS 0.05, without silence around it."""
    folder = tmp_path_factory.mktemp("voices")
    spoken: dict[tuple[str, str], Samples] = {}

    def say(text: str, voice: str = "flite") -> Samples:
        if (text, voice) not in spoken:
            spoken[text, voice] = spoken_by(VOICES[voice], text, folder)
        return spoken[text, voice]

    return say


def spoken_by(voice: Sequence[str], text: str, folder: Path) -> Samples:
    """Return `text` as the command line `voice` says it; `folder` is for files meanwhile."""
    wav = folder / "said.wav"
    command = [part.format(wav=wav, text=text) for part in voice]
    subprocess.run(command, check=True, capture_output=True)
    return _load(wav)


def _load(path: Path) -> Samples:
    sound, rate = soundfile.read(path, dtype="float32")
    sound = soxr.resample(sound, rate, SAMPLE_RATE)
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    sound = sound[loud[0] : loud[-1]]
    return np.asarray(sound / np.std(sound) * 0.05, np.float32)


def said(text: str, start: int, end: int) -> tuple[int, int, tuple[TimedWord, ...]]:
    """Return how it is announced that we say `text` over [`start`, `end`), each word as long."""
    words = text.split()
    at = [start + (end - start) * number // len(words) for number in range(len(words) + 1)]
    return start, end, tuple(map(TimedWord, words, at, at[1:]))
