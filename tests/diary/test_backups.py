import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.diary.sessions import NOON, entries, write
from tests.diary.test_diary_file import as_nobody
from voice_coach.diary.backups import BEFORE_RESTORE, backup, forget, restore
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.errors import UserError
from voice_coach.programme.ledger import EndReason, SessionEnded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A diary of one session."""
    with Diary.open(tmp_path / "diary", exclusive=True) as diary:
        write(diary, entries())
    return tmp_path / "diary"


def sessions(folder: Path) -> int:
    with Diary.open(folder) as diary:
        return len(diary.sessions())


class TestABackup:
    def test_brings_everything_back(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        with Diary.open(folder, exclusive=True) as diary:
            before = diary.sessions()
            write(diary, entries(), NOON)
        restore(folder, tmp_path / "backup")
        with Diary.open(folder) as diary:
            assert diary.sessions() == before

    def test_keeps_what_it_replaced(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries(), NOON)
        restore(folder, tmp_path / "backup")
        assert sessions(folder) == 1
        restore(folder, folder / BEFORE_RESTORE)
        assert sessions(folder) == 2

    def test_is_its_owner_s_alone(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        restore(folder, tmp_path / "backup")
        for path in (tmp_path / "backup", *folder.iterdir()):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_may_be_taken_while_a_session_goes_on(self, folder: Path, tmp_path: Path) -> None:
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries(reason=None), NOON)
            backup(folder, tmp_path / "backup")
        (tmp_path / "new").mkdir()
        restore(tmp_path / "new", tmp_path / "backup")
        assert sessions(tmp_path / "new") == 2

    def test_never_overwrites_a_file(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "letter").write_text("dear")
        with pytest.raises(UserError, match="there already; name a new file"):
            backup(folder, tmp_path / "letter")
        assert (tmp_path / "letter").read_text() == "dear"

    def test_to_where_nothing_may_be_written(self, folder: Path, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="cannot be kept"):
            backup(folder, tmp_path / "no" / "folder")

    def test_goes_over_a_damaged_diary(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        (folder / FILE).write_bytes(b"\x00garbage" * 1000)
        restore(folder, tmp_path / "backup")
        assert sessions(folder) == 1
        assert (folder / BEFORE_RESTORE).read_bytes().startswith(b"\x00garbage")

    @pytest.mark.parametrize("content", [None, b"", b"Dear diary", b"SQLite format 3\x00" * 99])
    def test_that_is_none_leaves_the_diary_as_it_is(
        self, folder: Path, tmp_path: Path, content: bytes | None
    ) -> None:
        if content is not None:
            (tmp_path / "wrong").write_bytes(content)
        with pytest.raises(UserError):
            restore(folder, tmp_path / "wrong")
        assert sessions(folder) == 1
        Diary.open(folder, exclusive=True).close()

    def test_is_not_restored_under_a_running_session(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries(reason=None), NOON)
            with pytest.raises(UserError, match="already running"):
                restore(folder, tmp_path / "backup")
            diary.record(SessionEnded(10**6, EndReason.STOPPED))
        assert sessions(folder) == 2


class TestForgetting:
    def test_leaves_nothing_to_read(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        restore(folder, tmp_path / "backup")
        assert forget(folder)
        assert [path.name for path in folder.iterdir()] == ["diary.lock"]
        assert (folder / "diary.lock").read_bytes() == b""

    def test_overwrites_what_was_written(self, folder: Path, tmp_path: Path) -> None:
        held = tmp_path / "the same blocks"
        held.hardlink_to(folder / FILE)
        assert b"beginner" in held.read_bytes()
        forget(folder)
        assert set(held.read_bytes()) == {0}

    def test_begins_anew(self, folder: Path) -> None:
        forget(folder)
        assert sessions(folder) == 0
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries())
        assert sessions(folder) == 1

    def test_works_on_a_damaged_diary(self, folder: Path) -> None:
        (folder / FILE).write_bytes(b"garbage")
        assert forget(folder)

    def test_waits_until_the_speaker_has_ended(self, folder: Path) -> None:
        with Diary.open(folder, exclusive=True), pytest.raises(UserError, match="already running"):
            forget(folder)
        assert sessions(folder) == 1

    def test_nothing_is_said_to_be_nothing(self, tmp_path: Path) -> None:
        assert not forget(tmp_path / "none")

    def test_where_it_may_not(self, folder: Path) -> None:
        folder.chmod(0o500)
        with as_nobody(), pytest.raises(UserError, match="cannot be kept"):
            forget(folder)
        folder.chmod(0o700)
        assert sessions(folder) == 1


def test_what_is_deleted_within_the_database_is_overwritten_too(folder: Path) -> None:
    with Diary.open(folder, exclusive=True) as diary:
        secure = diary._connection.execute("PRAGMA secure_delete").fetchone()
    assert secure == (1,)
    with closing(sqlite3.connect(folder / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
