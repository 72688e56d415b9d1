"""Measured figures in files: JSON with one figure a line, so that a change shows what it changed.

A figure is a group of values that holds no other group (how often something was said, heard and
missed); it takes one line. Groups of groups are opened, and so is a list beside groups.
"""

import json
from pathlib import Path
from typing import Any, TypeAlias

Figures: TypeAlias = dict[str, Any]
"""Figures by name: numbers, texts, lists, or figures again."""

MARK = "<!-- measured -->"
"""What follows it in a page is written by a command."""
DIGITS = 6
"""Significant digits of what is written: more than any measurement has."""


def write(path: Path, figures: Figures) -> None:
    """Write `figures` into `path`, in their order, floats rounded to `DIGITS` digits."""
    path.write_text(in_lines(_rounded(figures)), encoding="utf-8")


def read(path: Path) -> Figures:
    """Return the figures in `path`."""
    found: Figures = json.loads(path.read_text("utf-8"))
    return found


def write_page(folder: Path, name: str, found: Figures, text: str) -> None:
    """Write what was `found` into ``NAME.json`` of `folder`, and `text` into the page ``NAME.md``.

    What stands in the page before :data:`MARK` is written by hand, and kept.
    """
    write(folder / f"{name}.json", found)
    page = folder / f"{name}.md"
    by_hand = page.read_text("utf-8").split(MARK)[0] if page.exists() else ""
    page.write_text(f"{by_hand}{MARK}\n{text}", "utf-8")


def in_lines(figures: Figures) -> str:
    """Return `figures` as JSON, one figure a line."""
    return _text(figures, "") + "\n"


def _text(value: Any, indent: str) -> str:
    if isinstance(value, list) and value:
        lines = [_json(one) for one in value]
    elif isinstance(value, dict) and any(isinstance(one, dict) for one in value.values()):
        lines = [f"{_json(name)}: {_text(one, indent + ' ')}" for name, one in value.items()]
    else:
        return _json(value)
    opening, closing = "[]" if isinstance(value, list) else "{}"
    between = f",\n {indent}"
    return f"{opening}\n {indent}{between.join(lines)}\n{indent}{closing}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
