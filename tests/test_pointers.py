"""Whatever a page, a docstring or a settings file names of this repository is there."""

import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
ROOMS = ("voice_coach", "bench", "research", "tools", "docs", "models", "audio", "scripts")
SUFFIXES = {".md", ".py", ".toml", ".yaml"}

MODULE = re.compile(r"python -m ((?:bench|research|tools)[.\w]*\w)")
FILE = re.compile(
    rf"(?<![\w./~-])(?:tests|{'|'.join(ROOMS)})/[\w/-]+\.(?:py|toml|yaml|md|json|svg|png|npz)\b"
)


def pages() -> Iterator[Path]:
    """Yield whatever may name something; the tests may make up names, the past keeps its own."""
    yield from (path for path in REPOSITORY.glob("*.md") if path.name != "CHANGELOG.md")
    for room in ROOMS:
        yield from (
            path for path in sorted((REPOSITORY / room).rglob("*")) if path.suffix in SUFFIXES
        )


def is_there(pointer: str) -> bool:
    package = REPOSITORY / pointer.removesuffix(".py") / "__main__.py"
    return (REPOSITORY / pointer).exists() or package.exists()


def test_whatever_is_named_is_there() -> None:
    named = {
        (page.relative_to(REPOSITORY).as_posix(), pointer)
        for page in pages()
        for text in (page.read_text("utf-8"),)
        for pointer in (
            *(f"{module.replace('.', '/')}.py" for module in MODULE.findall(text)),
            *FILE.findall(text),
        )
    }
    assert len(named) > 50
    assert [(page, pointer) for page, pointer in sorted(named) if not is_there(pointer)] == []
