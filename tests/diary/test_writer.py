"""“The card was full in the middle of my session”: nothing waits for it, and nothing is lost."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.diary.sessions import MORNING, entries
from tests.small_disk import SmallDisk, small_disk
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.diary.writer import RESERVE, ROOM, DiaryWriter
from voice_coach.programme.ledger import Complained, Complaint, Entry, FaultNoted, Outcome

SESSION = list(entries([Outcome.HEARD] * 15, sets=3))
"""About as much as is ever done in one session."""


def write(writer: DiaryWriter, said: list[Entry]) -> None:
    for entry in said:
        writer.record(entry, MORNING)


def written(folder: Path) -> list[int]:
    """Return how many repetitions each session in the diary has."""
    with Diary.open(folder) as diary:
        return [len(session.repetitions) for session in diary.sessions()]


def wait_for_trouble(writer: DiaryWriter, there: bool = True) -> str:
    until = time.monotonic() + 10
    while (writer.trouble is not None) is not there:
        assert time.monotonic() < until
        time.sleep(0.01)
    return writer.trouble or ""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "card") as disk:
        yield disk


def test_what_is_told_is_known_at_once_and_on_the_disk_soon(tmp_path: Path) -> None:
    with DiaryWriter.open(tmp_path) as writer:
        write(writer, SESSION)
        assert writer.history().sessions[-1].prompted == 45
        assert writer.flush()
        assert written(tmp_path) == [45]
        assert writer.trouble is None
    assert {path.name for path in tmp_path.iterdir()} == {FILE, "diary.lock"}


def test_what_was_written_survives_the_power_cut(tmp_path: Path) -> None:
    cut = (
        "import os, sys; from pathlib import Path\n"
        "from tests.diary.test_writer import SESSION, write, DiaryWriter\n"
        "writer = DiaryWriter.open(Path(sys.argv[1]))\n"
        "write(writer, SESSION[:-1]); assert writer.flush(10)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ran = subprocess.run([sys.executable, "-c", cut, tmp_path], check=False)
    assert ran.returncode == -signal.SIGKILL
    with DiaryWriter.open(tmp_path) as writer:
        assert writer.cut_off
    with DiaryWriter.open(tmp_path) as writer:
        assert not writer.cut_off
    assert written(tmp_path) == [45]


def test_the_card_was_full_and_the_session_was_written_to_its_end_all_the_same(
    disk: SmallDisk,
) -> None:
    with DiaryWriter.open(disk.place / "diary") as writer:
        assert (disk.place / "diary" / RESERVE).stat().st_size == ROOM
        write(writer, SESSION[:10])
        assert writer.flush()
        disk.fill()
        write(writer, SESSION[10:])
        assert writer.flush(20)
    assert written(disk.place / "diary") == [45]


def test_the_card_was_full_for_good_and_nothing_was_lost_when_there_was_room_again(
    disk: SmallDisk,
) -> None:
    with DiaryWriter.open(disk.place / "diary") as writer:
        (disk.place / "diary" / RESERVE).unlink()
        disk.fill()
        write(writer, SESSION)
        assert "the disk is full; make room" in wait_for_trouble(writer)
        writer.record(Complained(0, Complaint.DIZZY), MORNING)
        assert writer.history().open_pains
        assert writer.history().sessions[-1].prompted == 45
        disk.make_room()
        wait_for_trouble(writer, there=False)
        with Diary.open(disk.place / "diary") as diary:
            assert diary.history() == writer.history()
            assert written(disk.place / "diary") == [45]
        assert (disk.place / "diary" / RESERVE).stat().st_size == ROOM


def test_the_card_was_read_only_for_a_while(disk: SmallDisk) -> None:
    folder = disk.place / "diary"
    with DiaryWriter.open(folder) as writer:
        # A file system goes read-only under open files when its card fails.
        writer._diary._connection.execute("PRAGMA query_only = ON")
        write(writer, SESSION[:5])
        wait_for_trouble(writer, there=False)
        write(writer, SESSION[5:])
        assert writer.flush(10)
    assert written(folder) == [45]


def test_no_file_may_grow_any_more(tmp_path: Path) -> None:
    limited = (
        "import resource, sys, time; from pathlib import Path\n"
        "from tests.diary.test_writer import SESSION, write, DiaryWriter\n"
        "writer = DiaryWriter.open(Path(sys.argv[1]))\n"
        "write(writer, SESSION[:4]); assert writer.flush(10)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))\n"
        "write(writer, SESSION[4:])\n"
        "time.sleep(1); assert writer.trouble, 'no trouble'; print(writer.trouble)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))\n"
        "assert writer.flush(30); assert writer.trouble is None; writer.close()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", limited, tmp_path], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("The diary ")
    assert written(tmp_path) == [45]


def test_another_program_held_the_diary(tmp_path: Path) -> None:
    with DiaryWriter.open(tmp_path) as writer:
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            write(writer, SESSION)
            assert "written by another program" in wait_for_trouble(writer)
            other.execute("ROLLBACK")
        wait_for_trouble(writer, there=False)
        assert written(tmp_path) == [45]


def test_a_fault_of_the_disk_is_in_the_diary_afterwards(disk: SmallDisk) -> None:
    folder = disk.place / "diary"
    with DiaryWriter.open(folder) as writer:
        (folder / RESERVE).unlink()
        disk.fill()
        write(writer, SESSION[:6])
        wait_for_trouble(writer)
        disk.make_room()
        wait_for_trouble(writer, there=False)
    with Diary.open(folder) as diary:
        (session,) = diary.sessions()
    (fault,) = session.faults
    assert isinstance(fault, FaultNoted)
    assert (fault.source, "disk is full" in fault.text) == ("diary", True)


def test_the_card_was_slow_and_what_was_still_to_be_written_was_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = Diary.record

    def slow(diary: Diary, entry: Entry, moment: datetime) -> None:
        time.sleep(0.02)
        quick(diary, entry, moment)

    monkeypatch.setattr(Diary, "record", slow)
    writer = DiaryWriter.open(tmp_path)
    write(writer, SESSION)
    writer.close(patience=0.2)
    assert written(tmp_path) == [45]


def test_the_program_ends_though_the_card_stays_full(disk: SmallDisk) -> None:
    writer = DiaryWriter.open(disk.place / "diary")
    (disk.place / "diary" / RESERVE).unlink()
    disk.fill()
    write(writer, SESSION)
    wait_for_trouble(writer)
    began = time.monotonic()
    writer.close()
    assert time.monotonic() - began < 3
    disk.make_room()
    DiaryWriter.open(disk.place / "diary").close()


def test_what_a_therapist_approves_meanwhile_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice_coach.diary.writer.LOOK", 0.05)
    with DiaryWriter.open(tmp_path) as writer:
        assert not writer.changed_elsewhere()
        with Diary.open_for_remarks(tmp_path) as other:
            other.approve(datetime.now(UTC), "Dr. Jones")
        until = time.monotonic() + 5
        while not writer.changed_elsewhere():
            assert time.monotonic() < until
            time.sleep(0.01)
        assert len(writer.history().remarks) == 1
        assert not writer.changed_elsewhere()
