"""Reads phrase files, and says in one sentence what is wrong with one."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml
from hassil.errors import HassilError
from hassil.intents import Intents
from hassil.parser import ParseError

from voice_coach.errors import UserError

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C, where PyYAML was built with it, takes a fraction of the time."""

Cost = Literal["strict", "normal", "lenient"]
"""Whether it is costly to believe a sentence wrongly, or to miss it."""


@lru_cache(maxsize=1024)
def normal(text: str) -> str:
    """Return `text` as the recogniser writes it: lower case, words and apostrophes only."""
    text = text.lower().replace("’", "'")
    return " ".join(re.sub(r"[^\w\s'\[\]{}]", " ", text).split())


def read(path: Path) -> dict[str, Any]:
    """Return the content of a phrase file."""
    try:
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


def parse(content: Mapping[str, Any], source: str) -> Intents:
    """Return the intents of a phrase file."""
    try:
        return Intents.from_dict({"language": "en", **_without_empty_lists(content)})
    except (HassilError, ParseError) as error:
        raise UserError(f"The phrase file {source} has a faulty template: {error}.") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UserError(
            f"The phrase file {source} is not in hassil's format ({error!r}); see docs/commands.md."
        ) from error


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


def _without_empty_lists(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `content` without the sentences that name a list in which there is nothing."""
    lists = content.get("lists") or {}
    empty = [f"{{{name}}}" for name, entry in lists.items() if entry.get("values") == []]
    if not empty:
        return content
    return {
        **content,
        "lists": {name: entry for name, entry in lists.items() if entry.get("values") != []},
        "intents": {
            name: {
                **intent,
                "data": [
                    {
                        **block,
                        "sentences": [
                            sentence
                            for sentence in block["sentences"]
                            if not any(each in sentence for each in empty)
                        ],
                    }
                    for block in intent["data"]
                ],
            }
            for name, intent in content["intents"].items()
        },
    }


def stop_word_of(content: Mapping[str, Any], source: str) -> str | None:
    """Return the word by which alone everything is stopped, if the file names one."""
    word = content.get("stop")
    if word is not None and (not isinstance(word, str) or len(word.split()) != 1):
        raise UserError(f"In {source}, 'stop' must be the one word by which everything is stopped.")
    return None if word is None else normal(word)


def decoys_of(content: Mapping[str, Any], source: str) -> dict[str, tuple[str, ...]]:
    """Return, for words of the sentences, what sounds like them and means nothing."""
    decoys = content.get("decoys") or {}
    if not isinstance(decoys, dict) or not all(isinstance(each, list) for each in decoys.values()):
        raise UserError(f"In {source}, `decoys` must give for each word a list of others.")
    return {normal(word): tuple(map(normal, texts)) for word, texts in decoys.items()}
