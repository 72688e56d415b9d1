"""Wrong input of every kind: each is taken, or refused in one sentence, within seconds.

What a person, a card that fails or a bad copy may leave in a file, and what may be typed. Each file
begins as a sound one and is spoilt; each command runs as if typed, in a home of its own.
"""

import contextlib
import io
import os
import random
import signal
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final

import numpy as np
from tqdm import tqdm

from bench.torture.outcome import Outcome
from voice_coach.cli import main
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.errors import UserError
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home.heel_store import keep
from voice_coach.programme.ledger import (
    Answered,
    Complained,
    Complaint,
    EndReason,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.ledger import (
    Outcome as Drop,
)
from voice_coach.programme.screening import questions
from voice_coach.rehearsal.scenario import Scenario, shipped
from voice_coach.sound.audio_files import recording_blocks, write_wav

PATIENCE: Final = 10
"""Seconds of the processor within which any input has to be taken or refused."""
BUSY: Final = 12
"""How many times as long as that it may take on a busy machine."""
SESSIONS: Final = 3
MOMENT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

SETTINGS: Final = """\
language = "en"
words_per_minute = 145
volume_db = -3.0
loudspeaker_wakes_in = 0.5
[reminders]
times = ["10:30"]
days = ["monday", "friday"]
"""
PRESCRIPTION: Final = """\
signed_by = "R. Jones"
signed_on = 2026-01-05
valid_until = 2027-01-05
level = "intermediate"
repetitions = 12
days = ["monday", "thursday"]
cautions = ["Keep your knees soft."]
"""
PHRASES: Final = """\
language: en
intents:
  start:
    data:
      - sentences: ["(start|begin) [the] {level} [session]"]
lists:
  level:
    values: [beginner, intermediate, advanced]
"""
NASTY: Final = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\n", b"\t", b"'", b'"'),
    *(b"nan", b"inf", b"-1", b"9" * 400, b"1e999", b"0x10", b"[" * 3000, b"{" * 300, b"((" * 200),
    *(b"= 0001-01-01", b"= 9999-12-31", b"2026-13-01", b"1970-01-01", b"= true", b"= ''"),
    *(b"~nosuchuser/x", b"../../etc/passwd", b"/dev/zero", b"/dev/full", b"%s%n{}", b"*a", b"&a"),
    *(
        b"a" * 70_000,
        "ﬁ\u202e😀".encode(),
        b"<script>",
        b"stop",
        b"no",
        b"{level}",
        b"<rule>",
        b"|",
    ),
)
ARGUMENTS: Final = (
    *(
        "",
        "-",
        "--",
        "-1",
        "0",
        "nan",
        "9" * 400,
        "\udcff",
        "😀",
        "a\x00b",
        "~nosuchuser",
        "..",
        "/",
    ),
    *("stop", "2026-13-01", "0001-01-01", "9999-12-31", "2026-02-29", "beginner", "--person=--"),
    *("/dev/zero", "/dev/null", "/dev/full", "nowhere/x", "=", "a=B", "*", "--help", "1e9", "/"),
)
COMMANDS: Final[tuple[tuple[str, ...], ...]] = (
    *(("plan",), ("plan", "--date"), ("plan", "--weeks"), ("plan", "--prescription")),
    *(("history",), ("history", "--last"), ("history", "--json"), ("screening",), ("config",)),
    *(("export", "--csv"), ("export", "--backup"), ("report", "--out"), ("restore", "--yes")),
    *(("approve", "--by"), ("lines",), ("hear", "--only", "thumps"), ("plan", "--person")),
    *(("model", "add-words"), ("model", "install", "--from"), ("doctor", "--silent", "--person")),
    *(("forget",), ("repair",), ("history", "--from"), ("rehearse", "nobody", "--scripted")),
)


