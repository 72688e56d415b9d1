"""Recordings: a person's own sounds take the place of ours."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice

Record = Callable[..., Path]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Write a hum of a given pitch into the folder of recordings."""

    def write(name: str, pitch: float, *, rate: int = 44100, channels: int = 2) -> Path:
        path = tmp_path / "audio" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        t = np.arange(rate // 2) / rate
        hum = 0.3 * np.sin(2 * np.pi * pitch * t)
        silence = np.zeros(rate // 2)
        sound = np.concatenate([silence, hum, silence])
        soundfile.write(path, np.repeat(sound[:, None], channels, axis=1), rate)
        return path

    return write


@pytest.fixture
def voice(script: Script, cache: Path, tmp_path: Path) -> Voice:
    return Voice(script, cache=cache, recordings=tmp_path / "audio")


def pitch(sound: Samples) -> float:
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), SAMPLE_RATE))
    return float(np.argmax(power))


@pytest.fixture
def heard(script: Script, cache: Path, tmp_path: Path) -> Callable[..., Samples]:
    """Return what is heard for a cue once the recordings are in place."""

    def clip(cue: str, **slots: str | int) -> Samples:
        voice = Voice(script, cache=cache, recordings=tmp_path / "audio")
        assert voice.prepare() == []
        return voice.clip(cue, slots).samples

    return clip


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_a_recording_in_any_format_replaces_a_cue(
    suffix: str, record: Record, heard: Callable[..., Samples]
) -> None:
    record(f"en/rise.{suffix}", 700)
    sound = heard("rise")
    assert pitch(sound) == pytest.approx(700, abs=2)
    assert len(sound) / SAMPLE_RATE == pytest.approx(0.55, abs=0.08)


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 1), (48000, 2), (96000, 6)])
def test_any_rate_and_any_number_of_channels_will_do(
    rate: int, channels: int, record: Record, heard: Callable[..., Samples]
) -> None:
    record("en/rise.wav", 700, rate=rate, channels=channels)
    assert pitch(heard("rise")) == pytest.approx(700, abs=2)


def test_the_words_are_still_known(
    record: Record, script: Script, cache: Path, tmp_path: Path
) -> None:
    record("en/rise.wav", 700)
    voice = Voice(script, cache=cache, recordings=tmp_path / "audio")
    assert voice.clip("rise", {}).text == "Rise."


def test_a_value_goes_before_the_cue_and_the_cue_before_the_line(
    record: Record, heard: Callable[..., Samples]
) -> None:
    record("en/lines/seven.wav", 500)
    assert pitch(heard("count", number=7)) == pytest.approx(500, abs=2)
    record("en/count.wav", 700)
    assert pitch(heard("count", number=7)) == pytest.approx(700, abs=2)
    record("en/count-7.wav", 900)
    assert pitch(heard("count", number=7)) == pytest.approx(900, abs=2)
    assert pitch(heard("count", number=8)) == pytest.approx(700, abs=2)


def test_a_line_is_replaced_wherever_it_is_said(
    record: Record, heard: Callable[..., Samples]
) -> None:
    before = heard("unanswered"), heard("lesson.done")
    recorded = record("en/lines/say-start-the-session-when-it-suits-you.flac", 700)
    after = heard("unanswered"), heard("lesson.done")
    recorded.unlink()
    changes = [len(old) - len(new) for old, new in zip(before, after, strict=True)]
    assert changes[0] == changes[1] > SAMPLE_RATE // 2


def test_a_tone_is_replaced_and_keeps_its_timing(
    record: Record, heard: Callable[..., Samples]
) -> None:
    record("tones/drop.wav", 700)
    sound = heard("tone.drop")
    assert len(sound) == pytest.approx(1.5 * SAMPLE_RATE, abs=2)
    assert np.abs(sound[: SAMPLE_RATE // 4]).max() < 1e-3


@pytest.mark.parametrize("content", [b"", b"not a sound", b"RIFF\x00\x00\x00\x00WAVE"])
def test_a_file_that_is_no_sound_is_reported_and_the_voice_speaks_instead(
    content: bytes, script: Script, cache: Path, tmp_path: Path
) -> None:
    path = tmp_path / "audio" / "en" / "rise.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    voice = Voice(script, cache=cache, recordings=tmp_path / "audio")
    (fault,) = voice.prepare()
    assert fault.text == "rise.wav"
    ours = Voice(script, cache=cache, recordings=tmp_path / "none").clip("rise", {})
    np.testing.assert_array_equal(voice.clip("rise", {}).samples, ours.samples)


def test_silence_is_no_recording(
    script: Script, cache: Path, tmp_path: Path, record: Record
) -> None:
    path = record("tones/drop.wav", 700)
    soundfile.write(path, np.zeros(1000), SAMPLE_RATE)
    voice = Voice(script, cache=cache, recordings=tmp_path / "audio")
    (fault,) = voice.prepare()
    assert "nothing to hear" in fault.reason
    assert len(voice.clip("tone.drop", {}).samples) == 1200


@pytest.mark.parametrize(
    "name", ["en/rize.wav", "en/count-31.wav", "en/lines/hold-on.wav", "tones/gong.wav"]
)
def test_a_misspelt_name_is_reported(
    name: str, record: Record, script: Script, cache: Path, tmp_path: Path
) -> None:
    record(name, 700)
    (fault,) = Voice(script, cache=cache, recordings=tmp_path / "audio").prepare()
    assert fault.text == Path(name).name
    assert "replaces nothing" in fault.reason
