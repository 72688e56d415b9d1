"""Draw the life of the coach, docs/states.md, and of the command ear, docs/listening.md.

Usage: python -m tools.draw_states [--check]

With ``--check`` it writes nothing and says whether both are up to date, by its exit code.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

from tools import draw_listening
from voice_coach.coach.states import Intent, State
from voice_coach.coach.table import TABLE
from voice_coach.coach.transitions import COLUMNS, Column

DOCS = Path(__file__).resolve().parent.parent / "docs"

HEAD = """\
# What the coach does in every state

Drawn from `voice_coach/coach/table.py` by `tools/draw_states.py`; do not edit by hand.
Events that leave the coach in its state are left out of the picture and kept in the table.
“Stop”, “pause” and a lost sound card have arrows of their own from every state within a
session; they are listed below the picture instead of drawn.

"""

EVERYWHERE: tuple[Column, ...] = (Intent.STOP, Intent.PAUSE)


def name(column: Column) -> str:
    """Return what the diagram calls an event."""
    if isinstance(column, Intent):
        return f"“{column.replace('_', ' ')}”"
    return re.sub(r"(?<!^)(?=[A-Z])", " ", column.__name__).lower()


def node(state: State) -> str:
    """Return the identifier of a state in the diagram."""
    return state.replace(" ", "_")


def diagram() -> str:
    """Return the diagram in the mermaid language."""
    arrows: dict[tuple[State, State], list[str]] = defaultdict(list)
    for state, row in TABLE.items():
        for column in COLUMNS:
            if column in EVERYWHERE or name(column) == "sound lost":
                continue
            for target in State:
                if target in row[column].targets and target is not state:
                    arrows[state, target].append(name(column))
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {node(state)}: {state}" for state in State]
    lines += ["    [*] --> asleep"]
    lines += [
        f"    {node(source)} --> {node(target)}: {', '.join(events)}"
        for (source, target), events in arrows.items()
    ]
    return "\n".join([*lines, "```", ""])


def table() -> str:
    """Return every entry that does something, as a table."""
    lines = ["| state | event | does | leads to |", "| --- | --- | --- | --- |"]
    for state, row in TABLE.items():
        for column in COLUMNS:
            entry = row[column]
            if entry.handler.__name__ in {"keep", "plans_made"}:
                continue
            targets = ", ".join(target for target in State if target in entry.targets)
            summary = (entry.handler.__doc__ or "").splitlines()[0].rstrip(".")
            lines.append(f"| {state} | {name(column)} | {summary} | {targets} |")
    return "\n".join([*lines, ""])


def page() -> str:
    """Return the whole page."""
    return f"{HEAD}{diagram()}\n## Every entry\n\nWhat is not listed is ignored.\n\n{table()}"


PAGES: Mapping[Path, Callable[[], str]] = {
    DOCS / "states.md": page,
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