class Home:
    """A home to spoil: sound files, and a diary."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = folder / "settings.toml"
        self.diary = folder / "diary" / FILE
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        places = 'diary = "diary"\ncalibration = "heels"\ncache = "cache"\n'
        self.settings.write_text(places)
        with Diary.open(folder / "diary", exclusive=True) as diary:
            for question in questions("screening"):
                diary.record(Answered(0, question.name, question.safe), MOMENT)
            for number in range(SESSIONS):
                diary.record(SessionStarted(0, "beginner", 1, 2), MOMENT)
                diary.record(RepetitionPrompted(number, 1, 1))
                diary.record(RepetitionResolved(number, 1, 1, Drop.HEARD, number, 0.5))
                diary.record(SessionEnded(number, EndReason.COMPLETED))
            diary.record(Complained(0, Complaint.SORENESS), MOMENT)
        self.sound = {"settings": (places + SETTINGS).encode(), "phrases": PHRASES.encode()}
        self.sound["prescription"] = PRESCRIPTION.encode()
        self.sound["diary"] = self._one_file()
        keep(folder / "learnt", HeelTemplate.generic(), MOMENT)
        learnt = next((folder / "learnt").iterdir())
        self.heels = learnt.name
        self.sound["heels"] = learnt.read_bytes()
        write_wav(self.scratch / "sound.wav", np.zeros(800, np.float32))
        self.sound["recording"] = (self.scratch / "sound.wav").read_bytes()
        self.sound["archive"] = _archive()
        scenario = Path(__file__).parents[2] / "voice_coach/rehearsal/scenarios"
        found = sorted(scenario.glob("*.toml"))
        self.sound["scenario"] = found[0].read_bytes() if found else f"# {shipped()[0]}\n".encode()

    def keeps_its_diary(self) -> bool:
        """Tell whether the diary is there still, under its own name or an earlier one's."""
        for file in self.diary.parent.glob("diary*.sqlite3"):
            with (
                contextlib.closing(sqlite3.connect(file)) as held,
                contextlib.suppress(sqlite3.Error),
            ):
                if held.execute("SELECT count(*) FROM sessions").fetchone()[0] >= SESSIONS:
                    return True
        return False

    def _one_file(self) -> bytes:
        source = sqlite3.connect(self.diary)
        target = sqlite3.connect(self.scratch / "one")
        source.backup(target)
        source.close()
        target.close()
        return (self.scratch / "one").read_bytes()


def _archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("vosk-model-x/am/final.mdl", b"\x00" * 64)
        archive.writestr("vosk-model-x/graph/words.txt", "a 1\n")
    return held.getvalue()


def spoilt(content: bytes, dice: random.Random) -> bytes:
    """Return `content` with something wrong in it, or nothing."""
    made = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        at = dice.randrange(len(made) + 1)
        match dice.randrange(7):
            case 0:
                del made[at:]
            case 1:
                made[at:at] = dice.choice(NASTY)
            case 2 if made:
                made[min(at, len(made) - 1)] = dice.randrange(256)
            case 3:
                end = at + dice.randrange(40)
                made[at:at] = made[at:end] * dice.choice((1, 3, 50))
            case 4:
                del made[at : at + dice.randrange(60)]
            case 5 if len(made) >= at + 8:
                made[at : at + 8] = struct.pack("<Q", dice.choice((0, 1, 2**31, 2**63 - 1)))
            case _:
                lines = bytes(made).split(b"\n")
                dice.shuffle(lines)
                made = bytearray(b"\n".join(lines))
    return bytes(made[: 1 << 21])


class _TooLong(BaseException):
    """An input took longer than anybody waits."""


@contextlib.contextmanager
def _hurried() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = {number: signal.signal(number, ring) for number in (signal.SIGALRM, signal.SIGPROF)}
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    signal.alarm(BUSY * PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def typed(*words: str, sentences: int = 1) -> str | None:
    """Run a command as if it was typed; return what was wrong with how it ended, or None.

    At most so many `sentences` may say why it was refused.
    """
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(list(words))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    said = err.getvalue()
    if code not in {0, 1, 2}:
        return f"exit code {code}"
    if "should not" in said or "Traceback" in said:
        return said.strip().splitlines()[-1][:100]
    if code == 1 and not 1 <= said.count("\n") <= sentences and not out.getvalue():
        return f"{said.count(chr(10))} lines instead of {sentences}"
    return None


def refused(work: Callable[[], object]) -> str | None:
    """Do what may be refused; return what was wrong with how it ended, or None."""
    try:
        work()
    except UserError as error:
        return None if str(error).strip() else "refused without a word"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:100]
    return None


