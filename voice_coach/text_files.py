"""Text that people wrote: read within bounds, however it was saved, or refused in one sentence."""

import stat
from pathlib import Path
from typing import Final

from voice_coach.errors import UserError

LARGEST: Final = 1 << 20
"""Bytes that a file may have: a thousand times what anybody writes by hand."""

_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def read_text(file: Path, what: str) -> str:
    """Return what is written in `file`, which is called `what` in the sentence for a mistake.

    A byte order mark, as some editors write, is left out. UserError for anything but a file of
    UTF-8 text within `LARGEST`; where there is none its cause is the FileNotFoundError.
    """
    try:
        mode = file.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise UserError(f"{shown(file)} is not a file; name a {what}.")
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise UserError(f"There is no {what} {shown(file)}; create it, or name another.") from error
    except OSError as error:
        raise UserError(
            f"The {what} {shown(file)} cannot be read ({error.strerror}); mend it, or name another."
        ) from error
    except ValueError as error:  # a name that no file can have
        raise UserError(f"There is no {what} {shown(file)}; name another.") from error
    if len(content) > LARGEST:
        raise UserError(f"{shown(file)} is too large to be a {what}; name another.")
    if content.startswith(_UTF_16):
        raise UserError(
            f"{shown(file)} is saved as UTF-16; save it as UTF-8, which every editor can."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{shown(file)} is not a text file; name a {what} written in TOML."
        ) from error


def shown(path: Path) -> str:
    """Return the name of `path` as it can be printed, whatever bytes are in it."""
    text = str(path).encode(errors="surrogateescape").decode(errors="replace")
    return "".join(character if character.isprintable() else "?" for character in text)
