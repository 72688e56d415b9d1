"""The files of a script: what stands in them, and what their shorthand means."""

import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from voice_coach.errors import UserError

T = TypeVar("T")


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `cues.toml`."""

    tone: str
    slots: dict[str, str | list[str | int]] = {}


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line that depends on the value of one slot."""

    by: str
    is_: dict[str, str] = msgspec.field(name="is")
    other: str | None = None


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of `scripts/`."""

    language: str
    voice: str
    numbers: str
    cues: dict[str, list[str | Choice]]
    natural: str | None = None


def fields(line: str | Choice) -> list[str]:
    """Return the names of the slots that `line` uses, each once."""
    if isinstance(line, Choice):
        templates = [*line.is_.values(), *([line.other] if line.other is not None else [])]
        return list(
            dict.fromkeys([line.by, *(slot for text in templates for slot in fields(text))])
        )
    return list(
        dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(line) if name is not None)
    )


def values_of(
    spec: str | Sequence[str | int], cue: str, own: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Return the values of a slot as text: a list, a range such as `10..180 by 5`, or `own`."""
    if not isinstance(spec, str):
        return tuple(str(value) for value in spec)
    if spec in own:
        return tuple(own[spec])
    bounds, _, step = spec.partition(" by ")
    first, _, last = bounds.partition("..")
    try:
        return tuple(str(n) for n in range(int(first), int(last) + 1, int(step or 1)))
    except ValueError as error:
        raise UserError(
            f"cues.toml, cue {cue!r}: {spec!r} is not a range such as 1..30."
        ) from error


def read(path: Path) -> dict[str, Any]:
    """Return the tables in a file; UserError where it cannot be read."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise UserError(f"The script file {path} cannot be read: {error}.") from error


def convert(table: Mapping[str, Any], into: type[T], name: str) -> T:
    """Return `table` as what it is to be; UserError, which names it, where it is not."""
    try:
        return msgspec.convert(table, into)
    except msgspec.ValidationError as error:
        raise UserError(f"The script {name} is not in order: {error}.") from error
