"""The clip cache: shaped clips on disk, one file each, whole or not there.

A checksum finds files that a power cut or a failing memory card has damaged.
"""

import hashlib
import zlib
from pathlib import Path
from typing import Final

import numpy as np

from voice_coach.private_files import private_folder, replacing
from voice_coach.samples import Samples

_MAGIC: Final = b"VCCLIP1\n"
_CHECKSUM: Final = 4
_HEAD: Final = len(_MAGIC) + _CHECKSUM


def key(*parts: object) -> str:
    """Return the name under which the clip made from `parts` is kept."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


class ClipCache:
    """Shaped clips in a folder, found by :func:`key`; 16-bit samples.

    A clip once loaded stays in memory: a session says few of its lines, but those often.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, Samples] = {}
        self.failure: OSError | None = None
        """Why the disk did not take a clip; None while it takes them all."""

    def load(self, name: str) -> Samples | None:
        """Return the clip, or None when it is not there or not whole."""
        if name not in self._loaded:
            content = self._read(name)
            if content is None:
                return None
            self._loaded[name] = _samples(content[_HEAD:])
        return self._loaded[name]

    def holds(self, name: str) -> bool:
        """Return whether the clip is there and whole."""
        return name in self._loaded or self._read(name) is not None

    def keep(self, name: str, samples: Samples) -> Samples:
        """Keep the clip on disk, or for this process where the disk does not take it.

        Returns
        -------
        Samples
            The clip as :meth:`load` will return it, rounded to 16 bits.
        """
        pcm = np.clip(np.round(samples * 32768), -32768, 32767).astype("<i2").tobytes()
        kept = _samples(pcm)
        try:
            self._write(name, pcm)
        except OSError as error:
            self.failure = error
            self._loaded[name] = kept
        return kept

    def _write(self, name: str, pcm: bytes) -> None:
        private_folder(self._folder)
        # Rendered again if it is lost: hundreds of them would keep a memory card waiting.
        with replacing(self._folder / f"{name}.clip", lasting=False) as new:
            new.write_bytes(_MAGIC + zlib.crc32(pcm).to_bytes(_CHECKSUM, "little") + pcm)

    def _read(self, name: str) -> bytes | None:
        """Return the whole file, or None when it is missing or damaged."""
        try:
            content = (self._folder / f"{name}.clip").read_bytes()
        except OSError:
            return None
        whole = content.startswith(_MAGIC) and len(content) > _HEAD
        checksum = int.from_bytes(content[len(_MAGIC) : _HEAD], "little")
        return content if whole and zlib.crc32(content[_HEAD:]) == checksum else None


def _samples(pcm: bytes) -> Samples:
    """Return 16-bit `pcm` as samples that nobody can change."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768)
    samples.flags.writeable = False
    return samples
