"""Private files: for their owner alone to read, and whole or not there at all.

A file is written under another name beside its place and renamed into it, so that a power cut
or a full disk leaves either the old file or the new one. That other name is always the same one,
so that what a killed process leaves behind is taken up by the next that writes the file, and
never stands in its way.

A folder with the set-group-ID bit belongs to a group, as that of the service does: what is made in
it is for that group as well, and for nobody else.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from voice_coach.errors import UserError

_FILE: Final = 0o600
_FOLDER: Final = 0o700
_SHARED_FILE: Final = 0o660
_SHARED_FOLDER: Final = 0o2770
_LOOKED_AT: Final = 1 << 24
"""Bytes of a file that tell what wrote it."""


def private_folder(folder: Path) -> None:
    """Make `folder` and the folders above it where they are missing; OSError where that fails.

    What is made is its owner's alone, whatever the umask. A folder that was there stays as it
    was: somebody may have named their home.
    """
    if folder.is_dir():
        return
    private_folder(folder.parent)
    folder.mkdir(mode=_FOLDER, exist_ok=True)
    folder.chmod(_SHARED_FOLDER if is_shared(folder.parent) else _FOLDER)


def is_shared(folder: Path) -> bool:
    """Return whether `folder` belongs to a group."""
    return bool(folder.stat().st_mode & stat.S_ISGID)


def open_private(file: Path) -> int:
    """Return a handle on `file`, which is made where it is missing; OSError where that fails."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _FILE)
    _close_to_others(handle, file.parent)
    return handle


def _close_to_others(handle: int, folder: Path) -> None:
    mode = _SHARED_FILE if is_shared(folder) else _FILE
    if stat.S_IMODE(os.fstat(handle).st_mode) != mode:
        # A memory stick's file system knows no owners, and of a group's file another is the owner.
        with suppress(PermissionError):
            os.fchmod(handle, mode)


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
    new = part_of(file)
    handle = _own(new)
    try:
        yield new
        if lasting:
            flush(new)
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    if lasting:
        with suppress(OSError):  # some file systems cannot flush a folder
            flush(file.parent)


def part_of(file: Path) -> Path:
    """Return the name under which `file` is written until it is whole."""
    return file.with_name(f".{file.name}.part")


def _own(part: Path) -> int:
    """Return a handle on `part`, empty and private, that no other process writes meanwhile."""
    while True:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE)
        try:
            _close_to_others(handle, part.parent)
            with suppress(OSError):  # nor do some know locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            # Who had it before us may have renamed it into its place: it is not ours then.
            if part.exists() and os.path.samestat(part.stat(), os.fstat(handle)):
                os.ftruncate(handle, 0)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def write_private(file: Path, content: bytes | str) -> None:
    """Write `content` into `file` as :func:`replacing` does; text as UTF-8."""
    with replacing(file) as new:
        new.write_bytes(content.encode() if isinstance(content, str) else content)


def keep_from_replacing(file: Path, *, begins: bytes, holds: bytes = b"") -> None:
    """Raise UserError where `file` is there and is not what an earlier export wrote.

    That one begins so, and holds so somewhere. A file of another kind, such as a diary, a letter or
    a picture of somebody's, is never replaced.
    """
    if not file.is_file() or file.stat().st_size == 0:
        return
    with told(f"{file} cannot be read ({{why}}); name another file."), file.open("rb") as opened:
        content = opened.read(_LOOKED_AT)
    if not (content.startswith(begins) and holds in content):
        raise UserError(f"{file} is there already, and no earlier export; name another file.")


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
