"""“It had to bear a lot”: a little of all that it bears, in a minute; the whole takes hours."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_little_of_everything_breaks_nothing_and_loses_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.torture", "--short", "--seed", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 5
    assert all(" | 0 | 0 | " in row for row in rows)
