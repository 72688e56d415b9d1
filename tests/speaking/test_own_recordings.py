"""Recordings that anybody may have sent: made as loud as the coach, and bounded."""

import io
import wave
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.speaking import Script, Voice, shaping
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.own_recordings import keep, remove


def hum(seconds: float = 0.6, loud: float = 0.05, rate: int = 44100, kind: str = "WAV") -> bytes:
    """Return a file with a hum in it, and silence around it."""
    t = np.arange(int(rate * seconds)) / rate
    silence = np.zeros(rate // 2)
    sound = np.concatenate([silence, loud * np.sin(2 * np.pi * 700 * t), silence])
    file = io.BytesIO()
    soundfile.write(file, sound, rate, format=kind)
    return file.getvalue()


def endless_flac() -> bytes:
    """Return a file whose head tells of hours of sound."""
    content = bytearray(hum(kind="FLAC"))
    content[21:26] = b"\xff" * 5  # samples, as many as can be told
    return bytes(content)


def hours_of_silence() -> bytes:
    """Return two hours in few bytes."""
    file = io.BytesIO()
    soundfile.write(file, np.zeros(8000 * 7200, dtype=np.int16), 8000, format="FLAC")
    return file.getvalue()


def raw(channels: int, rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\1\2" * channels * 1000)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize("loud", [0.002, 0.9])
def test_any_file_is_kept_as_loud_as_the_coach_speaks(
    kind: str, loud: float, script: Script, tmp_path: Path, cache: Path
) -> None:
    source = tmp_path / "sent"
    source.write_bytes(hum(loud=loud, kind=kind))
    kept = keep(tmp_path / "own", script, "Rise.", source)
    assert kept.seconds == pytest.approx(0.6, abs=0.1)
    assert (kept.louder_db > 0) == (loud > 0.1)
    sound, rate = soundfile.read(kept.file)
    assert rate == SAMPLE_RATE
    assert loudness(sound) == pytest.approx(shaping.LOUDNESS, abs=0.5)
    said = Voice(script, cache=cache, own=tmp_path / "own").clip("rise").samples
    assert loudness(said) == pytest.approx(shaping.LOUDNESS, abs=0.5)
    assert remove(tmp_path / "own", script, "lines/rise.wav") == "Rise."
    with pytest.raises(UserError, match="no recording"):
        remove(tmp_path / "own", script, "rise")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no sound file"),
        (b"\0" * 5000, "no sound file"),
        (b"RIFF\xff\xff\xff\xffWAVE", "no sound file"),
        (zlib.compress(b"\0" * (1 << 20)), "no sound file"),
        (hum(loud=0.0), "nothing to hear"),
        (hum(seconds=0.01), "nothing to hear"),
        (hum(seconds=30), "too long for"),
        (hum(seconds=90, rate=8000), "longer than 60 seconds"),
        (raw(60, 16000), "strange format"),
        (raw(1, 4_000_000), "strange format"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_cannot_be_said_changes_nothing_and_is_told_in_a_sentence(
    content: bytes, said: str, script: Script, tmp_path: Path
) -> None:
    source = tmp_path / "sent"
    source.write_bytes(hum())
    file = keep(tmp_path, script, "rise", source).file
    before = file.read_bytes()
    source.write_bytes(content)
    with pytest.raises(UserError, match=said):
        keep(tmp_path, script, "rise", source)
    assert file.read_bytes() == before


def test_a_file_of_hours_is_refused_by_its_first_minute(script: Script, tmp_path: Path) -> None:
    source = tmp_path / "sent"
    source.write_bytes(hours_of_silence())
    assert source.stat().st_size < 1 << 20
    with pytest.raises(UserError, match="longer than 60"):
        keep(tmp_path, script, "rise", source)


def test_what_the_head_of_a_file_says_of_its_length_is_not_believed(
    script: Script, tmp_path: Path
) -> None:
    source = tmp_path / "sent"
    source.write_bytes(endless_flac())
    try:
        assert keep(tmp_path, script, "rise", source).seconds < 1
    except UserError as error:
        assert "sound file" in str(error)  # noqa: PT017 - either will do
