"""Private files: for their owner alone to read, and whole or not there at all.

A file is written under another name beside its place and renamed into it, so that a power cut
or a full disk leaves either the old file or the new one.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from voice_coach.errors import UserError

_FILE: Final = 0o600
_FOLDER: Final = 0o700


def private_folder(folder: Path) -> None:
    """Make `folder` and the folders above it where they are missing; OSError where that fails.

    What is made is its owner's alone, whatever the umask. A folder that was there stays as it
    was: somebody may have named their home.
    """
    if folder.is_dir():
        return
    private_folder(folder.parent)
    folder.mkdir(mode=_FOLDER, exist_ok=True)
    folder.chmod(_FOLDER)


@contextmanager
def replacing(file: Path, *, lasting: bool = True) -> Iterator[Path]:
    """Yield a private, empty file; at the end of the block it takes the place of `file`.

    After an error in the block what was in `file` before is still there. A link is followed to
    what it names. What is not a file, such as ``/dev/stdout`` or a pipe, cannot be replaced and
    is yielded itself.

    Parameters
    ----------
    file
        In a folder that is there.
    lasting
        Whether to wait until the disk holds it. Not worth its time for what can be made again.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    if file.exists() and not file.is_file():
        yield file
        return
    file = file.resolve()
    handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".new", dir=file.parent)
    new = Path(name)
    try:
        with suppress(PermissionError):  # a memory stick's file system knows no owners
            os.fchmod(handle, _FILE)
        os.close(handle)
        yield new
        if lasting:
            flush(new)
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    if lasting:
        with suppress(OSError):  # some file systems cannot flush a folder
            flush(file.parent)


def write_private(file: Path, content: bytes | str) -> None:
    """Write `content` into `file` as :func:`replacing` does; text as UTF-8."""
    with replacing(file) as new:
        new.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def told(sentence: str) -> Iterator[None]:
    """Raise an OSError of the block as UserError: `sentence`, with the reason in for ``{why}``."""
    try:
        yield
    except OSError as error:
        raise UserError(sentence.replace("{why}", error.strerror or str(error))) from error


def flush(path: Path) -> None:
    """Wait until the disk holds a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
