"""A diary that the first schema wrote, kept as a file, is read and brought up to date."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from voice_coach.diary import schema
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.programme.history import Hurt, PastSession, Settled
from voice_coach.programme.ledger import Complained, Complaint

OLD = Path(__file__).with_name("diary-of-schema-1.sqlite3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(OLD, tmp_path / FILE)
    return tmp_path


def test_the_file_is_an_old_one() -> None:
    with closing(sqlite3.connect(f"{OLD.as_uri()}?mode=ro&immutable=1", uri=True)) as old:
        assert schema.version(old) == 1
        assert old.execute("SELECT day, settled FROM pains ORDER BY id").fetchall() == [
            ("2026-03-04", "2026-03-07"),
            ("2026-03-05", "2026-03-07"),
            ("2026-03-09", "2026-03-09"),
            ("2026-03-09", None),
        ]


@pytest.mark.parametrize("exclusive", [True, False])
def test_nothing_of_it_is_lost(folder: Path, exclusive: bool) -> None:
    with Diary.open(folder, exclusive=exclusive) as diary:
        history, sessions = diary.history(), diary.sessions()
    assert history.sessions == (
        PastSession(date(2026, 3, 2), "beginner", 8, completed=True, heard=6, soft=2),
        PastSession(date(2026, 3, 4), "beginner", 1, completed=False, heard=1),
    )
    assert history.remarks == (
        Hurt(date(2026, 3, 4), Complaint.PAIN),
        Hurt(date(2026, 3, 5), Complaint.PAIN),
        Settled(date(2026, 3, 7)),
        Hurt(date(2026, 3, 9), Complaint.PAIN),
        Settled(date(2026, 3, 9)),
        Hurt(date(2026, 3, 9), Complaint.PAIN),
    )
    assert [pain.settled for pain in history.pains] == [
        date(2026, 3, 7),
        date(2026, 3, 7),
        date(2026, 3, 9),
        None,
    ]
    assert [(s.tally.prompted, s.tally.heard) for s in sessions] == [(8, 6), (1, 1)]
    assert sessions[1].faults[0].text == "the microphone was unplugged"


def test_it_goes_on_from_there(folder: Path) -> None:
    with Diary.open(folder, exclusive=True) as diary:
        diary.record(Complained(0, Complaint.FALL), datetime(2026, 3, 10, 9, tzinfo=UTC))
        assert diary.history().remarks[-1] == Hurt(date(2026, 3, 10), Complaint.FALL)
    with closing(sqlite3.connect(folder / FILE)) as file:
        assert schema.version(file) == schema.VERSION
