"""Draw the life of the coach, docs/states.md, and of the command ear, docs/listening.md.

Usage: python -m tools.draw_states [--check]

With ``--check`` it writes nothing and says whether both are up to date, by its exit code.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tools import draw_coach, draw_listening

DOCS = Path(__file__).resolve().parent.parent / "docs"

PAGES: Mapping[Path, Callable[[], str]] = {
    DOCS / "states.md": draw_coach.page,
    DOCS / "listening.md": draw_listening.page,
}
"""What is drawn, and where to."""


def main() -> int:
    """Write the pages, or say whether they are up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    arguments = parser.parse_args()
    outdated = False
    for path, draw in PAGES.items():
        if not arguments.check:
            path.write_text(draw(), encoding="utf-8")
            print(path)
            continue
        current = path.is_file() and path.read_text(encoding="utf-8") == draw()
        print(f"{path.name} is {'up to date' if current else 'out of date'}")
        outdated = outdated or not current
    return int(outdated)


if __name__ == "__main__":
    sys.exit(main())
