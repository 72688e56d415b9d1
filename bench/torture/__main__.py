"""Try the product with all that it has to bear, from a seed, and write down what came of it.

Usage: python -m bench.torture [--short | --share S] [--seed N] [--only KIND ...] [--keep FILE]
                               [--write FILE]

KIND is one of inputs, kills, devices, clocks, soak. --short takes about a minute, all of it hours.
With --keep a run that was broken off goes on where it was.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from tqdm import tqdm

from bench import kills
from bench.torture.clocks import live
from bench.torture.devices import suffer
from bench.torture.inputs import fuzz
from bench.torture.outcome import Outcome
from bench.torture.soak import soak

MEMORY: Final = Path("/dev/shm")
LONG: Final = {"inputs": 10_000, "kills": 1_000, "devices": 5_000, "clocks": 5_000, "soak": 8.0}
SHORT: Final = {"inputs": 60, "kills": 24, "devices": 100, "clocks": 14, "soak": 0.1}
PART: Final = 250
"""Trials after which what came of them is kept, and the next begin in a fresh home."""
HEAD: Final = """\
# What it bears

Written by `python -m bench.torture {how}--seed {seed} --write docs/torture.md`.
A *fault* is a traceback, more or less than one sentence, a limit that was not kept, or something
that hung; *lost* is what the diary had, or was to have, and has not. What has not been tried yet is
tried by the same command with `--keep`, which goes on where it was.

| what | tried | faults | lost | |
| --- | --- | --- | --- | --- |
"""


class Kept(msgspec.Struct):
    """What came of the trials of a seed so far."""

    seed: int
    outcomes: dict[str, Outcome] = {}


def clocks(numbers: range, seed: int, folder: Path) -> Outcome:
    """Live through the lives of these numbers with a wrong clock."""
    outcome = Outcome("lives with a clock that is wrong, judged by true time")
    sessions = asked = 0
    for number in tqdm(numbers, unit="life", disable=None):
        try:
            life = live(seed * LONG_LIVES + number, folder)
        except AssertionError as error:
            outcome.fault(f"(life {seed * LONG_LIVES + number}) {error}")
        else:
            sessions += len(life.done)
            asked += life.asked
        outcome.tried += 1
    outcome.more = {"sessions": sessions, "questions what day it is": asked}
    return outcome


LONG_LIVES: Final = 1_000_000
"""Lives of one seed at most, so that no other has the same."""


def killed(numbers: range, seed: int, folder: Path) -> Outcome:
    """Kill every command that writes."""
    outcome = Outcome("kills of every command that writes, and of sessions")
    came = kills.kill(numbers, seed, folder)
    outcome.tried, outcome.lost = len(numbers), len(came.lost)
    for lost in came.lost:
        outcome.fault(lost)
    outcome.more = {"of them in the midst of it": sum(came.midst.values())}
    return outcome


def main() -> int:
    """Try it; return 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    often = parser.add_mutually_exclusive_group()
    often.add_argument("--short", action="store_true", help="a little of each, within a minute")
    often.add_argument("--share", type=float, default=1.0, metavar="S", help="a share of it all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=LONG, default=list(LONG), metavar="KIND")
    parser.add_argument(
        "--keep", type=Path, metavar="FILE", help="go on from it, and keep it there"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table there, too")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    times = SHORT if arguments.short else {k: v * arguments.share for k, v in LONG.items()}
    kept = Kept(arguments.seed)
    if arguments.keep is not None and arguments.keep.exists():
        kept = msgspec.json.decode(arguments.keep.read_bytes(), type=Kept)
        if kept.seed != arguments.seed:
            parser.error(f"{arguments.keep} is of seed {kept.seed}")
    for kind in arguments.only:
        while _go_on(kind, times[kind], kept):
            if arguments.keep is not None:
                arguments.keep.write_bytes(msgspec.json.encode(kept))
    came = [kept.outcomes[kind] for kind in LONG if kind in kept.outcomes]
    how = "--short " if arguments.short else f"--share {arguments.share:g} "
    if arguments.keep is not None:
        how = "--keep FILE "
    table = (
        HEAD.format(how=how, seed=arguments.seed)
        + "\n".join(kept.outcomes[kind].row(LONG[kind]) for kind in LONG if kind in kept.outcomes)
        + "\n"
    )
    print(table)
    for outcome in came:
        for fault, number in outcome.faults.items():
            print(f"{outcome.what}: {number} x {fault}", file=sys.stderr)
    if arguments.write is not None:
        arguments.write.write_text(table, encoding="utf-8")
    return 0 if all(outcome.is_well for outcome in came) else 1


def _go_on(kind: str, times: float, kept: Kept) -> bool:
    """Try a part of what has not been tried of `kind`; return False where nothing is left."""
    before = kept.outcomes[kind].tried if kind in kept.outcomes else 0
    if before >= times or (before and kind == "soak"):
        return False
    part = _tried(kind, times, range(before, min(before + PART, round(times))), kept.seed)
    kept.outcomes.setdefault(kind, Outcome(part.what)).add(part)
    return True


def _tried(kind: str, times: float, numbers: range, seed: int) -> Outcome:
    tries: dict[str, Callable[[Path], Outcome]] = {
        "inputs": lambda folder: fuzz(numbers, seed, folder),
        "kills": lambda folder: killed(numbers, seed, folder),
        "devices": lambda folder: suffer(numbers, seed),
        "clocks": lambda folder: clocks(numbers, seed, folder),
        "soak": lambda folder: soak(times, seed, folder),
    }
    memory = MEMORY if MEMORY.is_dir() and kind != "kills" else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        return tries[kind](Path(folder))


if __name__ == "__main__":
    sys.exit(main())
