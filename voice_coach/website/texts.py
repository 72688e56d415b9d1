"""The words of the page, as data: one file a language in `texts/`, English where one has none."""

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

__all__ = ["TEXTS", "Language", "languages", "load", "missing"]
