"""The picture of the command ear's life, drawn from its table for docs/listening.md."""

import ast
from collections import defaultdict
from enum import StrEnum
from pathlib import Path

from voice_coach.hearing.commands import listening_states
from voice_coach.hearing.commands.listening_states import TABLE, Noticed, State

HEAD = """\
# The life of the command ear

Drawn from `voice_coach/hearing/commands/listening_states.py` by `tools/draw_states.py`; do not
edit by hand. What leaves the ear in its state is left out of the picture and kept in the table.

"""


def spoken(name: StrEnum) -> str:
    """Return what the page calls a state, or something noticed."""
    return name.replace("_", " ")


def diagram() -> str:
    """Return the ear's life in the mermaid language."""
    arrows: dict[tuple[State, State], list[str]] = defaultdict(list)
    for state, row in TABLE.items():
        for noticed, entry in row.items():
            if entry.to is not state:
                arrows[state, entry.to].append(spoken(noticed))
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR"]
    lines += [f"    {state.name}: {state}" for state in State]
    lines += [f"    [*] --> {State.QUIET.name}"]
    lines += [
        f"    {source.name} --> {target.name}: {', '.join(noticed)}"
        for (source, target), noticed in arrows.items()
    ]
    return "\n".join([*lines, "```", ""])


def meanings(names: type[StrEnum]) -> str:
    """Return what each of `names` means, as it is written below each in the module."""
    module = ast.parse(Path(listening_states.__file__).read_text(encoding="utf-8"))
    classes = {node.name: node.body for node in module.body if isinstance(node, ast.ClassDef)}
    written = [node.value for node in classes[names.__name__][1:] if isinstance(node, ast.Expr)]
    texts = [" ".join(str(ast.literal_eval(text)).split()) for text in written]
    pairs = zip(names, texts, strict=True)
    return "\n".join(f"- **{spoken(name)}**: {text}" for name, text in pairs)


def table() -> str:
    """Return every entry of the ear's table, with its reason."""
    lines = ["| state | noticed | leads to | because |", "| --- | --- | --- | --- |"]
    for state, row in TABLE.items():
        for noticed, entry in row.items():
            lines.append(f"| {state} | {spoken(noticed)} | {entry.to} | {entry.reason} |")
    return "\n".join([*lines, ""])


def page() -> str:
    """Return the whole page."""
    return (
        f"{HEAD}{diagram()}\n"
        f"## The states\n\n{meanings(State)}\n\n"
        f"## What is noticed\n\n{meanings(Noticed)}\n\n"
        f"## Every entry\n\nWhat is not listed cannot be noticed there.\n\n{table()}"
    )
