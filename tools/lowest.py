"""Check the lowest versions declared: ``python -m tools.lowest [options of pytest]``.

Installs, into ``.venv-lowest``, the lowest version of everything that ``pyproject.toml`` declares,
and runs the tests that need no sound server with them. Needs uv (``pip install uv``) and the lowest
Python declared: versions so old have no builds for newer ones.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
VENV: Final = ROOT / ".venv-lowest"
PYTHON: Final = "3.11"

TESTS: Final = ("programme", "coach", "diary", "speaking", "hearing", "reports", "home", "cli")


def main() -> int:
    """Install and test; return what pytest returns."""
    uv = [sys.executable, "-m", "uv"]
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    install = [*uv, "pip", "install", "--quiet", "--resolution=lowest-direct", "--group=test"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", PYTHON, VENV], check=True)
    subprocess.run([*install, "--editable", ROOT], cwd=ROOT, env=environment, check=True)
    rooms = [f"tests/{room}" for room in TESTS]
    pytest = [str(VENV / "bin" / "python"), "-m", "pytest", "--quiet", *(sys.argv[1:] or rooms)]
    return subprocess.run(pytest, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
