"""The product's own sounds, computed from the notes in `tones.toml`."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.errors import UserError
from voice_coach.samples import Samples

THUMPS: Final = ("thump_good", "thump_soft")
"""The landings of the lesson: their files are no tones, and their notes only stand in."""

_FILE = Path(__file__).resolve().with_name("tones.toml")


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One note of a tone; the units are explained at the head of `tones.toml`."""

    at: float
    duration: float
    frequency: float
    partials: tuple[float, ...]
    level: float
    glide_to: float | None = None
    attack: float = 0.02
    release: float = 0.02


@cache
def tones() -> Mapping[str, Sequence[Note]]:
    """Return the notes of every tone by name."""
    try:
        return msgspec.toml.decode(_FILE.read_bytes(), type=dict[str, tuple[Note, ...]])
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise UserError(f"The file of tones {_FILE} cannot be read: {error}.") from error


def render(notes: Sequence[Note]) -> Samples:
    """Return the sound of `notes`, mono at the one sample rate, 0 at both its ends."""
    length = max(to_samples(note.at) + to_samples(note.duration) for note in notes)
    sound = np.zeros(length)
    for note in notes:
        start = to_samples(note.at)
        samples = _render_note(note)
        sound[start : start + len(samples)] += samples
    return sound.astype(np.float32)


def _render_note(note: Note) -> npt.NDArray[np.float64]:
    length = to_samples(note.duration)
    end = note.frequency if note.glide_to is None else note.glide_to
    frequency = np.geomspace(note.frequency, end, length)
    phase = 2 * np.pi * np.cumsum(frequency) / SAMPLE_RATE
    harmonics = np.arange(1, len(note.partials) + 1)
    wave = np.asarray(note.partials) @ np.sin(harmonics[:, None] * phase)
    wave *= 10 ** (note.level / 20) / np.abs(wave).max()
    return np.asarray(wave * _envelope(length, to_samples(note.attack), to_samples(note.release)))


def _envelope(length: int, attack: int, release: int) -> npt.NDArray[np.float64]:
    """Return a level of 1 with raised-cosine ramps of `attack` and `release` samples."""
    envelope = np.ones(length)
    envelope[:attack] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(attack) / attack)
    envelope[length - release :] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, release + 1) / release)
    return envelope
