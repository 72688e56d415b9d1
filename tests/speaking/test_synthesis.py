"""Synthesis: real speech from the real espeak-ng, and a speaker that outlives its failures.

A failing synthesiser is brought about where it fails in life: in the binding that our
process imports, by a `pyttsx3` found before the real one.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice_coach.errors import UserError
from voice_coach.speaking import synthesis
from voice_coach.speaking.synthesis import NoSpeechError, SpeechError, Synthesiser

BROKEN = """
import os, pathlib, sys, time

sys.path.remove({folder!r})
del sys.modules["pyttsx3"]
import pyttsx3
from pyttsx3.drivers import _espeak

COUNT = pathlib.Path({folder!r}) / "utterances"
synth, initialize = _espeak.Synth, _espeak.Initialize

def speak(text, **options):
    with COUNT.open("a") as file:
        file.write(".")
    number = len(COUNT.read_text())
    {fault}
    return synth(text, **options)

def start(*options):
    {start}
    return initialize(*options)

_espeak.Synth, _espeak.Initialize = speak, start
"""

pytestmark = pytest.mark.real_time

Break = Callable[..., Path]


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Break:
    """Break pyttsx3 for the processes to come; return a file of one byte an utterance."""

    def break_it(fault: str = "pass", start: str = "pass") -> Path:
        source = BROKEN.format(folder=str(tmp_path), fault=fault, start=start)
        (tmp_path / "pyttsx3.py").write_text(source)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.setattr(synthesis, "_LINE", 1.0)
        monkeypatch.setattr(synthesis, "_START", 3.0)
        return tmp_path / "utterances"

    return break_it


def test_a_line_becomes_speech_and_the_same_speech_again() -> None:
    with Synthesiser("gmw/en", 112) as synthesiser:
        first = synthesiser.speak("Hold the sink with both hands.")
        other = synthesiser.speak("Seven.")
        second = synthesiser.speak("Hold the sink with both hands.")
    assert 1.5 < len(first.sound) / first.rate < 3.5
    assert len(other.sound) < len(first.sound)
    assert len(first.sound) == pytest.approx(len(second.sound), rel=0.02)


def test_it_tells_where_words_begin_in_the_text_and_in_the_sound() -> None:
    text = "Anna's café, or stop."
    with Synthesiser("gmw/en", 112) as synthesiser:
        spoken = synthesiser.speak(text)
    begun = {text[mark.offset :].split(maxsplit=1)[0]: mark.at for mark in spoken.marks}
    assert list(begun) == ["Anna's", "café,", "or", "stop."]
    assert 0 == begun["Anna's"] < begun["café,"] < begun["or"] < begun["stop."]
    # The comma is a pause, which the last word does not have before it.
    pause = begun["or"] - begun["café,"]
    assert pause > 2 * (begun["stop."] - begun["or"])
    assert begun["stop."] < len(spoken.sound)


def test_the_rate_is_heeded() -> None:
    seconds = []
    for words in (90, 180):
        with Synthesiser("gmw/en", words) as synthesiser:
            spoken = synthesiser.speak("Stand tall, with your shoulders back.")
            seconds.append(len(spoken.sound) / spoken.rate)
    assert seconds[0] > 1.5 * seconds[1]


def test_another_voice_is_another_sound() -> None:
    sounds = []
    for voice in ("gmw/en", "gmw/en-us+f3"):
        with Synthesiser(voice, 112) as synthesiser:
            sounds.append(np.abs(synthesiser.speak("Rise.").sound).mean())
    assert sounds[0] != pytest.approx(sounds[1], rel=0.01)


@pytest.mark.parametrize(("called", "is_one"), [("en-gb", "gmw/en"), ("EN-US+f3", "gmw/en-us+f3")])
def test_a_voice_may_be_called_by_its_language(called: str, is_one: str) -> None:
    said = []
    for voice in (called, is_one):
        with Synthesiser(voice, 112) as synthesiser:
            said.append(synthesiser.speak("Lower your heels.").sound)
    np.testing.assert_array_equal(said[0], said[1])


def test_a_voice_that_is_not_there_is_the_users_mistake() -> None:
    with Synthesiser("klingon", 112) as synthesiser, pytest.raises(UserError, match="gmw/en"):
        synthesiser.speak("Rise.")


def test_no_synthesiser_is_said_at_once(broken: Break) -> None:
    broken(start="raise RuntimeError('libespeak-ng.so.1 not found')")
    missing = pytest.raises(NoSpeechError, match=r"libespeak-ng\.so\.1")
    with Synthesiser("gmw/en", 112) as synthesiser, missing:
        synthesiser.speak("Rise.")


def test_one_that_hangs_is_given_up_in_time(broken: Break) -> None:
    utterances = broken(fault="number > 2 and time.sleep(60)")
    begin = time.monotonic()
    with Synthesiser("gmw/en", 112) as synthesiser:
        assert len(synthesiser.speak("Rise.").sound)
        with pytest.raises(SpeechError, match="did not answer"):
            synthesiser.speak("Seven.")
    assert time.monotonic() - begin < 10
    assert len(utterances.read_text()) > 2


def test_one_that_hangs_once_is_started_afresh(broken: Break) -> None:
    broken(fault="number == 3 and time.sleep(60)")
    with Synthesiser("gmw/en", 112) as synthesiser:
        assert len(synthesiser.speak("Rise.").sound)
        assert len(synthesiser.speak("Seven.").sound)


def test_a_crash_does_not_reach_us(broken: Break) -> None:
    broken(fault="number == 2 and os.abort()")
    with Synthesiser("gmw/en", 112) as synthesiser:
        assert len(synthesiser.speak("Rise.").sound)


def test_a_line_that_is_not_taken_is_said_and_the_next_one_spoken(broken: Break) -> None:
    broken(fault="if number == 2: return _espeak.EE_INTERNAL_ERROR")
    with Synthesiser("gmw/en", 112) as synthesiser:
        with pytest.raises(SpeechError, match="does not take"):
            synthesiser.speak("Rise.")
        assert len(synthesiser.speak("Seven.").sound)


@pytest.mark.parametrize("text", ["", " ", "..."])
def test_what_has_no_words_is_not_taken_for_speech(text: str) -> None:
    with Synthesiser("gmw/en", 112) as synthesiser:
        with pytest.raises(SpeechError, match="silent"):
            synthesiser.speak(text)
        assert len(synthesiser.speak("Rise.").sound)


def test_the_same_lines_give_the_same_samples_in_every_process() -> None:
    said = []
    for _ in range(2):
        with Synthesiser("gmw/en", 112) as synthesiser:
            said.append([synthesiser.speak(text).sound for text in ("Rise.", "Rise.", "Drop.")])
    for first, second in zip(*said, strict=True):
        np.testing.assert_array_equal(first, second)
