"""The folder of a rehearsal: filled at once when all is there, and never at the cost of others.

A rehearsal is made in a folder beside the one that was asked for, and moved there at its end. It
takes the place of an earlier rehearsal that nobody has changed since, and of nothing else: a list
with the digest of every file that was written stands in the folder.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from voice_coach.errors import UserError
from voice_coach.private_files import private_folder

WRITTEN: Final = "rehearsal-files.json"
"""The list: the digest of each file of the rehearsal, by its path in the folder."""

_LARGEST_LIST: Final = 1 << 20
"""Bytes beyond which a list is none of ours."""


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Yield an empty folder; what is written into it lies in `folder` after the block.

    After an error in the block `folder` is as it was.

    Raises
    ------
    UserError
        When `folder` holds what no rehearsal has written, or cannot be written.
    """
    try:
        folder = folder.resolve()
        _of_an_earlier_rehearsal(folder)
        private_folder(folder.parent)
        part = folder.with_name(f".{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield part
        try:
            _note(part)
            _replace(folder, part)
        except OSError as error:
            raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> UserError:
    return UserError(
        f"The folder {folder} cannot be written ({error.strerror}); choose another with --out."
    )


def _of_an_earlier_rehearsal(folder: Path) -> list[Path]:
    """Return the files in `folder`; UserError unless an earlier rehearsal wrote all of them."""
    if not folder.exists():
        return []
    there = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    written = _written(folder)
    for path in there:
        name = str(path.relative_to(folder))
        if name == WRITTEN and written:
            continue
        if written.get(name) is None or path.is_symlink() or _digest(path) != written[name]:
            raise UserError(
                f"The folder {folder} holds '{name}', which no rehearsal wrote; choose a folder "
                "that is empty or not there yet with --out."
            )
    return there


def _written(folder: Path) -> dict[str, str]:
    """Return the list in `folder`; an empty one where there is none that can be read."""
    file = folder / WRITTEN
    try:
        if not file.is_file() or file.is_symlink() or file.stat().st_size > _LARGEST_LIST:
            return {}
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _note(part: Path) -> None:
    """Write the list of what is in `part` into it."""
    files = sorted(path for path in part.rglob("*") if path.is_file())
    digests = {str(path.relative_to(part)): _digest(path) for path in files}
    (part / WRITTEN).write_bytes(msgspec.json.format(msgspec.json.encode(digests)) + b"\n")


def _digest(file: Path) -> str:
    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _replace(folder: Path, part: Path) -> None:
    """Put `part` in the place of `folder`, in which an earlier rehearsal may be."""
    for file in _of_an_earlier_rehearsal(folder):
        file.unlink()
    if folder.exists():
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir()
        for path in part.iterdir():
            path.rename(folder / path.name)
    else:
        part.rename(folder)
