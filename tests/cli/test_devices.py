import json
from pathlib import Path

import pytest

from tests.soundserver import SoundServer
from voice_coach.cli import main

pytestmark = pytest.mark.real_time


def settings(folder: Path, text: str) -> list[str]:
    (folder / "settings.toml").write_text(text)
    return ["--settings", str(folder / "settings.toml")]


def test_the_table_marks_what_the_settings_choose(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    chosen = settings(tmp_path, 'output = "speak"')
    assert main(["devices", *chosen]) == 0
    microphones, loudspeakers, _ = capsys.readouterr().out.split("\n\n")
    assert microphones.splitlines()[0] == "Microphones"
    assert "  → default  (the default)" in microphones.splitlines()
    assert "    microphone" in microphones.splitlines()
    assert "  → speaker" in loudspeakers.splitlines()
    assert "    default  (the default)" in loudspeakers.splitlines()


def test_a_chosen_device_that_is_not_there_is_said_so_in_the_table(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["devices", *settings(tmp_path, 'input = "trumpet"')]) == 0
    assert "no microphone called 'trumpet'" in capsys.readouterr().out


def test_json_lists_every_device(
    sound_server: SoundServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["devices", "--json", *settings(tmp_path, "")]) == 0
    there = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert set(there) == {"speaker", "microphone", "default"}
    assert there["default"]["default_input"] is True
    assert there["speaker"]["input_channels"] == 0
    assert there["speaker"]["name_for_settings"] == "speaker"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", 0), ('input = "mic"', 0), ('input = "trumpet"', 1), ('output = "trumpet"', 1)],
)
def test_the_check_succeeds_where_the_speaker_could_run(
    sound_server: SoundServer,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    text: str,
    code: int,
) -> None:
    assert main(["devices", "--check", *settings(tmp_path, text)]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == code
