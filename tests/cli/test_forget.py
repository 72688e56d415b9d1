import io
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Command
from tests.cli.diaries import NOW, keep_two_sessions
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings
from voice_coach.home.sound_keeper import SoundKeeper
from voice_coach.speaking.clip_cache import ClipCache


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(params=["forget", "restore"])
def dangerous(
    request: pytest.FixtureRequest, command: Command, settings: Settings, tmp_path: Path
) -> tuple[str, ...]:
    """A command that replaces or deletes the diary of two sessions."""
    keep_two_sessions(settings)
    if request.param == "forget":
        return ("forget",)
    with Diary.open(tmp_path / "other", exclusive=True):
        pass
    return ("restore", str(tmp_path / "other" / "diary.sqlite3"))


def sessions(settings: Settings) -> int:
    with Diary.open(settings.diary) as diary:
        return len(diary.sessions())


@pytest.mark.parametrize("typed", ["y\n", "Yes\n"])
def test_a_yes_does_it(
    command: Command,
    settings: Settings,
    dangerous: tuple[str, ...],
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert command(*dangerous) == 0
    assert sessions(settings) == 0


@pytest.mark.parametrize("typed", ["n\n", "\n", "why?\n", ""])
def test_anything_else_does_not(
    command: Command,
    settings: Settings,
    dangerous: tuple[str, ...],
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert command(*dangerous) == 0
    assert sessions(settings) == 2


def test_where_nobody_can_be_asked_it_takes_a_yes_beforehand(
    command: Command,
    settings: Settings,
    dangerous: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(UserError, match="add --yes"):
        command(*dangerous)
    assert sessions(settings) == 2
    assert command(*dangerous, "--yes") == 0
    assert sessions(settings) == 0


def test_what_is_forgotten_is_gone(
    command: Command, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_two_sessions(settings)
    command("forget", "--yes")
    assert "Deleted for good: the diary. " in capsys.readouterr().out
    assert not any(path.stat().st_size for path in settings.diary.iterdir())
    command("forget", "--yes")
    assert "no diary to delete" in capsys.readouterr().out


def test_what_was_learnt_of_the_heels_is_forgotten_too(
    command: Command, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.calibration.mkdir()
    (settings.calibration / "heels.json").write_text("{}")
    (settings.calibration / "other.txt").write_text("not ours")
    command("forget", "--yes")
    assert "Deleted for good: what was learnt of the heels." in capsys.readouterr().out
    assert [path.name for path in settings.calibration.iterdir()] == ["other.txt"]
    keep_two_sessions(settings)
    (settings.calibration / "heels.json").write_text("{}")
    command("forget", "--yes")
    assert (
        "Deleted for good: the diary and what was learnt of the heels." in capsys.readouterr().out
    )


def test_the_sound_that_was_kept_and_the_speech_that_says_a_name_are_forgotten_too(
    command: Command, settings: Settings, tmp_path: Path
) -> None:
    keeper = SoundKeeper(tmp_path / "kept", settings.calibration)
    recording = keeper.save(NOW)
    clips = ClipCache(settings.cache / "clips")
    clips.keep("anna", np.zeros(8, np.float32))
    assert command("forget", "--yes") == 0
    assert not recording.exists()
    assert not list((tmp_path / "kept").iterdir())
    assert not list((settings.cache / "clips").iterdir())
    assert not list(settings.calibration.iterdir())


def test_of_two_people_only_the_one_who_was_named_is_forgotten(
    command: Command, household: Settings
) -> None:
    for name in household.people:
        keep_two_sessions(household.of(name))
    assert command("forget", "--yes", "--person", "anna") == 0
    assert sessions(household.of("anna")) == 0
    assert sessions(household.of("ben")) == 2
    with pytest.raises(UserError, match="Say whose"):
        command("forget", "--yes")
    assert sessions(household.of("ben")) == 2