def _tries(home: Home) -> dict[str, Callable[[bytes, random.Random], str | None]]:
    file = home.scratch / "given"
    plain = ("--settings", str(home.settings))

    def given(*words: str) -> Callable[[bytes, random.Random], str | None]:
        def attempt(content: bytes, dice: random.Random) -> str | None:
            file.write_bytes(content)
            return typed(*words, *(() if "--settings" in words else plain))

        return attempt

    def diary(content: bytes, dice: random.Random) -> str | None:
        folder = home.folder / "broken"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        (folder / FILE).write_bytes(content)
        own = home.scratch / "broken.toml"
        own.write_text(f'diary = "{folder}"\n')
        return typed(dice.choice(("history", "plan", "repair")), "--settings", str(own))

    def heels(content: bytes, dice: random.Random) -> str | None:
        folder = home.folder / "heels"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        (folder / home.heels).write_bytes(content)
        return (
            typed("doctor", "--silent", *plain) if dice.random() < 0.02 else typed("plan", *plain)
        )

    def recording(content: bytes, dice: random.Random) -> str | None:
        file.write_bytes(content)

        def read() -> None:
            for number, _ in enumerate(recording_blocks(file)):
                if number > 100:
                    return

        return refused(read)

    def scenario(content: bytes, dice: random.Random) -> str | None:
        own = home.scratch / "scenario.toml"
        own.write_bytes(content)
        return refused(lambda: Scenario.load(str(own)))

    restore = given("restore", "--yes", str(file))
    return {
        "settings": given("plan", "--settings", str(file)),
        "prescription": given("plan", "--prescription", str(file)),
        "phrases": given("hear", "--phrases", str(file), str(home.scratch / "sound.wav")),
        "diary": lambda content, dice: (diary if dice.random() < 0.6 else restore)(content, dice),
        "heels": heels,
        "recording": recording,
        "archive": given("model", "install", "--from", str(file)),
        "scenario": scenario,
    }


def _words(home: Home, dice: random.Random) -> str | None:
    command = dice.choice(COMMANDS)
    more = [dice.choice(ARGUMENTS) for _ in range(dice.randrange(4))]
    # Each of several recordings may be refused for a reason of its own.
    sentences = len(more) + 2 if "hear" in command else 1  # after "--", the settings too
    return typed(*command, *more, "--settings", str(home.settings), sentences=sentences)


def fuzz(numbers: range, seed: int, folder: Path) -> Outcome:
    """Try the wrong inputs of these numbers in a home in `folder`."""
    outcome = Outcome("wrong input: files of every kind, and what is typed")
    home = Home(folder)
    was = dict(os.environ), Path.cwd()
    os.environ |= {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    os.environ |= {
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    os.chdir(home.scratch)
    try:
        tries = _tries(home)
        for number in tqdm(numbers, unit="input", disable=None):
            dice = random.Random(f"{seed} {number}")
            kind = dice.choice((*tries, "words", "words"))
            try:
                with _hurried():
                    if kind == "words":
                        wrong = _words(home, dice)
                    else:
                        wrong = tries[kind](spoilt(home.sound[kind], dice), dice)
            except _TooLong:
                wrong = f"longer than {PATIENCE} s"
            except Exception as error:
                wrong = f"{type(error).__name__}: {error}"[:100]
            outcome.tried += 1
            if wrong is not None:
                outcome.fault(f"{kind} (seed {seed} {number}): {wrong}")
        outcome.lost = 0 if home.keeps_its_diary() else 1
    finally:
        os.chdir(was[1])
        os.environ.clear()
        os.environ.update(was[0])
    return outcome
