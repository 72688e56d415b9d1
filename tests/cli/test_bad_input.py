"""What a careless user tries: each gets one sentence, exit code 1, and loses nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from voice_coach.cli import main
from voice_coach.diary.diary import Diary
from voice_coach.programme.ledger import EndReason, SessionEnded, SessionStarted
from voice_coach.sound.audio_files import write_wav

Try = Callable[..., str]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text('diary = "diary"\ncalibration = "heels"\ncache = "cache"\n')
    return path


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Try:
    """Return what runs a command that must fail, and returns its one sentence."""

    def attempt(*arguments: str | Path) -> str:
        assert main([str(argument) for argument in arguments]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("voice-coach: ")
        assert printed.err.count("\n") == 1
        assert "Traceback" not in printed.err
        return printed.err

    return attempt


def test_settings_that_are_not_there(refused: Try, tmp_path: Path) -> None:
    assert "nowhere.toml" in refused("history", "--settings", tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("words_per_minute = fast", "line 1"),
        ('words_per_minute = "fast"', "words_per_minute"),
        ("words_per_minute = 900", "words_per_minute"),
        ('colour = "red"', "colour"),
        ("[[[", "settings.toml"),
    ],
)
def test_broken_settings(refused: Try, tmp_path: Path, text: str, names: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    assert names in refused("history", "--settings", path)


def test_a_level_that_there_is_not(refused: Try, tmp_path: Path, settings: Path) -> None:
    (tmp_path / "p.toml").write_text(
        'signed_by = "x"\nvalid_until = 2999-01-01\nlevel = "olympic"\n'
    )
    with settings.open("a") as more:
        more.write('prescription = "p.toml"\n')
    said = refused("plan", "--settings", settings)
    assert "olympic" in said
    assert "beginner" in said


def test_a_recording_that_is_none(refused: Try, tmp_path: Path, settings: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_text("la la la")
    command = ("hear", "--only", "thumps", "--settings", settings)
    assert "song.wav" in refused(*command, path)
    assert "missing.wav" in refused(*command, tmp_path / "missing.wav")


def test_the_other_recordings_are_heard_all_the_same(
    tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.wav", tmp_path / "good.wav"
    bad.write_bytes(b"RIFF")
    sound = np.random.default_rng(1).normal(0, 1e-4, 48_000).astype(np.float32)
    sound[24_000:24_800] += np.sin(np.arange(800) / 8) * np.exp(-np.arange(800) / 200) * 0.5
    write_wav(good, sound)
    arguments = ["hear", "--only", "thumps", "--why", "--settings", str(settings)]
    assert main([*arguments, str(bad), str(good)]) == 1
    printed = capsys.readouterr()
    assert "bad.wav" in printed.err
    assert "good.wav" in printed.out


def test_nothing_to_calibrate_from(refused: Try, tmp_path: Path, settings: Path) -> None:
    path = tmp_path / "silence.wav"
    write_wav(path, np.zeros(48_000, np.float32))
    said = refused("hear", "--only", "thumps", "--calibrate", path, "--settings", settings, path)
    assert "three good drops" in said


def test_a_diary_folder_that_is_a_file(refused: Try, tmp_path: Path, settings: Path) -> None:
    (tmp_path / "diary").write_text("not a folder")
    assert "diary" in refused("run", "--settings", settings)
    assert (tmp_path / "diary").read_text() == "not a folder"


def test_a_diary_that_is_none(refused: Try, tmp_path: Path, settings: Path) -> None:
    folder = tmp_path / "diary"
    folder.mkdir()
    with Diary.open(folder, exclusive=True):
        pass
    (file,) = (path for path in folder.iterdir() if path.stat().st_size > 1000)
    file.write_bytes(b"scribble" * 1000)
    refused("history", "--settings", settings)
    assert file.read_bytes() == b"scribble" * 1000


def test_two_speakers_at_once(refused: Try, tmp_path: Path, settings: Path) -> None:
    with Diary.open(tmp_path / "diary", exclusive=True) as diary:
        diary.record(SessionStarted(0, "beginner", 2, 10), datetime(2026, 3, 2, tzinfo=UTC))
        refused("run", "--settings", settings)
        diary.record(SessionEnded(16_000, EndReason.STOPPED))
    with Diary.open(tmp_path / "diary") as diary:
        (session,) = diary.sessions()
    assert session.reason is EndReason.STOPPED


def test_a_scenario_that_there_is_not(refused: Try, settings: Path) -> None:
    assert "beginner" in refused("rehearse", "nonsense", "--settings", settings)


def test_a_model_that_there_is_not(refused: Try, tmp_path: Path, settings: Path) -> None:
    with settings.open("a") as more:
        more.write('model = "klingon"\n')
    path = tmp_path / "silence.wav"
    write_wav(path, np.zeros(1600, np.float32))
    assert "klingon" in refused("hear", "--settings", settings, path)


def test_a_clip_that_cannot_be_read_is_told_and_the_voice_says_it_instead(
    tmp_path: Path, voice_cache: Path
) -> None:
    from voice_coach.speaking import Script, Voice  # noqa: PLC0415

    recordings = tmp_path / "audio"
    (recordings / "en").mkdir(parents=True)
    (recordings / "en" / "rise.wav").write_text("not sound")
    voice = Voice(Script.load(), cache=voice_cache / "clips", recordings=recordings)
    faults = voice.prepare()
    assert any("rise" in fault.text for fault in faults)
    assert len(voice.clip("rise", {}).samples) > 1000


@pytest.mark.parametrize("arguments", [[], ["dance"], ["hear"], ["rehearse", "--seed", "x"]])
def test_wrong_usage_exits_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(arguments)
    assert exit_info.value.code == 2
    assert "usage:" in capsys.readouterr().err
