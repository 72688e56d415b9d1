"""What ``voice-coach model`` does with words."""

import zipfile
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Command
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel, model_store

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this user's models lie."""
    if not [one for one in model_store.installed() if one.shipped]:
        pytest.skip("there is no recogniser model in models/ to add words to")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return model_store.own_folder()


def test_words_and_phrase_files_teach_a_copy_that_is_listed_and_used(
    command: Command, capsys: Printed, own_folder: Path, tmp_path: Path
) -> None:
    content = {"intents": {"drink": {"data": [{"sentences": ["[a] latte with (oat|soy) milk"]}]}}}
    phrases = tmp_path / "phrases.yaml"
    phrases.write_text(yaml.safe_dump(content))
    assert command("model", "add-words", "--phrases", phrases, "siobhan=SH IH V AO N") == 0
    printed = capsys.readouterr().out
    assert "SH IH V AO N" in printed
    assert "oat" in printed
    model = CommandModel.load(own_folder / "en-words")
    assert all(map(model.knows, ("latte", "oat", "soy", "siobhan")))
    assert command("model", "list") == 0
    (used,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("* "))
    assert "en-words" in used
    assert "installed" in used


def test_an_outdated_copy_is_told_not_used_and_renewed(
    command: Command, capsys: Printed, own_folder: Path
) -> None:
    command("model", "add-words", "siobhan=SH IH V AO N")
    (own_folder / "en-words" / model_store.ORIGIN).write_text("another")
    capsys.readouterr()
    command("model", "list")
    listed = capsys.readouterr().out
    assert "outdated" in listed
    assert "* en-words" not in listed
    assert command("model", "add-words") == 0
    capsys.readouterr()
    command("model", "list")
    assert "* en-words" in capsys.readouterr().out
    assert CommandModel.load(own_folder / "en-words").knows("siobhan")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "which words"),
        (["two words"], "not a word"),
        (["42"], "not a word"),
        (["latte=L XX"], "no phone"),
        (["latte="], "no phone"),
    ],
)
def test_what_is_no_word_is_refused(
    command: Command, own_folder: Path, words: list[str], complaint: str
) -> None:
    with pytest.raises(UserError, match=complaint):
        command("model", "add-words", *words)
    assert not own_folder.exists()


def archive(folder: Path, **files: bytes) -> Path:
    place = folder / "model.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in files.items():
            held.writestr(f"my-model/{name.replace('__', '/')}", content)
    return place


def test_an_archive_that_lacks_a_file_is_not_installed_and_ends_nothing(
    command: Command, own_folder: Path, tmp_path: Path
) -> None:
    own_folder.mkdir(parents=True)
    ruin = own_folder / ".unpacking-ruin"
    ruin.mkdir()
    with pytest.raises(UserError, match="cannot be loaded, and was not installed"):
        command("model", "install", "--from", archive(tmp_path, **{"am__final.mdl": b"none"}))
    assert not list(own_folder.iterdir())  # nor what an earlier attempt had left


def test_an_archive_that_swells_is_refused(command: Command, tmp_path: Path) -> None:
    bomb = archive(tmp_path, **{"am__final.mdl": bytes(1 << 26)})
    content = bomb.read_bytes()
    assert len(content) < 1 << 17
    with pytest.raises(UserError, match="loaded, and was not installed"):
        command("model", "install", "--from", bomb)


def test_a_model_can_be_removed_again(
    command: Command, capsys: Printed, own_folder: Path, tmp_path: Path
) -> None:
    command("model", "add-words", "siobhan=SH IH V AO N")
    assert command("model", "remove", "en-words") == 0
    assert "Deleted" in capsys.readouterr().out
    assert not list(own_folder.iterdir())
    with pytest.raises(UserError, match="no installed model called 'en-words'"):
        command("model", "remove", "en-words")
    with pytest.raises(UserError, match="came with the product"):
        command("model", "remove", "en")
