"""“The power went while it was writing”: whatever it wrote, nothing that was there is lost."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_killing_every_command_that_writes_at_random_moments_loses_nothing() -> None:
    command = [sys.executable, "-m", "bench.kills", "--times", "80"]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "0 of them lost anything" in ran.stdout
