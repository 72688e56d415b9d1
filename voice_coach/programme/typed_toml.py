"""Files that people write by hand: TOML into typed values, mistakes into one sentence.

The sentence names the file, the line, the field and the remedy, which is the description that
the field's annotation carries: ``Annotated[int, Meta(ge=1, description="a number from 1")]``.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

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
    except (RecursionError, ValueError) as error:
        raise UserError(
            f"{file}: something in it is nested too deeply, or is too large a number; "
            "write it shorter."
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
    path = re.findall(r"[.\[](\w+|\.\.\.)", message.rpartition(" - at `$")[2])
    remedies, name, wanted = _remedy(kind, path)
    unknown = re.search(r"unknown field `(.+?)`", message)
    if unknown:
        key, known = unknown[1], ", ".join(remedies)
        return f"{file}{_line(text, key)}: unknown key '{key}'; choose from: {known}."
    missing = re.search(r"missing required field `(.+?)`", message)
    if missing:
        return f"{file}: {missing[1]} is missing; add {remedies[missing[1]]}."
    return f"{file}{_line(text, name)}: {name} must be {wanted}."


def _remedy(kind: Any, path: Sequence[str]) -> tuple[dict[str, str], str, str]:
    """Follow `path` from `kind` down to a value.

    Return the remedies of the innermost table, the name of the value, and its own remedy.
    """
    remedies, name, wanted = _remedies(kind), "", ""
    for step in path:
        hints = _hints(kind)
        if step in hints:
            kind, name, wanted = hints[step], step, remedies[step]
        else:
            kind = _within(kind)
        inner = _remedies(kind)
        if inner:
            remedies = inner
    return remedies, name, wanted


def _hints(kind: Any) -> dict[str, Any]:
    """Return the fields of a table, where `kind` is one or may be one."""
    for each in (kind, *get_args(kind)):
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            return get_type_hints(each, include_extras=True)
        if get_origin(each) is Annotated and _hints(get_args(each)[0]):
            return _hints(get_args(each)[0])
    return {}


def _remedies(kind: Any) -> dict[str, str]:
    return {name: hint.__metadata__[0].description for name, hint in _hints(kind).items()}


def _within(kind: Any) -> Any:
    """Return what a list or a table of free names holds."""
    if get_origin(kind) is Annotated:
        return _within(get_args(kind)[0])
    return get_args(kind)[-1] if get_origin(kind) is dict else kind


def _line(text: str, key: str) -> str:
    """Return ``, line N`` for the line that sets `key`, or nothing where it is not found."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return f", line {number}"
    return ""
