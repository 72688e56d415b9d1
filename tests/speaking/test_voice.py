"""The synthetic voice: a clip for every cue, rendered beforehand; a tone when all else fails."""

import shutil
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tests.speaking.conftest import SYNTHETIC
from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice
from voice_coach.speaking.shaping import HEADROOM
from voice_coach.speaking.word_times import words_of

Energy = Callable[[Samples, float, float], float]


@pytest.fixture
def speechless(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Voice]:
    """A voice on a machine without espeak-ng."""

    def make() -> Voice:
        module = tmp_path / "python" / "pyttsx3.py"
        module.parent.mkdir()
        module.write_text("raise OSError('libespeak-ng.so.1 is missing')\n")
        monkeypatch.setenv("PYTHONPATH", str(module.parent))
        return Voice(script, voice=SYNTHETIC, cache=tmp_path / "clips")

    return make


def samples_of(voice: Voice, text: str) -> Samples:
    clip = voice.line(text)
    assert clip is not None
    return clip.samples


def test_every_cue_is_spoken_with_every_value(script: Script, voice: Voice) -> None:
    for cue in script.cues:
        slots = script.slots(cue)
        for values in list(product(*slots.values()))[:: 1 if len(slots) < 2 else 37]:
            clip = voice.clip(cue, dict(zip(slots, values, strict=True)))
            assert clip.text
            assert len(clip.samples) > SAMPLE_RATE // 5
            assert clip.samples.dtype == np.float32


def test_every_line_is_loud_enough_and_leaves_room_for_another(
    script: Script, voice: Voice, energy: Energy
) -> None:
    for text in script.every_line():
        sound = samples_of(voice, text)
        assert 0.2 < np.abs(sound).max() <= HEADROOM
        assert energy(sound, 0, 250) < 1e-4
        window = sound[: len(sound) // 320 * 320].reshape(-1, 320)
        level = np.sqrt((window**2).mean(axis=1))
        assert level[:4].max() > 0.01 * level.max(), "silence before the words"
        assert level[-4:].max() > 0.01 * level.max(), "silence after the words"


def test_words_come_at_the_rate_that_was_asked_for(script: Script, voice: Voice) -> None:
    words, samples = 0, 0
    for text in script.every_line():
        if (count := len(text.replace("-", " ").split())) >= 4:
            words += count
            samples += len(samples_of(voice, text))
    assert 140 <= words / (samples / SAMPLE_RATE / 60) <= 150


def test_a_warm_cache_is_ready_in_no_time(script: Script, cache: Path) -> None:
    begin = time.process_time()
    assert Voice(script, voice=SYNTHETIC, cache=cache).prepare() == []
    assert time.process_time() - begin < 0.3


def test_lines_of_a_cue_follow_each_other_after_a_pause(script: Script, voice: Voice) -> None:
    clip = voice.clip("check_in", {})
    lines = script.lines("check_in", {})
    assert clip.text == " ".join(lines)
    spoken = sum(len(samples_of(voice, text)) for text in lines)
    assert " ".join(word.text for word in clip.words) == " ".join(words_of(clip.text))
    pauses = (len(clip.samples) - spoken) / SAMPLE_RATE
    assert pauses == pytest.approx(0.3 * (len(lines) - 1))


def test_what_was_damaged_is_rendered_again(script: Script, cache: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(cache, tmp_path / "copy")
    before = Voice(script, voice=SYNTHETIC, cache=cache).clip("check_in", {}).samples
    damaged = sorted(copy.iterdir())[::40]
    for path in damaged:
        path.write_bytes(path.read_bytes()[:-100])
    assert Voice(script, voice=SYNTHETIC, cache=copy).prepare() == []
    assert all(path.read_bytes() for path in damaged)
    after = Voice(script, voice=SYNTHETIC, cache=copy).clip("check_in", {}).samples
    assert len(after) == pytest.approx(len(before), rel=0.02)
    for text in script.every_line():
        assert Voice(script, voice=SYNTHETIC, cache=copy).line(text) is not None


def test_another_voice_or_rate_has_clips_of_its_own(script: Script, cache: Path) -> None:
    assert Voice(script, voice="gmw/en-us", cache=cache).line("Rise.") is None
    assert Voice(script, voice=SYNTHETIC, cache=cache, words_per_minute=120).line("Rise.") is None
    assert Voice(script, voice=SYNTHETIC, cache=cache).line("Rise.") is not None


def test_without_a_synthesiser_every_cue_is_a_tone(
    script: Script, speechless: Callable[[], Voice]
) -> None:
    voice = speechless()
    (fault,) = voice.prepare()
    assert "tones instead" in fault.reason
    assert "libespeak-ng.so.1 is missing" in fault.reason
    for cue in script.cues:
        values = {slot: known[0] for slot, known in script.slots(cue).items()}
        clip = voice.clip(cue, values)
        assert clip.text == ""
        assert np.abs(clip.samples).max() > 0.05


def test_without_a_synthesiser_what_was_rendered_before_is_still_spoken(
    script: Script, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pyttsx3.py").write_text("raise ImportError\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert Voice(script, voice=SYNTHETIC, cache=cache).prepare() == []


def test_before_anything_was_prepared_there_are_tones(script: Script, tmp_path: Path) -> None:
    voice = Voice(script, voice=SYNTHETIC, cache=tmp_path)
    assert voice.clip("rise", {}).text == ""
    assert len(voice.clip("rise", {}).samples)
    assert len(voice.clip("tone.drop", {}).samples) == 1200


def test_a_value_without_words_is_a_tone_rather_than_the_end(voice: Voice) -> None:
    clip = voice.clip("rest", {"seconds": 7})
    assert clip.text == ""
    assert len(clip.samples)


@pytest.mark.parametrize("cue", ["no_such_cue", "tone.no_such_tone"])
def test_a_cue_that_is_not_there_is_a_mistake_of_the_program(cue: str, voice: Voice) -> None:
    with pytest.raises(KeyError):
        voice.clip(cue, {})


def test_a_cache_that_cannot_be_written_is_reported_and_made_up_for(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(Script, "every_line", lambda self: ("Rise.",))
    voice = Voice(script, voice=SYNTHETIC, cache=tmp_path / "file")
    (fault,) = voice.prepare()
    assert fault.text == "clip cache"
    assert voice.clip("rise", {}).text == "Rise."


def test_an_unknown_voice_is_the_users_mistake(script: Script, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no voice 'klingon'"):
        Voice(script, voice="klingon", cache=tmp_path).prepare()


@pytest.mark.parametrize("words", [0, -5, 109, 221, 100000])
def test_a_rate_that_nobody_can_follow_is_refused(
    words: int, script: Script, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="words a minute"):
        Voice(script, voice=SYNTHETIC, cache=tmp_path, words_per_minute=words)
