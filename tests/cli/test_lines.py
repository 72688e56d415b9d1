"""What can be said in a voice of one's own, and under which names of files."""

from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Command
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings
from voice_coach.speaking import Script
from voice_coach.speaking.recordings import Recordings

PRESCRIPTION = """\
signed_by = "R. Jones"
signed_on = 2026-09-30
valid_until = 2027-03-31
level = "beginner"
cautions = ["Keep your knees soft."]
"""


def listed(printed: str) -> dict[str, str]:
    """Return the words by file name."""
    rows = (line.partition("\t") for line in printed.splitlines() if not line.startswith("#"))
    return {name: text for name, _, text in rows}


def test_every_file_that_is_listed_replaces_something(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert command("lines") == 0
    files = listed(capsys.readouterr().out)
    for name in files:
        path = tmp_path / "audio" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    recordings = Recordings([tmp_path / "audio"], Script.load())
    assert recordings.misnamed() == ()
    assert len(recordings.spoken()) == len(files)


def test_everything_that_is_ever_said_is_listed(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("lines", "--language", "en") == 0
    assert set(Script.load().every_line()) <= set(listed(capsys.readouterr().out).values())


def test_it_lists_cues_first_with_the_words_of_all_their_sentences(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("lines") == 0
    files = listed(capsys.readouterr().out)
    assert files["en/count-7.wav"] == "Seven."
    assert files["en/lines/seven.wav"] == "Seven."
    assert next(iter(files)) == "en/ready.wav"


def test_a_household_has_names_and_sentences_of_its_own(
    command: Command,
    household: Settings,
    in_use: list[Settings],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    file = tmp_path / "prescription.toml"
    file.write_text(PRESCRIPTION)
    ben = msgspec.structs.replace(household.people["ben"], prescription=file)
    in_use[0] = msgspec.structs.replace(household, people={**household.people, "ben": ben})
    assert command("lines") == 0
    files = listed(capsys.readouterr().out)
    assert files["en/lines/keep-your-knees-soft.wav"] == "Keep your knees soft."
    assert any("anna" in name for name in files)


def test_a_language_without_a_script_is_said_so(command: Command) -> None:
    with pytest.raises(UserError, match="no script for the language 'xx'"):
        command("lines", "--language", "xx")
