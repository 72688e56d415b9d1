"""Check the lowest versions declared: ``python -m tools.lowest [options of pytest]``.

Installs, into ``.venv-lowest``, the lowest version of everything that ``pyproject.toml`` declares,
and runs the tests that need no sound server with them. Needs uv (``pip install uv``) and the lowest
Python declared: versions so old have no builds for newer ones.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
VENV: Final = ROOT / ".venv-lowest"
PYTHON: Final = "3.11"

TESTS: Final = (
    *("programme", "coach", "diary", "speaking", "hearing", "reports", "home", "cli"),
    *("intercom", "website", "mqtt"),
)


def main() -> int:
    """Install and test; return what pytest returns."""
    uv = [sys.executable, "-m", "uv"]
    python = str(VENV / "bin" / "python")
    subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", PYTHON, VENV], check=True)
    # Named outright: uv would take the environment that it runs in itself.
    install = [*uv, "pip", "install", "--quiet", "--python", python, "--resolution=lowest-direct"]
    subprocess.run(
        [*install, "--group=test", "--editable", f"{ROOT}[rehearsal,home]"], cwd=ROOT, check=True
    )
    rooms = [f"tests/{room}" for room in TESTS]
    pytest = [python, "-m", "pytest", "--quiet", "-n", "auto", *(sys.argv[1:] or rooms)]
    return subprocess.run(pytest, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
