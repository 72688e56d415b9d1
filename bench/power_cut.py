"""Kill a process that writes the diary, at random moments, and count what was lost.

Each time, a child writes entries as fast as it can and tells through a pipe how many of them
`Diary.record` has come back from; it is then killed with SIGKILL, at a moment drawn at random
from its start on, so that opening and migrating are hit as well. Afterwards the file must pass
SQLite's integrity check, hold every entry that was told of, at most the one in progress beyond,
and open again with the session closed as interrupted.

Usage: python -m bench.power_cut [--times N] [--seed N]
"""

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.programme.history import Felt, Hurt, Remark, Screened, Settled, Told
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    Complained,
    Complaint,
    EndReason,
    Entry,
    Feeling,
    Outcome,
    PainSettled,
    RepetitionPrompted,
    RepetitionResolved,
    ScreeningFinished,
    SessionStarted,
    SetFelt,
    SetFinished,
)

LONGEST = 0.15
"""Seconds from the child's start to the latest kill."""

PER_SET = 30
STARTED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def entries() -> Iterator[Entry]:
    """Yield a screening and a session without end, in which everything is told of."""
    yield Answered(0, "falls", Answer.NO)
    yield Answered(0, "balance", Answer.UNSURE)
    yield ScreeningFinished(0)
    at, number = 0, 0
    yield SessionStarted(at, "advanced", 3, PER_SET)
    while True:
        at += 100
        set_number, repetition = number // PER_SET + 1, number % PER_SET + 1
        yield RepetitionPrompted(at, set_number, repetition)
        yield RepetitionResolved(at + 10, set_number, repetition, Outcome.HEARD, at + 5, -1.0)
        if repetition % 7 == 0:
            yield Complained(at + 11, Complaint.SORENESS)
            yield PainSettled(at + 12)
        if repetition == PER_SET:
            yield SetFinished(at + 20, set_number)
            yield SetFelt(at + 30, set_number, Feeling.FINE)
        number += 1


def write_until_killed(folder: Path, tell: int) -> None:
    """Write entries without end, and a byte to the pipe `tell` after each."""
    with Diary.open(folder, exclusive=True) as diary:
        for entry in entries():
            diary.record(entry, STARTED)
            os.write(tell, b".")


def cut_off(folder: Path, after: float) -> int:
    """Return how many entries a child had written for certain when it was killed."""
    reading, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        write_until_killed(folder, telling)
    os.close(telling)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as told:
        return len(told.read())


Rows = tuple[list[tuple[int, int, str | None]], list[Remark]]
"""The repetitions of the latest session, if there is one, and everything that was told."""


def as_rows(count: int) -> Rows:
    """Return what the diary holds of the first `count` entries."""
    rows: list[tuple[int, int, str | None]] = []
    told: list[Remark] = []
    day = STARTED.date()
    for _, entry in zip(range(count), entries(), strict=False):
        match entry:
            case RepetitionPrompted():
                rows.append((entry.set, entry.number, None))
            case RepetitionResolved():
                rows[-1] = (entry.set, entry.number, entry.outcome)
            case Answered():
                told.append(Told(day, entry.question, entry.answer))
            case ScreeningFinished():
                told.append(Screened(day))
            case Complained():
                told.append(Hurt(day, entry.complaint))
            case PainSettled():
                told.append(Settled(day))
            case SetFelt():
                told.append(Felt(day, entry.feeling))
    return rows, told


def in_session(count: int) -> bool:
    """Tell whether the first `count` entries begin a session."""
    began = (isinstance(entry, SessionStarted) for entry in entries())
    return any(begins for _, begins in zip(range(count), began, strict=False))


def verdict(folder: Path, told: int, before: tuple[int, int]) -> str | None:
    """Return what is wrong with the diary after a kill, or None.

    `told` entries were written for certain, after so many sessions and remarks.
    """
    if not (folder / FILE).exists():
        return "there is no file" if told else None
    with closing(sqlite3.connect(folder / FILE)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchall()
        if sound != [("ok",)]:
            return f"the integrity check says {sound}"
    with Diary.open(folder, exclusive=True) as diary:
        sessions, remarks = diary.sessions()[before[0] :], diary.history().remarks[before[1] :]
    if any(session.reason is not EndReason.INTERRUPTED for session in sessions):
        return "a session was not closed as interrupted"
    rows = [
        (r.set, r.number, str(r.outcome) if r.outcome else None)
        for s in sessions
        for r in s.repetitions
    ]
    found = len(sessions), rows, list(remarks)
    for count in (told, told + 1):
        if found == (int(in_session(count)), *as_rows(count)):
            return None
    return f"{told} entries were written, and the diary holds {found[0]} sessions, {rows[-3:]}"


def main() -> int:
    """Kill as often as asked for; return 1 at the first diary that is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=300, help="how often to kill")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    written, opening, before = 0, 0, (0, 0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "diary"
        for number in tqdm(range(arguments.times), unit="kill", disable=None):
            told = cut_off(folder, moments.uniform(0, LONGEST))
            wrong = verdict(folder, told, before)
            if wrong:
                print(f"kill {number}: {wrong}", file=sys.stderr)
                return 1
            with Diary.open(folder) as diary:
                before = len(diary.sessions()), len(diary.history().remarks)
            written += told
            opening += told == 0
    print(
        f"{arguments.times} kills, {opening} of them before the first entry; {written} entries "
        "written for certain, 0 of them lost; every file sound"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
