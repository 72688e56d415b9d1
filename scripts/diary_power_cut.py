#!/usr/bin/env python3
"""Kill a process that writes the diary, at random moments, and count what was lost.

Each time, a child writes entries as fast as it can and tells through a pipe how many of them
`Diary.record` has come back from; it is then killed with SIGKILL, at a moment drawn at random
from its start on, so that opening and migrating are hit as well. Afterwards the file must pass
SQLite's integrity check, hold every entry that was told of, at most the one in progress beyond,
and open again with the session closed as interrupted.
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
from voice_coach.diary.files import FILE
from voice_coach.programme.ledger import (
    EndReason,
    Entry,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SessionStarted,
    SetFinished,
)

LONGEST = 0.15
"""Seconds from the child's start to the latest kill."""

PER_SET = 30
STARTED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def entries() -> Iterator[Entry]:
    """Yield a session without end."""
    at, number = 0, 0
    yield SessionStarted(at, "advanced", 3, PER_SET)
    while True:
        at += 100
        set_number, repetition = number // PER_SET + 1, number % PER_SET + 1
        yield RepetitionPrompted(at, set_number, repetition)
        yield RepetitionResolved(at + 10, set_number, repetition, Outcome.HEARD, at + 5, -1.0)
        if repetition == PER_SET:
            yield SetFinished(at + 20, set_number)
        number += 1


def write_until_killed(folder: Path, tell: int) -> None:
    with Diary.open(folder, exclusive=True) as diary:
        for entry in entries():
            diary.record(entry, STARTED if isinstance(entry, SessionStarted) else None)
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


def as_rows(count: int) -> list[tuple[int, int, str | None]]:
    """Return set, number and outcome of the repetitions in the first `count` entries."""
    rows: list[tuple[int, int, str | None]] = []
    for _, entry in zip(range(count), entries(), strict=False):
        match entry:
            case RepetitionPrompted():
                rows.append((entry.set, entry.number, None))
            case RepetitionResolved():
                rows[-1] = (entry.set, entry.number, entry.outcome)
    return rows


def verdict(folder: Path, told: int, before: int) -> str | None:
    """Return what is wrong with the diary after a kill, or None.

    `told` entries were written for certain, after `before` sessions.
    """
    if not (folder / FILE).exists():
        return "there is no file" if told else None
    with closing(sqlite3.connect(folder / FILE)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchall()
        if sound != [("ok",)]:
            return f"the integrity check says {sound}"
    with Diary.open(folder, exclusive=True) as diary:
        sessions = diary.sessions()
    if len(sessions) - before != (told > 0) and not (told == 0 and len(sessions) == before + 1):
        return f"{len(sessions)} sessions after {before} and {told} entries"
    if any(session.reason is not EndReason.INTERRUPTED for session in sessions):
        return "a session was not closed as interrupted"
    if told:
        found = [(r.set, r.number, r.outcome) for r in sessions[-1].repetitions]
        if found not in (as_rows(told), as_rows(told + 1)):
            return f"{told} entries were written, and the diary holds {found[-3:]}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=300, help="how often to kill")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    written, opening, sessions = 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "diary"
        for number in tqdm(range(arguments.times), unit="kill", disable=None):
            told = cut_off(folder, moments.uniform(0, LONGEST))
            wrong = verdict(folder, told, sessions)
            if wrong:
                print(f"kill {number}: {wrong}", file=sys.stderr)
                return 1
            with Diary.open(folder) as diary:
                sessions = len(diary.sessions())
            written += told
            opening += told == 0
    print(
        f"{arguments.times} kills, {opening} of them before the first entry; {written} entries "
        "written for certain, 0 of them lost; every file sound"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
