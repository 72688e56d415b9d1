"""Natural voices: lines that a neural engine spoke when the product was made.

Each voice has a folder in `audio/voices/`: its clips, as Ogg Opus one after the other in a few
files, and `manifest.json`, which says where each line lies in them, what it was made from, and
when its words are said.
"""

import io
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.speaking.clip import Clip
from voice_coach.speaking.word_times import words_of
from voice_coach.timed_word import TimedWord

MANIFEST: Final = "manifest.json"


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a voice: where it lies, and what it was made from.

    Attributes
    ----------
    text
        What is said.
    made_from
        Fingerprint of text, voice and engine: what to compare to see whether it is still true.
    file, at, size
        The file that holds it, and its bytes there.
    words
        Where each word begins and ends, in samples.
    """

    text: str
    made_from: str
    file: str
    at: int
    size: int
    words: tuple[tuple[int, int], ...]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a voice is, whose work it is, and what it can say."""

    name: str
    language: str
    engine: str
    engine_voice: str
    licence: str
    words_per_minute: float
    lines: tuple[Line, ...]


class RenderedVoice:
    """The lines of one natural voice.

    Parameters
    ----------
    folder
        Where its manifest lies.

    Raises
    ------
    UserError
        When the manifest cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            content = (folder / MANIFEST).read_bytes()
            self.manifest: Final = msgspec.json.decode(content, type=Manifest)
        except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
            raise UserError(f"The voice in {folder} cannot be read: {error}.") from error

    @property
    def words_per_minute(self) -> float:
        """How fast it speaks, the pauses between sentences not counted."""
        return self.manifest.words_per_minute

    def made_from(self, text: str) -> str | None:
        """Return the fingerprint of what the line `text` was made from; None if it is not here."""
        line = self._lines.get(key(text))
        return line.made_from if line else None

    def says_all(self, texts: Iterable[str]) -> bool:
        """Tell whether every one of the lines `texts` is here."""
        return all(key(text) in self._lines for text in texts)

    def speak(self, text: str) -> Clip | None:
        """Return the line `text`, at the voice's own rate; None if it is not here, or not whole."""
        line = self._lines.get(key(text))
        samples = None if line is None else self._read(line)
        if line is None or samples is None:
            return None
        bounds = zip(words_of(text), line.words, strict=True)
        return Clip(samples, text, tuple(TimedWord(word, *between) for word, between in bounds))

    @cached_property
    def _lines(self) -> dict[str, Line]:
        """The lines that are whole."""
        sizes = {name: _size(self._folder / name) for name in {x.file for x in self.manifest.lines}}
        return {
            key(line.text): line
            for line in self.manifest.lines
            if line.at + line.size <= sizes[line.file]
        }

    def _read(self, line: Line) -> Samples | None:
        import soundfile  # noqa: PLC0415 - slow to import

        try:
            with (self._folder / line.file).open("rb") as file:
                file.seek(line.at)
                content = file.read(line.size)
            sound, rate = soundfile.read(io.BytesIO(content), dtype="float32")
        except (OSError, RuntimeError):
            return None
        if rate != SAMPLE_RATE or sound.ndim != 1 or not np.isfinite(sound).all():
            return None
        return np.asarray(sound, np.float32)


def folders(voices: Path) -> dict[str, Path]:
    """Return the folder of each natural voice in `voices`, by its name."""
    return {path.parent.name: path.parent for path in sorted(voices.glob(f"*/{MANIFEST}"))}


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def key(text: str) -> str:
    """Return what two texts have in common that are said in the same way."""
    return text.casefold()
