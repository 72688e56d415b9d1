import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.diary.sessions import NOON, entries, write
from tests.diary.test_diary_file import as_nobody
from voice_coach.diary.backups import backup, forget, restore
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.errors import UserError
from voice_coach.private_files import part_of
from voice_coach.programme.ledger import EndReason, SessionEnded

NOW = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A diary of one session."""
    with Diary.open(tmp_path / "diary", exclusive=True) as diary:
        write(diary, entries())
    return tmp_path / "diary"


def spoil(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


def sessions(folder: Path) -> int:
    with Diary.open(folder) as diary:
        return len(diary.sessions())


class TestABackup:
    def test_brings_everything_back(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        with Diary.open(folder, exclusive=True) as diary:
            before = diary.sessions()
            write(diary, entries(), NOON)
        restore(folder, tmp_path / "backup", NOW)
        with Diary.open(folder) as diary:
            assert diary.sessions() == before

    def test_keeps_what_it_replaced(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries(), NOON)
        before = restore(folder, tmp_path / "backup", NOW)
        assert sessions(folder) == 1
        assert before == folder / "diary-before-restore-2026-11-28-063000.sqlite3"
        restore(folder, before, NOW)
        assert sessions(folder) == 2

    def test_i_restored_twice_and_the_diary_is_still_there(
        self, folder: Path, tmp_path: Path
    ) -> None:
        backup(folder, tmp_path / "backup")
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries(), NOON)
        kept = [restore(folder, tmp_path / "backup", NOW) for _ in range(3)]
        assert len({*kept}) == 3
        restore(folder, kept[0] or folder, NOW)
        assert sessions(folder) == 2

    def test_is_its_owner_s_alone(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        restore(folder, tmp_path / "backup", NOW)
        for path in (tmp_path / "backup", *folder.iterdir()):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_may_be_taken_while_a_session_goes_on(self, folder: Path, tmp_path: Path) -> None:
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries(reason=None), NOON)
            backup(folder, tmp_path / "backup")
        (tmp_path / "new").mkdir()
        restore(tmp_path / "new", tmp_path / "backup", NOW)
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
        before = restore(folder, tmp_path / "backup", NOW)
        assert sessions(folder) == 1
        assert before is not None
        assert before.read_bytes().startswith(b"\x00garbage")

    @pytest.mark.parametrize("content", [None, b"", b"Dear diary", b"SQLite format 3\x00" * 99])
    def test_that_is_none_leaves_the_diary_as_it_is(
        self, folder: Path, tmp_path: Path, content: bytes | None
    ) -> None:
        if content is not None:
            (tmp_path / "wrong").write_bytes(content)
        with pytest.raises(UserError):
            restore(folder, tmp_path / "wrong", NOW)
        assert sessions(folder) == 1
        Diary.open(folder, exclusive=True).close()

    def test_with_one_wrong_cell_is_refused(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        spoil(tmp_path / "backup", "UPDATE sessions SET started = 'yesterday'")
        with pytest.raises(UserError, match=r"damaged \(session 1\); name another"):
            restore(folder, tmp_path / "backup", NOW)
        assert sessions(folder) == 1

    def test_of_another_program_is_refused_though_its_version_is_ours(
        self, folder: Path, tmp_path: Path
    ) -> None:
        backup(folder, tmp_path / "backup")
        for foreign in (
            "CREATE TABLE recipes (name TEXT)",
            "CREATE TRIGGER t AFTER INSERT ON sessions BEGIN DELETE FROM remarks; END",
            "ALTER TABLE sessions ADD COLUMN mood TEXT",
            "DROP TABLE remarks",
        ):
            (tmp_path / "other").write_bytes((tmp_path / "backup").read_bytes())
            spoil(tmp_path / "other", foreign)
            with pytest.raises(UserError, match="is not a diary"):
                restore(folder, tmp_path / "other", NOW)
        assert sessions(folder) == 1

    def test_is_not_changed_by_reading_it(self, folder: Path, tmp_path: Path) -> None:
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries(), NOON)
            # As somebody copies a diary by hand, its log with it.
            for file in folder.glob("diary.sqlite3*"):
                (tmp_path / file.name).write_bytes(file.read_bytes())
        before = {path: path.read_bytes() for path in tmp_path.glob("diary.sqlite3*")}
        restore(tmp_path / "new", tmp_path / FILE, NOW)
        assert sessions(tmp_path / "new") == 2
        assert {path: path.read_bytes() for path in tmp_path.glob("diary.sqlite3*")} == before
        assert {path.name for path in (tmp_path / "new").iterdir()} == {FILE, "diary.lock"}

    def test_whose_making_was_killed_can_be_made_again(self, folder: Path, tmp_path: Path) -> None:
        killed = (
            "import os, sys; from pathlib import Path\n"
            "from voice_coach.diary import diary; from voice_coach.diary.backups import backup\n"
            "def die(*_): os.kill(os.getpid(), 9)\n"
            "diary.Diary.copy_to = die\n"
            "backup(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        )
        to = tmp_path / "stick" / "backup"
        to.parent.mkdir()
        for _ in range(2):
            subprocess.run([sys.executable, "-c", killed, folder, to], check=False)
            assert not to.exists()
        backup(folder, to)
        assert [path.name for path in to.parent.iterdir()] == ["backup"]

    def test_is_not_restored_under_a_running_session(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        with Diary.open(folder, exclusive=True) as diary:
            write(diary, entries(reason=None), NOON)
            with pytest.raises(UserError, match="already running"):
                restore(folder, tmp_path / "backup", NOW)
            diary.record(SessionEnded(10**6, EndReason.STOPPED))
        assert sessions(folder) == 2


class TestForgetting:
    def test_leaves_nothing_to_read(self, folder: Path, tmp_path: Path) -> None:
        backup(folder, tmp_path / "backup")
        restore(folder, tmp_path / "backup", NOW)
        part_of(folder / FILE).write_bytes(b"half of an earlier try")
        assert forget(folder)
        assert [path.name for path in folder.iterdir()] == ["diary.lock"]
        assert (folder / "diary.lock").read_bytes() == b""

    def test_overwrites_what_was_written(self, folder: Path, tmp_path: Path) -> None:
        held = tmp_path / "the same blocks"
        held.hardlink_to(folder / FILE)
        assert b"beginner" in held.read_bytes()
        forget(folder)
        assert set(held.read_bytes()) == {0}

    def test_finds_the_copies_where_the_diary_itself_is_gone(
        self, folder: Path, tmp_path: Path
    ) -> None:
        backup(folder, tmp_path / "backup")
        restore(folder, tmp_path / "backup", NOW)
        (folder / FILE).unlink()
        assert forget(folder)
        assert [path.name for path in folder.iterdir()] == ["diary.lock"]

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
