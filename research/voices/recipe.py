"""What the natural voices are made of, and what they say."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from research.places import ROOT
from voice_coach.speaking import Script

AUDIO: Final = ROOT / "audio"
_FOLDER = Path(__file__).parent
ENGINE: Final = "Kokoro-82M v1.0, 8 bit"
LICENCE: Final = "Apache-2.0"
_VERSION: Final = 1
"""Raised when the engine says the same text otherwise than before."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a voice is rendered: by which of the engine's voices, and how slowly."""

    name: str
    language: str
    engine_voice: str
    speed: float

    def fingerprint(self, text: str) -> str:
        """Return what changes whenever `text` has to be rendered again."""
        parts = (_VERSION, ENGINE, self.engine_voice, self.speed, spelling(text))
        return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


VOICES: Final = (
    Recipe("emma", "en", "bf_emma", 0.77),
    Recipe("fable", "en", "bm_fable", 0.77),
)
"""One woman and one man: the best of their kind in `choose.py`. The first is the default."""


def lines(language: str) -> tuple[str, ...]:
    """Return every line that needs to know nobody's name, in the order of the script."""
    return Script.load(language).every_line()


def lines_with_names(language: str, names: int | None = None) -> Iterator[str]:
    """Yield the lines with somebody's name in them, for the first `names` of all known, or all."""
    anonymous = set(lines(language))
    known = first_names()[:names]
    for line in Script.load(language, people=known).every_line():
        if line not in anonymous:
            yield line


def first_names() -> list[str]:
    """Return the first names that are rendered, the commonest first."""
    text = (_FOLDER / "names.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def spelling(text: str) -> str:
    """Return what the engine is given for `text`, word for word."""
    return " ".join(_spellings().get(word, word) for word in text.split(" "))


def _spellings() -> dict[str, str]:
    path = _FOLDER / "spellings.toml"
    spellings: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return spellings
