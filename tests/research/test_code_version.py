"""What was kept is thrown away once the code that made it has changed."""

import ast

import pytest

from research.code_version import code_version
from research.places import ROOT

KEEPERS = ("research/heels/fit.py", "research/heels/measure.py")
"""Modules that keep something for as long as the code stays the same."""


def paths(module: str) -> set[str]:
    """Return every text in `module` that names a file or a folder of the repository."""
    texts = (
        node.value
        for node in ast.walk(ast.parse((ROOT / module).read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text for text in texts if text.startswith(("research/", "voice_coach/"))}


@pytest.mark.parametrize("module", KEEPERS)
def test_what_kept_things_depend_on_is_there(module: str) -> None:
    assert paths(module)
    code_version(*paths(module))


def test_what_is_not_there_is_told_of() -> None:
    with pytest.raises(FileNotFoundError):
        code_version("research/heels/moved_away.py")


def test_other_code_has_another_version() -> None:
    assert code_version("research/heels") != code_version("research/heels", "research/figures.py")
