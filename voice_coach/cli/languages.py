"""``voice-coach languages``: which languages there are, and what each of them lacks."""

import argparse
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

from voice_coach.errors import UserError
from voice_coach.hearing.commands.phrasebook import PHRASES
from voice_coach.home.settings import Settings
from voice_coach.reports import words
from voice_coach.speaking import script

_Part: TypeAlias = tuple[str, Callable[[], tuple[str, ...]], Callable[[str], tuple[str, ...]]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "language", nargs="?", metavar="LANGUAGE", help="list what this one lacks, such as de"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print what there is; return 1 where the language that is asked about lacks anything."""
    parts = _parts()
    known = sorted({language for _, there, _ in parts for language in there()})
    asked = arguments.language
    if asked is None:
        for language in known:
            states = [f"{name}: {_state(part, language)}" for part in parts for name in part[:1]]
            print(f"{language}  {'; '.join(states)}")
        return 0
    if asked not in known:
        raise UserError(f"There is nothing in {asked!r} yet; there are: {', '.join(known)}.")
    lacks = False
    for part in parts:
        name, there, missing = part
        gaps: Sequence[str] = missing(asked) if asked in there() else ["everything"]
        lacks = lacks or bool(gaps)
        print(f"{name}: {_state(part, asked)}")
        for gap in gaps:
            print(f"  {gap}")
    return 1 if lacks else 0


def _state(part: _Part, language: str) -> str:
    _, there, missing = part
    if language not in there():
        return "nothing"
    gaps = missing(language)
    return f"{len(gaps)} missing" if gaps else "complete"


def _parts() -> list[_Part]:
    """Return what a language consists of: its name, which languages have it, what one lacks."""
    parts: list[_Part] = [
        ("understood", _understood, _unheard),
        ("spoken", script.languages, script.missing),
        ("reports", words.languages, words.missing),
    ]
    # Both need what is installed apart.
    with suppress(ImportError):
        from voice_coach.rehearsal import words as rehearsed  # noqa: PLC0415

        parts.append(("rehearsals", rehearsed.languages, rehearsed.missing))
    with suppress(ImportError):
        from voice_coach.website import texts  # noqa: PLC0415

        parts.append(("page", texts.languages, texts.missing))
    return parts


def _understood() -> tuple[str, ...]:
    return tuple(sorted(file.parent.name for file in PHRASES.glob("*/phrases.yaml")))


def _unheard(language: str) -> tuple[str, ...]:
    return () if (PHRASES / language / "stop.npz").is_file() else ("stop.npz",)
