"""Mutants are small, parse, and are what a test run really sees."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.mutation.__main__ import ROOT, draw, every
from tools.mutation.mutants import mutants

MODULE = '''\
"""A docstring of 5 words."""

LIMIT: int = 3


def allowed(count: int, name: str = "x") -> bool:
    """Tell whether 4 is less than 5."""
    if count < LIMIT and not name:
        raise ValueError("2 < 3")
    names.append(name)
    return count in {1} or count - 1 == 0
'''


def test_every_change_is_one_small_one_to_what_is_done(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(MODULE, encoding="utf-8")
    made = mutants(file, "module")
    assert [(mutant.before, mutant.after) for mutant in made] == [
        ("3", "4"),
        ('"x"', "'x?'"),
        ("count < LIMIT and not name", "(count < LIMIT or not name)"),
        ("count < LIMIT", "count <= LIMIT"),
        ("not name", "(name)"),
        ("names.append(name)", "pass"),
        ("return count in {1} or count - 1 == 0", "return None"),
        ("count in {1} or count - 1 == 0", "(count in {1} and count - 1 == 0)"),
        ("count in {1}", "count not in {1}"),
        ("1", "2"),
        ("count - 1", "(count + 1)"),
        ("count - 1 == 0", "count - 1 != 0"),
        ("1", "2"),
        ("0", "1"),
    ]
    assert len({mutant.source for mutant in made}) == len(made)
    assert [mutant.where for mutant in made] == ["", *["allowed"] * 13]


@pytest.mark.parametrize("room", ["programme", "coach"])
def test_mutants_of_the_product_are_python(room: str) -> None:
    for mutant in every(room):
        ast.parse(mutant.source)


def test_the_same_seed_draws_the_same_mutants() -> None:
    assert draw("programme", 5, seed=3) == draw("programme", 5, seed=3)
    assert draw("programme", 5, seed=3) != draw("programme", 5, seed=4)


def test_a_run_sees_the_mutant_and_the_file_stays_as_it_is(tmp_path: Path) -> None:
    file = ROOT / "voice_coach" / "programme" / "weekdays.py"
    before = file.read_bytes()
    source = tmp_path / "weekdays.py"
    source.write_text("WEEK = ('someday',)\n", encoding="utf-8")
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import tools.mutation.hook; from voice_coach.programme import weekdays as w; "
            "print(w.WEEK, w.__file__)",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "MUTANT_MODULE": "voice_coach.programme.weekdays",
            "MUTANT_SOURCE": str(source),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.split() == ["('someday',)", str(file)]
    assert file.read_bytes() == before
