import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.errors import UserError
from voice_coach.hearing.heels import calibrate
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen
from voice_coach.sound.audio_files import read_recording, write_wav


def tone(rate: int, seconds: float = 1.0, frequency: float = 1000.0) -> Samples:
    time = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def level(samples: Samples, frequency: float) -> float:
    """Amplitude at a frequency, from the middle of the sound."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    window = np.hanning(len(middle))
    turns = np.exp(-2j * np.pi * frequency * np.arange(len(middle)) / SAMPLE_RATE)
    return float(2 * abs(np.sum(middle * window * turns)) / window.sum())


@pytest.mark.parametrize(
    ("suffix", "subtype"),
    [
        ("wav", "PCM_U8"),
        ("wav", "PCM_16"),
        ("wav", "PCM_24"),
        ("wav", "PCM_32"),
        ("wav", "FLOAT"),
        ("wav", "DOUBLE"),
        ("wav", "ULAW"),
        ("flac", "PCM_16"),
        ("ogg", "VORBIS"),
        ("mp3", "MPEG_LAYER_III"),
    ],
)
@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16_000, 2), (44_100, 2), (48_000, 1)])
def test_any_recording_becomes_16_khz_mono(
    tmp_path: Path, suffix: str, subtype: str, rate: int, channels: int
) -> None:
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, np.stack([tone(rate)] * channels, axis=1), rate, subtype=subtype)
    samples = read_recording(path)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == pytest.approx(SAMPLE_RATE, abs=1200)  # MP3 pads with its own delay
    assert level(samples, 1000) == pytest.approx(0.5, abs=0.03)


def test_a_lower_rate_brings_no_false_tones(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "high.wav", tone(48_000, frequency=9500), 48_000)
    assert np.abs(read_recording(tmp_path / "high.wav")[500:-500]).max() < 1e-3


def test_of_six_channels_the_loudest_is_taken(tmp_path: Path) -> None:
    sound = np.zeros((1600, 6), np.float32)
    sound[:, 2], sound[:, 3] = 0.6, -0.5
    soundfile.write(tmp_path / "six.wav", sound, SAMPLE_RATE, subtype="FLOAT")
    np.testing.assert_allclose(read_recording(tmp_path / "six.wav"), 0.6, atol=1e-6)


@pytest.mark.parametrize("worse", ["a hum", "gone", "a click of the plug"])
def test_of_two_microphones_the_one_is_taken_in_which_the_heels_stand_out(
    tmp_path: Path, worse: str
) -> None:
    kitchen = Kitchen(floor="tile", footwear="shoe", seed=3)
    for second in (3.0, 6.0, 9.0, 12.0):
        kitchen.strike(to_samples(second))
    heels = kitchen.microphone(np.zeros(to_samples(14.0), np.float32))
    other = np.zeros_like(heels)
    if worse == "a hum":
        time = np.arange(len(heels)) / SAMPLE_RATE
        other = 0.5 * heels + np.float32(0.2) * np.sin(2 * np.pi * 150 * time).astype(np.float32)
    elif worse == "a click of the plug":
        other[1000:1100] = 0.9
    path = tmp_path / "two.wav"
    soundfile.write(path, np.stack([other, heels], axis=1), SAMPLE_RATE)
    taken = read_recording(path)
    np.testing.assert_allclose(taken, heels, atol=1e-4)
    assert calibrate(taken, drops=4).drops == 4


def test_what_is_no_number_becomes_silence(tmp_path: Path) -> None:
    sound = np.full(32, 0.25, np.float32)
    sound[[3, 9, 20]] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "odd.wav", sound, SAMPLE_RATE, subtype="FLOAT")
    expected = np.full(32, 0.25, np.float32)
    expected[[3, 9, 20]] = 0
    np.testing.assert_array_equal(read_recording(tmp_path / "odd.wav"), expected)


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_a_recording_without_sound_is_told_to_be_one(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "empty.wav", np.zeros((0, 2)), rate)
    with pytest.raises(UserError, match="holds no sound"):
        read_recording(tmp_path / "empty.wav")


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 10**6])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_the_recorder_lost_its_power_before_it_wrote_the_length(
    tmp_path: Path, subtype: str, size: int
) -> None:
    path = tmp_path / "cut.wav"
    soundfile.write(path, tone(48_000), 48_000, subtype=subtype)
    whole = read_recording(path)
    content = path.read_bytes()
    at = content.index(b"data") + 4
    path.write_bytes(content[:at] + size.to_bytes(4, "little") + content[at + 4 :])
    np.testing.assert_allclose(read_recording(path), whole, atol=1e-6)


def test_the_wires_of_one_channel_were_swapped(tmp_path: Path) -> None:
    sound = tone(SAMPLE_RATE)
    soundfile.write(tmp_path / "swapped.wav", np.stack([sound, -0.9 * sound], axis=1), SAMPLE_RATE)
    np.testing.assert_allclose(read_recording(tmp_path / "swapped.wav"), sound, atol=1e-4)


def test_an_hour_of_stereo_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    rate = 48_000
    with soundfile.SoundFile(path, "w", rate, 2, "PCM_16") as file:
        minute = np.stack([tone(rate, 60.0)] * 2, axis=1)
        for _ in range(60):
            file.write(minute)
    reads = (
        "import re, sys; from pathlib import Path\n"
        "from voice_coach.sound.audio_files import recording_blocks\n"
        "assert 57e6 < sum(map(len, recording_blocks(Path(sys.argv[1])))) < 58e6\n"
        "print(re.search('VmHWM: *(.*) kB', Path('/proc/self/status').read_text())[1])\n"
    )
    ran = subprocess.run([sys.executable, "-c", reads, path], capture_output=True, check=True)
    assert int(ran.stdout) < 150_000


@pytest.mark.parametrize(("rate", "channels"), [(1, 1), (3_000, 1), (2**31 - 1, 1), (16_000, 255)])
def test_what_no_recorder_writes_is_refused(tmp_path: Path, rate: int, channels: int) -> None:
    path = tmp_path / "odd.wav"
    soundfile.write(path, np.zeros(160), SAMPLE_RATE, subtype="PCM_16")
    content = bytearray(path.read_bytes())
    content[22:24] = channels.to_bytes(2, "little")
    content[24:28] = rate.to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(UserError):
        read_recording(path)


def test_a_name_in_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"sp\xff.wav")
    write_wav(path, tone(SAMPLE_RATE))
    assert len(read_recording(path)) == SAMPLE_RATE
    with pytest.raises(UserError) as refused:
        read_recording(tmp_path / os.fsdecode(b"no\xff.wav"))
    str(refused.value).encode()


def test_a_pipe_is_no_recording(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(UserError, match="is not a file"):
        read_recording(tmp_path / "pipe.wav")


@settings(max_examples=30)
@given(samples=arrays(np.float32, st.integers(1, 400), elements=st.floats(-1, 1, width=16)))
def test_what_is_written_is_read_back_to_the_sixteenth_bit(
    tmp_path_factory: pytest.TempPathFactory, samples: Samples
) -> None:
    path = tmp_path_factory.mktemp("written") / "sound.wav"
    write_wav(path, samples)
    np.testing.assert_allclose(read_recording(path), samples, atol=1.01 / 32768)


def test_what_is_beyond_full_scale_is_clipped_not_wrapped(tmp_path: Path) -> None:
    write_wav(tmp_path / "loud.wav", np.array([2.0, -2.0], np.float32))
    np.testing.assert_allclose(read_recording(tmp_path / "loud.wav"), [1, -1], atol=1e-4)


def bad_files(folder: Path) -> dict[str, Path]:
    (folder / "notes.wav").write_text("this is not sound")
    (folder / "nothing.wav").write_bytes(b"")
    (folder / "cut.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVE")
    (folder / "raw.raw").write_bytes(bytes(320))
    (folder / "list").mkdir()
    return {
        "missing.wav": folder / "missing.wav",
        "notes.wav": folder / "notes.wav",
        "nothing.wav": folder / "nothing.wav",
        "cut.wav": folder / "cut.wav",
        "raw.raw": folder / "raw.raw",
        "list": folder / "list",
    }


def test_what_is_not_a_recording_is_named_in_one_sentence(tmp_path: Path) -> None:
    for name, path in bad_files(tmp_path).items():
        with pytest.raises(UserError, match=name) as raised:
            read_recording(path)
        assert "\n" not in str(raised.value)


NOBODY = 65534
"""The user without rights: root, who runs some machines' tests, may read everything."""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; whoever the test has become, it is us again then."""
    me = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        os.seteuid(me)


def test_a_file_that_may_not_be_read_is_said_to_be_so(open_folder: Path) -> None:
    write_wav(open_folder / "secret.wav", tone(SAMPLE_RATE))
    (open_folder / "secret.wav").chmod(0)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    with pytest.raises(UserError, match="permissions"):
        read_recording(open_folder / "secret.wav")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no_such_folder"):
        write_wav(tmp_path / "no_such_folder" / "sound.wav", tone(SAMPLE_RATE))
