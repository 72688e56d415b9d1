"""“Which settings does it use?”"""

from pathlib import Path

import pytest

from voice_coach.cli import main


def test_each_setting_is_told_with_where_it_comes_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('diary = "mine"\nvolume_db = -3\n[people.anna]\n[people.ben]\n')
    assert main(["config", "--settings", str(file)]) == 0
    told = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert str(tmp_path / "mine") in told["diary"]
    assert told["diary"].endswith(str(file))
    assert told["volume_db"].split()[1:] == ["-3.0", str(file)]
    assert "anna, ben" in told["people"]
    assert told["language"].split() == ["language", "en", "default"]
    assert told["input"].split() == ["input", "-", "default"]


def test_without_a_file_everything_is_a_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["config"]) == 0
    assert all(line.endswith("default") for line in capsys.readouterr().out.splitlines())
