"""Reads phrase files, and says in one sentence what is wrong with one."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec
import yaml
from hassil.errors import HassilError
from hassil.expression import Sentence
from hassil.intents import IntentData, Intents
from hassil.parser import ParseError

from voice_coach.errors import UserError
from voice_coach.text_files import LARGEST, shown

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C, where PyYAML was built with it, takes a fraction of the time."""

Cost = Literal["strict", "normal", "lenient"]
"""Whether it is costly to believe a sentence wrongly, or to miss it."""


@lru_cache(maxsize=1024)
def normal(text: str) -> str:
    """Return `text` as the recogniser writes it: lower case, words and apostrophes only."""
    return " ".join(spelt(text).split())


def spelt(text: str) -> str:
    """Return the same with the gaps of `text` as they are: it may be part of a word."""
    return re.sub(r"[^\w\s'\[\]{}]", " ", text.lower().replace("’", "'"))


def read(path: Path) -> dict[str, Any]:
    """Return the content of a phrase file."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise UserError(f"{shown(path)} is not a file; name a phrase file.")
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise UserError(f"{shown(path)} is too large to be a phrase file; name another.")
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UserError(f"The phrase file {path} cannot be read: {reason}.") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 1}" if where else ""
        raise UserError(f"The phrase file {path} is not YAML{line}; please correct it.") from error
    if not isinstance(content, dict):
        raise UserError(f"The phrase file {path} holds no intents; see docs/commands.md.")
    return content


class _Block(msgspec.Struct):
    """What hassil takes for granted of the sentences of an intent."""

    sentences: list[str]
    slots: dict[str, Any] = {}
    requires_context: dict[str, Any] = {}
    excludes_context: dict[str, Any] = {}
    required_keywords: list[str] = []
    metadata: dict[str, Any] | None = None


class _Intent(msgspec.Struct):
    """The same of an intent."""

    data: list[_Block]


class _File(msgspec.Struct):
    """The same of a whole file."""

    intents: dict[str, _Intent]
    language: str = "en"
    skip_words: list[str] = []


def parse(content: Mapping[str, Any], source: str) -> Intents:
    """Return the intents of a phrase file."""
    try:
        msgspec.convert(content, _File)
        return Intents.from_dict({"language": "en", **content})
    except (HassilError, ParseError) as error:
        raise UserError(f"The phrase file {source} has a faulty template: {error}.") from error
    except RecursionError:
        raise UserError(f"The phrase file {source} is nested too deeply.") from None
    except (KeyError, TypeError, AttributeError, ValueError, AssertionError) as error:
        raise UserError(
            f"The phrase file {source} is not in hassil's format ({error}); see docs/commands.md."
        ) from error


def sentences_of(block: IntentData, source: str) -> list[Sentence]:
    """Return the templates of `block`; hassil parses them when they are asked for."""
    try:
        return block.sentences
    except RecursionError:
        why = "it is nested too deeply"
    except AssertionError:
        why = "one of its parts, or all of it, is empty"
    except (HassilError, ParseError) as error:
        why = str(error)
    raise UserError(f"The phrase file {source} has a faulty template: {why}.")


def check_costs(intents: Intents, source: str) -> None:
    """Raise UserError where the cost that sentences have of their own is none that we know."""
    for name, intent in intents.intents.items():
        for block in intent.data:
            cost = (block.metadata or {}).get("cost", "normal")
            if cost not in get_args(Cost):
                known = ", ".join(get_args(Cost))
                raise UserError(
                    f"In {source}, sentences of {name!r} have the cost {cost!r}; it must be one "
                    f"of {known}."
                )


def stop_word_of(content: Mapping[str, Any], source: str) -> str | None:
    """Return the word by which alone everything is stopped, if the file names one."""
    word = content.get("stop")
    if word is not None and (not isinstance(word, str) or len(word.split()) != 1):
        raise UserError(f"In {source}, 'stop' must be the one word by which everything is stopped.")
    return None if word is None else normal(word)


def decoys_of(content: Mapping[str, Any], source: str) -> dict[str, tuple[str, ...]]:
    """Return, for words of the sentences, what sounds like them and means nothing."""
    try:
        decoys = msgspec.convert(content.get("decoys") or {}, dict[str, list[str]])
    except msgspec.ValidationError:
        raise UserError(
            f"In {source}, `decoys` must give for each word a list of others."
        ) from None
    return {normal(word): tuple(map(normal, texts)) for word, texts in decoys.items()}
