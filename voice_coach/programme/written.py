"""Files that people write by hand: TOML into typed values, mistakes into one sentence.

The sentence names the file, the line, the field and the remedy, which is the description that
the field's annotation carries: ``Annotated[int, Meta(ge=1, description="a number from 1")]``.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec

from voice_coach.errors import UserError
from voice_coach.programme.tempo import spelt_out

T = TypeVar("T", bound=msgspec.Struct)


def decode(text: str, file: str, kind: type[T]) -> T:
    """Return `text` as a `kind`; raise UserError naming `file` and the line of a mistake."""
    try:
        content = tomllib.loads(f"{text}\n")
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rstrip(")").partition(" (at ")
        raise UserError(
            f"{file}, {where}: {what[:1].lower()}{what[1:]}; "
            'each line is written name = "text" or name = 5.'
        ) from error
    try:
        return msgspec.convert(spelt_out(content), kind, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise UserError(_sentence(text, file, kind, str(error))) from error


def mistake(text: str, file: str, key: str, what: str) -> UserError:
    """Return the error for a value that is well formed and yet wrong, at `key` of `text`."""
    return UserError(f"{file}{_line(text, key)}: {key}: {what}.")


def _path(expected: type[Any], value: Any) -> Any:
    if expected is Path and isinstance(value, str) and value:
        return Path(value)
    raise ValueError("not a path")


def _sentence(text: str, file: str, kind: type[msgspec.Struct], message: str) -> str:
    remedies = {
        name: hint.__metadata__[0].description
        for name, hint in get_type_hints(kind, include_extras=True).items()
    }
    unknown = re.search(r"unknown field `(.+)`", message)
    if unknown:
        name = unknown[1]
        known = ", ".join(remedies)
        return f"{file}{_line(text, name)}: unknown key '{name}'; choose from: {known}."
    missing = re.search(r"missing required field `(.+)`", message)
    if missing:
        return f"{file}: {missing[1]} is missing; add {remedies[missing[1]]}."
    where = re.search(r"at `\$\.(\w+)", message)
    name = where[1] if where else ""
    return f"{file}{_line(text, name)}: {name} must be {remedies[name]}."


def _line(text: str, key: str) -> str:
    """Return ``, line N`` for the line that sets `key`, or nothing where it is not found."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return f", line {number}"
    return ""
