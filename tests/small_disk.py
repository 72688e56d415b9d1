"""A disk of a few megabytes that a test may fill, make read-only or take away."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class SmallDisk:
    """A file system in memory, mounted at `place`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def fill(self) -> None:
        """Leave no room for another byte."""
        size = 1 << 20
        with self._ballast.open("ab", buffering=0) as file:
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def make_room(self) -> None:
        """Take away what filled it."""
        self._ballast.unlink()

    def read_only(self, only: bool = True) -> None:
        """Let nothing be written any more, or again."""
        _run("mount", "-o", f"remount,{'ro' if only else 'rw'}", str(self.place))


@contextmanager
def small_disk(place: Path, megabytes: int = 8) -> Iterator[SmallDisk]:
    """Yield a disk; skip the test where none may be mounted."""
    place.mkdir()
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("to fill a disk, one must be mounted, which takes the rights for it")
    try:
        yield SmallDisk(place)
    finally:
        with suppress(subprocess.CalledProcessError):
            _run("umount", "-l", str(place))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"LC_ALL": "C"})
