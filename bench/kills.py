"""Kill every command that writes, at random moments, and count what was lost.

Each time a child begins one of them in a home with a diary of a dozen sessions, and is killed with
SIGKILL at a moment drawn at random. Afterwards nothing of the diary may be missing: it stands whole
in its place, or, where it was being replaced, under the name of an earlier one. What was being
written is whole or not there, and the same command must succeed when it is repeated.

Usage: python -m bench.kills [--times N] [--seed N]
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from tqdm import tqdm

from voice_coach.diary.backups import backup, repair, restore, set_right
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.diary.export import header, write_csv
from voice_coach.diary.writer import DiaryWriter
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home.heel_store import keep, usable
from voice_coach.home.residents import open_household
from voice_coach.home.settings import Settings
from voice_coach.private_files import write_private
from voice_coach.programme.ledger import (
    EndReason,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)
from voice_coach.rehearsal.folder import filling

SESSIONS = 12
LATEST = 3.0
"""The latest kill, in times of how long the command takes undisturbed."""
MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Home:
    """A home to kill in."""

    def __init__(self, folder: Path) -> None:
        self.settings = msgspec.structs.replace(
            Settings(), diary=folder / "diary", calibration=folder / "heels", cache=folder / "cache"
        )
        self.out = folder / "out"
        self.backup = folder / "backup"
        with Diary.open(self.settings.diary, exclusive=True) as diary:
            for number in range(SESSIONS):
                diary.record(SessionStarted(0, "beginner", 1, 1), MOMENT)
                diary.record(RepetitionPrompted(number, 1, 1))
                diary.record(RepetitionResolved(number, 1, 1, Outcome.HEARD, number, 0.0))
                diary.record(SessionEnded(number, EndReason.COMPLETED))
        backup(self.settings.diary, self.backup)
        keep(self.settings.calibration, HeelTemplate.generic(), MOMENT)

    def export_csv(self) -> None:
        """Write the diary as a table."""
        with Diary.open(self.settings.diary) as diary:
            sessions = diary.sessions()
        with (self.out.parent / "written").open("w") as scratch:
            write_csv(sessions, "session", scratch)
        write_private(self.out, (self.out.parent / "written").read_text())

    def export_backup(self) -> None:
        """Write a backup."""
        backup(self.settings.diary, self.out)

    def restore(self) -> None:
        """Put a backup in the place of the diary."""
        restore(self.settings.diary, self.backup, MOMENT)

    def repair(self) -> None:
        """Write what can be read beside it."""
        repair(self.settings.diary, MOMENT)

    def start(self) -> None:
        """Open everybody's diary, and a damaged one is set right."""
        set_right(self.settings.diary, MOMENT)
        with open_household(self.settings, lambda: MOMENT):
            pass

    def session(self) -> None:
        """Write a session beside the loop."""
        with DiaryWriter.open(self.settings.diary) as writer:
            writer.record(SessionStarted(0, "beginner", 1, 9), MOMENT)
            for number in range(1, 10):
                writer.record(RepetitionPrompted(number, 1, number), MOMENT)
            writer.record(SessionEnded(10, EndReason.COMPLETED), MOMENT)

    def calibrate(self) -> None:
        """Keep what was learnt of the heels."""
        keep(self.settings.calibration, HeelTemplate.generic(), MOMENT)

    def rehearse(self) -> None:
        """Fill the folder of a rehearsal."""
        with filling(self.out) as part:
            (part / "diary").mkdir()
            for name in ("microphone.wav", "diary/diary.sqlite3"):
                (part / name).write_bytes(bytes(1 << 20))

    def lost(self, name: str) -> str | None:
        """Return what is lost after `name` was killed, or None."""
        diaries = [self.settings.diary / FILE, *self.settings.diary.glob("diary-*.sqlite3")]
        if not diaries[0].exists():
            return "there is no diary in its place"
        with Diary.open(self.settings.diary, exclusive=True) as diary:
            sessions = diary.sessions()
            if diary.spoilt or len(sessions) < SESSIONS:
                return f"the diary holds {len(sessions)} sessions, {diary.spoilt}"
        found, broken = usable(self.settings.calibration)
        if broken or len(found) != 1:
            return "the calibration cannot be read"
        if self.out.is_file() and not self._is_whole(name):
            return f"{name} left half a file"
        return None

    def _is_whole(self, name: str) -> bool:
        if name == "export_csv":
            text = self.out.read_text()
            return text.startswith(header("session")) and text.count("\n") >= SESSIONS + 1
        return self.out.stat().st_size >= self.backup.stat().st_size

    def clear(self) -> None:
        """Take away what was written out, so that it can be written again."""
        if self.out.is_file():
            self.out.unlink()


COMMANDS = (
    "export_csv",
    "export_backup",
    "restore",
    "repair",
    "start",
    "session",
    "calibrate",
    "rehearse",
)


def killed(command: Callable[[], None], after: float) -> bool:
    """Run `command` in a child and kill it `after` so many seconds; return if it was not done."""
    child = os.fork()
    if child == 0:
        command()
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


@dataclass
class Came:
    """What came of the kills: how many were in the midst of each command, and what was lost."""

    midst: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)


def kill(numbers: range, seed: int, folder: Path) -> Came:
    """Kill these times in homes in `folder`; after a loss in a fresh one."""
    came = Came()
    homes = {name: Home(folder / name) for name in COMMANDS}
    lasts: dict[str, float] = {}
    for name, home in homes.items():
        began = time.monotonic()
        getattr(home, name)()
        lasts[name] = time.monotonic() - began
        home.clear()
    for number in tqdm(numbers, unit="kill", disable=None):
        name = COMMANDS[number % len(COMMANDS)]
        home = homes[name]
        moment = random.Random(f"{seed} {number}").uniform(0, LATEST * lasts[name])
        came.midst[name] += killed(getattr(home, name), moment)
        wrong = home.lost(name)
        home.clear()
        if wrong is None:
            try:
                getattr(home, name)()
            except Exception as error:
                wrong = f"it cannot be repeated: {error}"
            home.clear()
        if wrong is not None:
            came.lost.append(f"kill {number}, {name}: {wrong}")
            homes[name] = Home(folder / f"{name}-{number}")
    return came


def main() -> int:
    """Kill as often as asked for; return 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=1000, help="how often to kill")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        came = kill(range(arguments.times), arguments.seed, Path(scratch))
    for wrong in came.lost:
        print(wrong, file=sys.stderr)
    told = ", ".join(f"{name} {count}" for name, count in came.midst.items())
    print(
        f"{arguments.times} kills, in the midst of it: {told}; {len(came.lost)} of them lost "
        "anything"
    )
    return 1 if came.lost else 0


if __name__ == "__main__":
    sys.exit(main())
