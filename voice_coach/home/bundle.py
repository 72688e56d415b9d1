"""A bundle: thumps of one household, without anything that tells whose they are.

A ZIP file with ``about.json`` and a FLAC file for each piece, ``piece-1.flac`` onwards: on the left
what the microphone heard, on the right what our own loudspeaker sounded. Every date in it is a
month at the finest, and the files in it have none.
"""

import io
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import msgspec
import numpy as np
import soundfile

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.errors import UserError
from voice_coach.home.kept_sound import Word
from voice_coach.samples import Samples
from voice_coach.text_files import shown

FORMAT: Final = 1

MOST_PIECES: Final = 40
LONGEST: Final = to_samples(1.5)
"""Samples of a piece."""
LARGEST: Final = 6 << 20
"""Bytes of a bundle: more than `MOST_PIECES` of the `LONGEST` take without compression."""

_ABOUT: Final = "about.json"
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)


class Kind(StrEnum):
    """What a person was asked for when a piece was recorded."""

    GOOD = "good"
    GENTLE = "gentle"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Piece:
    """A moment of sound; positions are samples from its beginning.

    `own` is what our loudspeaker sounded, as long as `sound`; `cue` is the drop cue, or where one
    might have been; `landed` is where the heel ear heard a landing, None where it heard none.
    """

    kind: Kind
    cue: int
    landed: int | None
    sound: Samples
    own: Samples


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pieces recorded in one footwear on one floor; None is what nobody said."""

    footwear: str | None
    floor: str | None
    microphone: str | None
    month: str | None
    """Such as 2026-11."""
    pieces: tuple[Piece, ...]

    def as_bytes(self) -> bytes:
        """Return the file: the same pieces give the same bytes."""
        about = _About(
            FORMAT,
            self.footwear,
            self.floor,
            self.microphone,
            self.month,
            [_Piece(piece.kind, piece.cue, piece.landed) for piece in self.pieces],
        )
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as file:
            file.writestr(_member(_ABOUT), msgspec.json.format(msgspec.json.encode(about)))
            for number, piece in enumerate(self.pieces, 1):
                file.writestr(_member(_name(number)), _flac(piece))
        return written.getvalue()

    @classmethod
    def read(cls, path: Path) -> "Bundle":
        """Return what is in `path`; UserError for anything but a bundle."""
        wrong = UserError(f"{shown(path)} is no bundle of thumps; name another file.")
        try:
            if not path.is_file() or path.stat().st_size > LARGEST:
                raise wrong
            with zipfile.ZipFile(path) as file:
                if sum(member.file_size for member in file.infolist()) > LARGEST:
                    raise wrong
                about = msgspec.json.decode(file.read(_ABOUT), type=_About)
                pieces = [
                    _piece(known, file.read(_name(number)))
                    for number, known in enumerate(about.pieces, 1)
                ]
        # A ZIP file that is damaged or made up raises almost anything.
        except (OSError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile) as error:
            raise wrong from error
        if about.format != FORMAT:
            raise wrong
        return cls(about.footwear, about.floor, about.microphone, about.month, tuple(pieces))


_Position = Annotated[int, msgspec.Meta(ge=0, lt=LONGEST)]


class _Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    asked: Kind
    cue: _Position
    landed: _Position | None


class _About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    footwear: Word | None
    floor: Word | None
    microphone: Word | None
    month: Annotated[str, msgspec.Meta(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$")] | None
    pieces: Annotated[list[_Piece], msgspec.Meta(min_length=1, max_length=MOST_PIECES)]


def _name(number: int) -> str:
    return f"piece-{number}.flac"


def _member(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _NO_DATE)


def _flac(piece: Piece) -> bytes:
    written = io.BytesIO()
    both = np.stack([piece.sound, piece.own], axis=1)
    soundfile.write(written, both, SAMPLE_RATE, subtype="PCM_16", format="FLAC")
    return written.getvalue()


def _piece(known: _Piece, flac: bytes) -> Piece:
    with soundfile.SoundFile(io.BytesIO(flac)) as file:
        if (file.samplerate, file.channels) != (SAMPLE_RATE, 2) or file.frames > LONGEST:
            raise ValueError("not the sound of a piece")
        both = file.read(dtype="float32")
    if max(known.cue, known.landed or 0) >= len(both):
        raise ValueError("a moment beyond the sound of a piece")
    return Piece(known.asked, known.cue, known.landed, both[:, 0].copy(), both[:, 1].copy())
