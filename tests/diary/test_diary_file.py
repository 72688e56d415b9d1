"""What a careless user, another program or a bad card does to the diary's folder."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.diary.sessions import entries, write
from voice_coach.diary import schema
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.errors import UserError
from voice_coach.programme.ledger import RepetitionPrompted

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up root's right to write everywhere, where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestTheOwnerAlone:
    def test_may_read_anything_of_a_new_diary(self, tmp_path: Path) -> None:
        folder = tmp_path / "deep" / "diary"
        before = os.umask(0)
        try:
            with Diary.open(folder, exclusive=True) as diary:
                write(diary, entries(reason=None))
                files = {path.name: mode(path) for path in folder.iterdir()}
        finally:
            os.umask(before)
        assert mode(folder) == 0o700
        assert files == {
            "diary.sqlite3": 0o600,
            "diary.sqlite3-wal": 0o600,
            "diary.sqlite3-shm": 0o600,
            "diary.lock": 0o600,
        }

    def test_may_enter_a_folder_that_was_there_for_the_diary(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        Diary.open(tmp_path, exclusive=True).close()
        assert mode(tmp_path) == 0o700

    def test_but_a_folder_with_other_things_in_it_stays_as_it_is(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        (tmp_path / "holiday.jpg").touch()
        Diary.open(tmp_path, exclusive=True).close()
        assert mode(tmp_path) == 0o755
        assert mode(tmp_path / FILE) == 0o600


class TestWhatIsAnsweredInOneSentence:
    def test_a_folder_that_may_not_be_written(self, tmp_path: Path) -> None:
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o500)
        with as_nobody(), pytest.raises(UserError, match=r"cannot be kept .*'diary' in the sett"):
            Diary.open(folder, exclusive=True)

    def test_a_diary_that_may_not_be_read(self, tmp_path: Path) -> None:
        Diary.open(tmp_path, exclusive=True).close()
        (tmp_path / FILE).chmod(0)
        with as_nobody(), pytest.raises(UserError, match=r"cannot be (opened|kept)"):
            Diary.open(tmp_path)

    def test_a_file_in_the_place_of_the_folder(self, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.touch()
        with pytest.raises(UserError, match="cannot be kept"):
            Diary.open(file, exclusive=True)

    @pytest.mark.parametrize("exclusive", [True, False])
    def test_a_file_that_is_not_a_database(self, tmp_path: Path, exclusive: bool) -> None:
        (tmp_path / FILE).write_text("Dear diary, today I did my drops. " * 200)
        with pytest.raises(UserError, match="is not a diary; move it away"):
            Diary.open(tmp_path, exclusive=exclusive)
        assert (tmp_path / FILE).read_text().startswith("Dear diary")

    @pytest.mark.parametrize("exclusive", [True, False])
    def test_another_program_s_database(self, tmp_path: Path, exclusive: bool) -> None:
        with closing(sqlite3.connect(tmp_path / FILE)) as other:
            other.execute("CREATE TABLE recipes (name TEXT)")
        with pytest.raises(UserError, match="is not a diary"):
            Diary.open(tmp_path, exclusive=exclusive)

    @pytest.mark.parametrize("exclusive", [True, False])
    def test_a_newer_diary(self, tmp_path: Path, exclusive: bool) -> None:
        Diary.open(tmp_path, exclusive=True).close()
        with closing(sqlite3.connect(tmp_path / FILE)) as newer:
            newer.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
        with pytest.raises(UserError, match="newer voice-coach; update this one"):
            Diary.open(tmp_path, exclusive=exclusive)

    def test_a_damaged_diary(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            for _ in range(30):
                write(diary, entries())
        content = bytearray((tmp_path / FILE).read_bytes())
        content[4096 : len(content) // 2] = b"\xa5" * (len(content) // 2 - 4096)
        (tmp_path / FILE).write_bytes(content)
        with pytest.raises(
            UserError, match=r"damaged; 'voice-coach repair' writes .* or restore a backup"
        ):
            Diary.open(tmp_path, exclusive=True)

    def test_a_full_disk_in_the_middle_of_a_session(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(reason=None))
            pages = diary._connection.execute("PRAGMA page_count").fetchone()[0]
            diary._connection.execute(f"PRAGMA max_page_count = {pages}")
            cues = (RepetitionPrompted(number, 1, number) for number in range(2, 5000))
            with pytest.raises(UserError, match="the disk is full; make room"):
                write(diary, cues)
            (session,) = diary.sessions()
        last = session.repetitions[-1].number
        assert 2 < last < 4999
        assert [repetition.number for repetition in session.repetitions] == [*range(1, last + 1)]

    def test_two_that_write_at_once(self, tmp_path: Path) -> None:
        with (
            Diary.open(tmp_path, exclusive=True),
            pytest.raises(UserError, match="already running; end that one first"),
        ):
            Diary.open(tmp_path, exclusive=True)
        Diary.open(tmp_path, exclusive=True).close()

    def test_two_processes_that_write_at_once(self, tmp_path: Path) -> None:
        other = (
            "import sys; from pathlib import Path; from voice_coach.diary.diary import Diary\n"
            "Diary.open(Path(sys.argv[1]), exclusive=True)"
        )
        with Diary.open(tmp_path, exclusive=True):
            ran = subprocess.run(
                [sys.executable, "-c", other, str(tmp_path)],
                capture_output=True,
                text=True,
                check=False,
            )
        assert ran.returncode != 0
        assert "already running" in ran.stderr


class TestAnOlderDiary:
    @pytest.fixture(autouse=True)
    def two_versions(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries())
        later = "ALTER TABLE sessions ADD COLUMN mood TEXT;"
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, later))
        monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)

    def test_is_brought_up_to_date_by_the_writer(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            assert len(diary.sessions()) == 1
        with closing(sqlite3.connect(tmp_path / FILE)) as file:
            assert schema.version(file) == schema.VERSION
            file.execute("SELECT mood FROM sessions")

    def test_is_read_without_being_changed(self, tmp_path: Path) -> None:
        before = (tmp_path / FILE).read_bytes()
        with Diary.open(tmp_path) as diary:
            assert len(diary.sessions()) == 1
        assert (tmp_path / FILE).read_bytes() == before

    def test_is_left_whole_by_a_migration_that_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = "ALTER TABLE sessions ADD COLUMN mood TEXT; ALTER TABLE nothing ADD COLUMN x;"
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS[:-1], broken))
        with pytest.raises(UserError, match="syntax error"):
            Diary.open(tmp_path, exclusive=True)
        with closing(sqlite3.connect(tmp_path / FILE)) as file:
            assert schema.version(file) == schema.VERSION - 1
            with pytest.raises(sqlite3.OperationalError, match="no such column"):
                file.execute("SELECT mood FROM sessions")
