"""The diagrams, of the coach and of the command ear, show what the tables do."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_state_diagrams_are_up_to_date() -> None:
    command = [sys.executable, "-m", "tools.draw_states", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}run python -m tools.draw_states"
