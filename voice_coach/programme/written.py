"""Files that people write by hand: TOML into typed values, mistakes into one sentence.

The sentence names the file, the line, the field and the remedy.
"""

import re
import tomllib
from typing import Any, TypeVar

import msgspec

from voice_coach.errors import UserError
from voice_coach.programme.tempo import Tempo, spelt_out

T = TypeVar("T")


def decode(text: str, file: str, kind: type[T]) -> T:
    """Return `text` as a `kind`; raise UserError naming `file` and the line of a mistake."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(
            f"{file}: {str(error)[:1].lower()}{str(error)[1:]}; put that line right, "
            'for example: name = "text"'
        ) from error
    try:
        return msgspec.convert(spelt_out(content), kind)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        key = where.strip("`.")
        if key == "tempo" and isinstance(content["tempo"], str):
            message = _tempo_mistake(content["tempo"]) or message
        raise UserError(_sentence(text, file, kind, message, key)) from error


def mistake(text: str, file: str, key: str, what: str) -> UserError:
    """Return the error for a value that is well formed and yet wrong, at `key` of `text`."""
    return UserError(f"{file}{_line(text, key)}: {key}: {what}")


def _sentence(text: str, file: str, kind: type[Any], message: str, key: str) -> str:
    unknown = re.search(r"unknown field `(.+)`", message)
    if unknown:
        known = ", ".join(field.encode_name for field in msgspec.structs.fields(kind))
        name = unknown[1]
        return f"{file}{_line(text, name)}: unknown key '{name}'; choose from: {known}"
    missing = re.search(r"missing required field `(.+)`", message)
    if missing:
        return f"{file}: '{missing[1]}' is missing; add a line {missing[1]} = ..."
    plain = message[:1].lower() + message[1:].replace("`", "")
    return f"{file}{_line(text, key)}: {key}: {plain}; correct this value"


def _tempo_mistake(written: str) -> str:
    try:
        Tempo.parse(written)
    except ValueError as error:
        return str(error)
    return ""


def _line(text: str, key: str) -> str:
    """Return ``, line N`` for the line that sets `key`, or nothing where it is not found."""
    name = re.escape(re.sub(r"\[.*", "", key).rpartition(".")[2])
    for number, line in enumerate(text.splitlines(), start=1):
        if name and re.match(rf"""\s*["']?{name}["']?\s*=""", line):
            return f", line {number}"
    return ""
