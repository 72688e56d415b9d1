"""Pack what a voice has said into a few files, with a manifest that says where each line lies."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import soundfile

from research.voices.recipe import ENGINE, LICENCE, Recipe
from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import shaping
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.rendered import MANIFEST, Line, Manifest
from voice_coach.speaking.word_times import Mark, by_marks

_COMPRESSION: Final = 0.95
"""libsndfile's measure: about 24 kbit a second. Chosen by `measure.py`."""
_LONG: Final = 4
"""Words from which on a line counts for how fast the voice speaks."""
_STEPS: Final = 8
"""Most times that a clip is coded: coding makes it louder or softer, and its peaks higher."""
_EVEN: Final = 0.2
"""Loudness units that remain."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A line as the engine spoke it: `marks` say where its words begin, in its own samples."""

    sound: Samples
    rate: int
    marks: list[Mark]


def write(folder: Path, recipe: Recipe, files: Mapping[str, Mapping[str, Raw]]) -> None:
    """Write the voice of `recipe` into `folder`: in each of the `files`, what it shall hold.

    A line that the folder holds already, made from the same text in the same way and as loud as it
    should be, stays as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _before(folder)
    packed: list[Line] = []
    words, samples = 0, 0
    for name, sayings in files.items():
        pack = bytearray()
        for text, raw in sayings.items():
            made_from = recipe.fingerprint(text)
            content, bounds, length = before.get(made_from) or _coded(text, raw)
            packed.append(Line(text, made_from, name, len(pack), len(content), bounds))
            pack += content
            if (count := len(text.replace("-", " ").split())) >= _LONG:
                words += count
                samples += length
        (folder / name).write_bytes(pack)
    rate = round(60 * words * SAMPLE_RATE / samples, 1)
    manifest = Manifest(
        recipe.name, recipe.language, ENGINE, recipe.engine_voice, LICENCE, rate, tuple(packed)
    )
    (folder / MANIFEST).write_bytes(_readable(manifest))


_Coded = tuple[bytes, tuple[tuple[int, int], ...], int]


def _coded(text: str, raw: Raw) -> _Coded:
    """Return a line ready to be played, coded, the bounds of its words, and its length."""
    samples, begin = shaping.shape_speech(raw.sound, raw.rate)
    marks = [Mark(mark.offset, mark.at * SAMPLE_RATE // raw.rate - begin) for mark in raw.marks]
    words = by_marks(text, marks, samples)
    gain_db, least, content = 0.0, float("inf"), b""
    for _ in range(_STEPS):
        coded = _opus(shaping.limit(samples * np.float32(10 ** (gain_db / 20))))
        missing = _missing(_decoded(coded))
        if abs(missing) < least:
            least, content = abs(missing), coded
        if least <= _EVEN:
            break
        gain_db += missing
    return content, tuple((word.start, word.end) for word in words), len(samples)


def _opus(sound: Samples) -> bytes:
    file = io.BytesIO()
    soundfile.write(
        file, sound, SAMPLE_RATE, format="OGG", subtype="OPUS", compression_level=_COMPRESSION
    )
    return file.getvalue()


def _decoded(content: bytes) -> Samples:
    sound, _ = soundfile.read(io.BytesIO(content), dtype="float32")
    return np.asarray(sound, np.float32)


def _before(folder: Path) -> dict[str, _Coded]:
    """Return the clips that `folder` holds, by what they were made from."""
    if not (folder / MANIFEST).exists():
        return {}
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    names = {line.file for line in manifest.lines}
    files = {name: (folder / name).read_bytes() for name in names}
    found: dict[str, _Coded] = {}
    for line in manifest.lines:
        content = files[line.file][line.at : line.at + line.size]
        sound = _decoded(content)
        if abs(_missing(sound)) <= _EVEN:
            found[line.made_from] = content, line.words, len(sound)
    return found


def _missing(sound: Samples) -> float:
    """Return by how much what is played of a coded clip is too soft, in loudness units."""
    return shaping.LOUDNESS - loudness(shaping.shape_rendered(sound))


def _readable(manifest: Manifest) -> bytes:
    """Return `manifest` as JSON with a line of it on each line: a change shows what it changed."""
    head = msgspec.to_builtins(manifest)
    packed = [msgspec.json.encode(line) for line in manifest.lines]
    del head["lines"]
    opening = msgspec.json.format(msgspec.json.encode(head), indent=1).rstrip(b"\n}")
    return opening + b',\n "lines": [\n  ' + b",\n  ".join(packed) + b"\n ]\n}\n"
