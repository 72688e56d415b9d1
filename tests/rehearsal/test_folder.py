"""“I named the folder of my diary for a rehearsal”: nothing that was there is touched."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.diary.sessions import entries, write
from voice_coach.cli import main
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.rehearsal.folder import WRITTEN, filling


def rehearse_into(folder: Path, text: str = "sound") -> None:
    with filling(folder) as part:
        (part / "speaker.wav").write_text(text)
        (part / "diary").mkdir()
        (part / "diary" / "diary.sqlite3").write_text(text)


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("place", ["diary", ""])
def test_my_diary_was_in_that_folder(tmp_path: Path, place: str) -> None:
    data = tmp_path / "voice-coach"
    with Diary.open(data / "diary", exclusive=True) as diary:
        write(diary, entries())
    before = content(data)
    with pytest.raises(UserError, match="which no rehearsal wrote; choose a folder"):
        rehearse_into(data / place)
    assert content(data) == before
    assert [path.name for path in tmp_path.iterdir()] == ["voice-coach"]


def test_the_command_refuses_it_before_it_rehearses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Diary.open(tmp_path / "diary", exclusive=True).close()
    assert main(["rehearse", "stopped", "--scripted", "--out", str(tmp_path)]) == 1
    assert "no rehearsal wrote" in capsys.readouterr().err
    assert (tmp_path / "diary" / "diary.sqlite3").exists()


def test_i_rehearsed_twice_into_one_folder(tmp_path: Path) -> None:
    for text in ("first", "second"):
        rehearse_into(tmp_path / "out", text)
    assert set(content(tmp_path / "out")) == {"speaker.wav", "diary/diary.sqlite3", WRITTEN}
    assert (tmp_path / "out" / "speaker.wav").read_text() == "second"


def test_an_empty_folder_was_there_already(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    rehearse_into(tmp_path / "out")
    assert (tmp_path / "out" / "diary" / "diary.sqlite3").read_text() == "sound"


@pytest.mark.parametrize("name", ["speaker.wav", "diary/diary.sqlite3", "diary/mine", "notes.txt"])
def test_i_have_gone_on_with_the_diary_of_a_rehearsal(tmp_path: Path, name: str) -> None:
    rehearse_into(tmp_path / "out")
    (tmp_path / "out" / name).write_text("mine")
    before = content(tmp_path / "out")
    with pytest.raises(UserError, match=f"'{name}'"):
        rehearse_into(tmp_path / "out")
    assert content(tmp_path / "out") == before


def test_a_file_came_into_it_while_the_rehearsal_ran(tmp_path: Path) -> None:
    def rehearse() -> None:
        with filling(tmp_path / "out"):
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "letter").write_text("dear")

    with pytest.raises(UserError, match="no rehearsal wrote"):
        rehearse()
    assert content(tmp_path / "out") == {"letter": b"dear"}


def test_a_link_in_it_is_not_followed(tmp_path: Path) -> None:
    rehearse_into(tmp_path / "out")
    letter = tmp_path / "letter"
    (tmp_path / "out" / "speaker.wav").rename(letter)
    (tmp_path / "out" / "speaker.wav").symlink_to(letter)
    with pytest.raises(UserError, match=r"'speaker\.wav'"):
        rehearse_into(tmp_path / "out")
    assert letter.read_text() == "sound"


def test_the_rehearsal_broke_off(tmp_path: Path) -> None:
    rehearse_into(tmp_path / "out")
    before = content(tmp_path / "out")

    def break_off() -> None:
        with filling(tmp_path / "out") as part:
            (part / "speaker.wav").write_text("half of it")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert content(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@given(st.binary(max_size=40))
def test_a_list_that_is_none_of_ours_permits_nothing(noise: bytes) -> None:
    with TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        out.mkdir()
        (out / WRITTEN).write_bytes(noise)
        (out / "letter").write_text("dear")
        with pytest.raises(UserError, match="no rehearsal wrote"):
            rehearse_into(out)
        assert (out / "letter").read_text() == "dear"
