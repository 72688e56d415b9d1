"""Renew the locks: ``python -m tools.lock`` writes ``requirements/*.txt``.

Each holds every version with the hashes of all its files, for the Pythons and machines that
``pyproject.toml`` names, and no address of where they come from: that is the business of whoever
installs them. Needs ``uv`` (``pip install uv``).
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "requirements"

LOCKS: Final = {
    "build.txt": ["--group", "build"],
    "run.txt": ["pyproject.toml", "--constraints", "requirements/build.txt"],
    "rehearse.txt": [
        *("pyproject.toml", "--extra", "rehearsal"),
        *("--constraints", "requirements/run.txt"),
    ],
    "home.txt": ["pyproject.toml", "--extra", "home", "--constraints", "requirements/run.txt"],
    "test.txt": [
        *("pyproject.toml", "--extra", "rehearsal", "--extra", "home", "--group", "test"),
        *("--constraints", "requirements/rehearse.txt"),
        *("--constraints", "requirements/home.txt"),
    ],
}

OPTIONS: Final = (
    "--universal",
    "--python-version=3.11",
    "--fork-strategy=fewest",
    "--generate-hashes",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
    "--custom-compile-command=python -m tools.lock",
)


def main() -> int:
    """Write every lock anew; what is locked already stays unless ``--upgrade`` is given."""
    FOLDER.mkdir(exist_ok=True)
    for name, sources in LOCKS.items():
        output = FOLDER / name
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *sys.argv[1:]]
        subprocess.run([*command, *sources, "--output-file", output], cwd=ROOT, check=True)
        if "://" in output.read_text(encoding="utf-8"):
            output.unlink()
            print(f"{name} held an address: it is deleted.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
