"""The words of what a rehearsal prints and draws, as data: one file a language in `texts/`."""

from functools import partial
from pathlib import Path
from typing import Final

from voice_coach import texts
from voice_coach.texts import Language

TEXTS: Final = Path(__file__).with_name("texts")
"""The folder of the languages."""

load = partial(texts.load, TEXTS)
languages = partial(texts.languages, TEXTS)
missing = partial(texts.missing, TEXTS)
ENGLISH: Final = load("en")

__all__ = ["ENGLISH", "TEXTS", "Language", "languages", "load", "missing"]
