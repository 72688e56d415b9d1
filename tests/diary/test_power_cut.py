"""What a power cut leaves: every entry up to the one in progress, and a sound file."""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.diary.sessions import MORNING, entries
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.diary.records import Session
from voice_coach.programme.history import History
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    Complained,
    Complaint,
    Entry,
    Feeling,
    Outcome,
    PainSettled,
    ScreeningFinished,
    SetFelt,
)

REPOSITORY = Path(__file__).resolve().parents[2]
FULL = 2
"""SQLite's number for ``synchronous = FULL``: the log is flushed at every commit."""

SESSION = list(entries((Outcome.HEARD, Outcome.SOFT, Outcome.NOT_HEARD), sets=2))
WRITTEN: list[Entry] = [
    Answered(0, "falls", Answer.NO),
    ScreeningFinished(0),
    *SESSION[:-1],
    SetFelt(SESSION[-2].at, 2, Feeling.SORE),
    Complained(SESSION[-2].at, Complaint.DIZZY),
    SESSION[-1],
    PainSettled(0),
]

Found = tuple[tuple[Session, ...], History]


def test_killing_the_writer_at_random_moments_loses_nothing_that_was_written() -> None:
    command = [sys.executable, "-m", "bench.power_cut", "--times", "40"]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "0 of them lost; every file sound" in ran.stdout


class TestALogTornOffAnywhere:
    """What reached the card after the last flush may be there in part, or as rubbish."""

    @pytest.fixture
    def lengths(self, tmp_path: Path) -> Iterator[list[int]]:
        """Length of the log after each entry, with the diary still open beside it."""
        with Diary.open(tmp_path / "diary", exclusive=True) as diary:
            lengths = []
            for entry in WRITTEN:
                diary.record(entry, MORNING)
                lengths.append((tmp_path / "diary" / f"{FILE}-wal").stat().st_size)
            yield lengths

    @pytest.mark.parametrize("tail", ["missing", "rubbish", "zeros"])
    def test_holds_exactly_the_entries_before_the_tear(
        self, tmp_path: Path, lengths: list[int], tail: str
    ) -> None:
        draw = random.Random(tail)
        log = (tmp_path / "diary" / f"{FILE}-wal").read_bytes()
        edges = [length + beside for length in lengths for beside in (-1, 0)]
        for cut in [*edges, *(draw.randrange(len(log)) for _ in range(30))]:
            rest = len(log) - cut
            torn = {"missing": b"", "rubbish": draw.randbytes(rest), "zeros": bytes(rest)}[tail]
            left = log[:cut] + torn
            # Where a page happens to end in zeros, zeros have not torn it.
            kept = sum(left[:length] == log[:length] for length in lengths)
            assert found(tmp_path, left) == written(tmp_path, kept)


def found(tmp_path: Path, log: bytes) -> Found:
    """Return what the next start finds beside such a log."""
    after = tmp_path / "after"
    shutil.rmtree(after, ignore_errors=True)
    after.mkdir()
    shutil.copy(tmp_path / "diary" / FILE, after)
    (after / f"{FILE}-wal").write_bytes(log)
    with Diary.open(after, exclusive=True) as diary:
        return diary.sessions(), diary.history()


def written(tmp_path: Path, kept: int) -> Found:
    """Return what a diary holds that was ended in order after `kept` entries."""
    folder = tmp_path / f"kept {kept}"
    with Diary.open(folder, exclusive=True) as diary:
        if diary.history() == History():
            for entry in WRITTEN[:kept]:
                diary.record(entry, MORNING)
    with Diary.open(folder, exclusive=True) as diary:
        return diary.sessions(), diary.history()


def test_every_entry_is_flushed_to_the_card_before_the_next(tmp_path: Path) -> None:
    with Diary.open(tmp_path, exclusive=True) as diary:
        (synchronous,) = diary._connection.execute("PRAGMA synchronous").fetchone()
        (journal,) = diary._connection.execute("PRAGMA journal_mode").fetchone()
        assert not diary._connection.in_transaction
    assert (synchronous, journal) == (FULL, "wal")
