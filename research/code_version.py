"""A checksum of the code that something kept depends on: once it changes, nothing is taken over."""

import zlib
from pathlib import Path

from research.places import ROOT


def code_version(*paths: str) -> str:
    """Return a checksum of files and folders of the repository.

    `paths` are relative to the repository; of a folder, all files directly in it count. Raises
    FileNotFoundError for a path that is not there: what has moved would count for nothing.
    """
    return f"{zlib.crc32(b''.join(file.read_bytes() for file in _files(paths))):08x}"


def _files(paths: tuple[str, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        place = ROOT / path
        found += sorted(place.glob("*.*")) if place.is_dir() else [place]
    return found
