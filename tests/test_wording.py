"""Nothing that a person may read promises more than "may help", or calls itself a diagnosis."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROMISE = re.compile(
    r"\b(treats?|treating|treatment|prevents?|preventing|revers(es?|ing)|cures?|heals?|"
    r"strengthens?|guarantees?|proven|diagnos(e|es|ing))\b",
    re.IGNORECASE,
)

READ = sorted(
    found
    for pattern in (
        "README.md",
        "docs/*.toml",
        "docs/*.json",
        "voice_coach/**/*.toml",
        "voice_coach/**/*.yaml",
    )
    for found in ROOT.glob(pattern)
)
CODE = sorted(ROOT.glob("voice_coach/**/*.py"))


def strings(path: Path) -> Iterator[str]:
    """Yield the texts in `path` that a program may show: all strings but docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documented
        ):
            yield node.value


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_no_file_promises_anything(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if PROMISE.search(line)] == []


def test_no_program_does() -> None:
    said = [(path.name, text) for path in CODE for text in strings(path)]
    assert len(said) > 1000
    assert [found for found in said if PROMISE.search(found[1])] == []


@pytest.mark.parametrize(
    "text", ["It prevents fractures.", "Reverses osteoporosis", "this treats bone loss"]
)
def test_a_promise_is_found(text: str) -> None:
    assert PROMISE.search(text)
