"""Draw mutants, test them, and write the report."""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.mutation.mutants import Mutant, mutants, one_line

ROOT: Final = Path(__file__).resolve().parents[2]
REPORT: Final = ROOT / "docs" / "mutation.md"
EXPLAINED: Final = Path(__file__).with_name("survivors.toml")

ROOMS: Final = {"programme": 90, "coach": 90}
"""Mutants drawn in each room: about ten minutes on two cores."""

_WORDS: Final = "tests/speaking/test_coach_and_script.py"

NEIGHBOURS: Final = {
    "programme": (
        f"{_WORDS}::test_every_question_and_every_answer_has_words",
        f"{_WORDS}::test_every_refusal_and_every_mode_has_words",
    ),
    "coach": ("tests/home/test_phrases.py",),
}
"""Tests that hold a room to the words of other rooms."""

LAST: Final = ("test_diagram", "test_invariants", "test_limits", "test_sayings")
"""Tests that take seconds, and find what the quick ones before them have not found."""

SEED: Final = 1

PATIENCE: Final = 150
"""Seconds of processor time after which a mutant is taken for an endless loop, and as killed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant: whether a test failed, or nothing came to an end."""

    room: str
    mutant: Mutant
    killed: bool


def main() -> int:
    """Test the mutants that are drawn; return 1 when one survives without an explanation."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__)
    parser.add_argument("--room", choices=ROOMS, action="append", help="only this room")
    parser.add_argument("--seed", type=int, default=SEED, help="which mutants are drawn")
    parser.add_argument("--count", type=int, help="how many are drawn in each room")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--print", action="store_true", help="print the report instead of writing the file"
    )
    arguments = parser.parse_args()
    rooms = arguments.room or list(ROOMS)
    drawn = {room: draw(room, arguments.count or ROOMS[room], arguments.seed) for room in rooms}
    for room in rooms:
        if not passes(room, None):
            print(f"The tests of {room} fail without any change.", file=sys.stderr)
            return 1
    with ThreadPoolExecutor(arguments.jobs) as pool:
        jobs = [(room, mutant) for room in rooms for mutant in drawn[room]]
        results = list(pool.map(tested, jobs))
    known = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["explained"]
    explained = {each["mutant"].strip(): each["because"] for each in known}
    text = report(results, explained, {room: len(every(room)) for room in rooms}, arguments.seed)
    if arguments.print:
        print(text)
    else:
        REPORT.write_text(text, encoding="utf-8")
    left = [each for each in results if not each.killed and each.mutant.key not in explained]
    for each in left:
        print(f"{each.mutant.path}:{each.mutant.line} {each.mutant.key}", file=sys.stderr)
    return 1 if left else 0


def tested(job: tuple[str, Mutant]) -> Result:
    """Return what became of one mutant, and say so."""
    result = Result(*job, killed=not passes(*job))
    print("killed  " if result.killed else "survived", result.mutant.key, file=sys.stderr)
    return result


def every(room: str) -> list[Mutant]:
    """Return every mutant of `room`."""
    package = ROOT / "voice_coach" / room
    found = []
    for path in sorted(package.rglob("*.py")):
        if path.name != "__init__.py":
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found += mutants(path, module)
    return found


def draw(room: str, count: int, seed: int) -> list[Mutant]:
    """Return `count` mutants of `room`, the same ones for the same `seed`."""
    all_of_them = every(room)
    return random.Random(seed).sample(all_of_them, min(count, len(all_of_them)))


def passes(room: str, mutant: Mutant | None) -> bool:
    """Return whether the tests of `room` pass with `mutant` in the place of its module."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        # What hypothesis finds out about a mutant is of no use to the real thing.
        environment = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": name}
        if mutant is not None:
            # Python imports a module of this name before anything else, in every process.
            (folder / "sitecustomize.py").write_text("import tools.mutation.hook\n")
            source = folder / "mutant.py"
            source.write_text(mutant.source, encoding="utf-8")
            environment |= {"MUTANT_MODULE": mutant.module, "MUTANT_SOURCE": str(source)}
            paths.insert(0, name)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-x", "-q"]
        command += ["--hypothesis-seed=0", *tests(room, mutant)]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as running:
            # Time of the processor, so that a busy machine kills no mutant.
            resource.prlimit(running.pid, resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
            return running.wait() == 0


def tests(room: str, mutant: Mutant | None) -> list[str]:
    """Return the test files of `room`, the one named after the module first."""
    files = sorted((ROOT / "tests" / room).glob("test_*.py"))
    name = "" if mutant is None else mutant.path.stem
    files.sort(key=lambda file: (file.stem in LAST, file.stem != f"test_{name}"))
    names = [str(file.relative_to(ROOT)) for file in files]
    return [*names, *NEIGHBOURS[room]]


def report(
    results: Sequence[Result], explained: dict[str, str], sizes: dict[str, int], seed: int
) -> str:
    """Return the report in Markdown."""
    lines = [
        "# Whether the tests notice a changed rule",
        "",
        "Written by `python -m tools.mutation`; do not edit by hand. Each mutant is one small",
        "change to a module: another operator, another constant, a statement left out. The room's",
        "own tests run against it, and those that hold it to the words of its neighbours; it is",
        "killed when one of them fails. Why a survivor may live stands in",
        "`tools/mutation/survivors.toml`; one without a reason makes the command fail.",
        "",
        f"Drawn with seed {seed}.",
        "",
        "| room | mutants there are | drawn | killed | survived |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for room, size in sizes.items():
        of_room = [each for each in results if each.room == room]
        killed = sum(each.killed for each in of_room)
        lines.append(f"| {room} | {size} | {len(of_room)} | {killed} | {len(of_room) - killed} |")
    lines += ["", "## Survivors", ""]
    survivors = [each.mutant for each in results if not each.killed]
    for mutant in sorted(survivors, key=lambda mutant: (mutant.module, mutant.line)):
        lines += [
            f"- `{mutant.module}`, {mutant.where or 'top'}, in `{mutant.text}`: "
            f"`{one_line(mutant.before)}` becomes `{one_line(mutant.after)}`.",
            f"  {explained.get(mutant.key, 'Not explained.')}",
        ]
    if not survivors:
        lines.append("None.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
