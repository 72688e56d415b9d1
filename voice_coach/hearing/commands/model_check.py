"""Whether a model can be loaded at all, tried in a process of its own.

One that lacks a file, or holds another's, may end the process that loads it without a word.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from voice_coach.errors import UserError
from voice_coach.hearing.commands.command_model import CommandModel

PATIENCE: Final = 180.0
"""Seconds that a large model may take to load on a small machine."""


def check_loads(path: Path) -> None:
    """Raise UserError where the model in `path` cannot be loaded."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(path)],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(f"The model {path.name} takes too long to load; try another.") from error
    if done.returncode:
        raise UserError(
            f"The model {path.name} cannot be loaded, and was not installed; fetch it again."
        )


if __name__ == "__main__":
    try:
        CommandModel.load(Path(sys.argv[1]))
    except UserError:
        sys.exit(1)
