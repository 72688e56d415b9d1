"""The clip cache: shaped clips on disk, one file each, whole or not there.

A checksum finds files that a power cut or a failing memory card has damaged.
"""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from voice_coach.private_files import private_folder, replacing
from voice_coach.samples import Samples
from voice_coach.timed_word import TimedWord

_IN_MEMORY: Final = 100
"""Clips that stay in memory, some 10 MB; a session says about as many lines."""

_MAGIC: Final = b"VCCLIP2\n"
_CHECKSUM: Final = 4
_LENGTH: Final = 4
"""Bytes in which the length of what is said of the words is written."""
_HEAD: Final = len(_MAGIC) + _CHECKSUM


def key(*parts: object) -> str:
    """Return the name under which the clip made from `parts` is kept."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a clip: its samples, and when its words are said in them."""

    samples: Samples
    words: tuple[TimedWord, ...]


class ClipCache:
    """Shaped clips in a folder, found by :func:`key`; 16-bit samples, and the times of the words.

    The clips that were used last stay in memory: a session says few of its lines, but those often.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: OrderedDict[str, Kept] = OrderedDict()
        self._unwritten: dict[str, Kept] = {}
        self.failure: OSError | None = None
        """Why the disk did not take a clip; None while it takes them all."""

    def load(self, name: str) -> Kept | None:
        """Return the clip, or None when it is not there or not whole."""
        if name in self._unwritten:
            return self._unwritten[name]
        if name not in self._loaded:
            content = self._read(name)
            if content is None:
                return None
            self._remember(name, _unpacked(content[_HEAD:]))
        self._loaded.move_to_end(name)
        return self._loaded[name]

    def holds(self, name: str) -> bool:
        """Return whether the clip is there and whole."""
        return name in self._unwritten or name in self._loaded or self._read(name) is not None

    def remember(self, name: str, samples: Samples, words: Sequence[TimedWord] = ()) -> Kept:
        """Keep the clip in memory alone, for as long as others are not used more often."""
        samples.flags.writeable = False
        self._remember(name, kept := Kept(samples, tuple(words)))
        return kept

    def _remember(self, name: str, kept: Kept) -> None:
        self._loaded[name] = kept
        if len(self._loaded) > _IN_MEMORY:
            self._loaded.popitem(last=False)

    def keep(self, name: str, samples: Samples, words: Sequence[TimedWord] = ()) -> Kept:
        """Keep the clip on disk, or for this process where the disk does not take it.

        Returns
        -------
        Kept
            The clip as :meth:`load` will return it, rounded to 16 bits.
        """
        pcm = np.clip(np.round(samples * 32768), -32768, 32767).astype("<i2").tobytes()
        said = msgspec.json.encode(tuple(words))
        content = len(said).to_bytes(_LENGTH, "little") + said + pcm
        kept = _unpacked(content)
        try:
            self._write(name, content)
        except OSError as error:
            self.failure = error
            self._unwritten[name] = kept
        return kept

    def _write(self, name: str, content: bytes) -> None:
        private_folder(self._folder)
        # Rendered again if it is lost: hundreds of them would keep a memory card waiting.
        with replacing(self._folder / f"{name}.clip", lasting=False) as new:
            checksum = zlib.crc32(content).to_bytes(_CHECKSUM, "little")
            new.write_bytes(_MAGIC + checksum + content)

    def _read(self, name: str) -> bytes | None:
        """Return the whole file, or None when it is missing or damaged."""
        try:
            content = (self._folder / f"{name}.clip").read_bytes()
        except OSError:
            return None
        whole = content.startswith(_MAGIC) and len(content) > _HEAD
        checksum = int.from_bytes(content[len(_MAGIC) : _HEAD], "little")
        return content if whole and zlib.crc32(content[_HEAD:]) == checksum else None


def _unpacked(content: bytes) -> Kept:
    """Return what is kept in `content`; nobody can change the samples."""
    said = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    words = msgspec.json.decode(content[_LENGTH:said], type=tuple[TimedWord, ...])
    samples = np.frombuffer(content[said:], dtype="<i2").astype(np.float32) / np.float32(32768)
    samples.flags.writeable = False
    return Kept(samples, words)
