"""The sound of a calibration in files: what was heard, what we sounded ourselves, and when.

Beside ``NAME.wav`` are ``NAME.own.wav``, what our loudspeaker emitted meanwhile, and ``NAME.json``.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Self

import msgspec

from voice_coach.clock import to_samples
from voice_coach.errors import UserError
from voice_coach.private_files import replacing, write_private
from voice_coach.samples import Samples
from voice_coach.sound.audio_files import read_recording, write_wav
from voice_coach.text_files import read_text, shown

LONGEST_S: Final = 900.0
"""Seconds beyond which a recording is none of a calibration."""

_Moment = Annotated[float, msgspec.Meta(ge=0.0, le=LONGEST_S)]
_Moments = Annotated[list[_Moment], msgspec.Meta(max_length=64)]
Word = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,20}$")]
"""One word by which a household names what it has."""


class Circumstances(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a calibration; the cues are drop cues, by seconds from its beginning."""

    drop_cues_s: _Moments
    gentle_cues_s: _Moments
    footwear: Word | None = None
    floor: Word | None = None


@dataclass(frozen=True, slots=True)
class KeptSound:
    """The sound of a calibration; `own` is what our loudspeaker emitted, as long as `sound`."""

    sound: Samples
    own: Samples
    known: Circumstances

    def write(self, path: Path) -> None:
        """Write it into the files that belong to `path`, for their owner alone.

        OSError or UserError where they cannot be written.
        """
        for file, samples in ((path, self.sound), (_own(path), self.own)):
            with replacing(file) as new:
                write_wav(new, samples)
        write_private(_known(path), msgspec.json.encode(self.known).decode() + "\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what is in the files that belong to `path`; UserError for any but those."""
        known = circumstances_of(path)
        sound, own = read_recording(path), read_recording(_own(path))
        if len(sound) != len(own) or len(sound) > to_samples(LONGEST_S):
            raise UserError(f"{shown(path)} is no kept calibration; name another recording.")
        return cls(sound, own, known)


def circumstances_of(path: Path) -> Circumstances:
    """Return what is known of the recording `path`; UserError where that is not written there."""
    text = read_text(_known(path), "description of a kept calibration")
    try:
        return msgspec.json.decode(text, type=Circumstances)
    except msgspec.DecodeError as error:
        raise UserError(
            f"{shown(_known(path))} does not describe a kept calibration ({error}); "
            "name another recording."
        ) from error


def files_of(path: Path) -> tuple[Path, ...]:
    """Return every file that belongs to the recording `path`."""
    return path, _own(path), _known(path)


def _own(path: Path) -> Path:
    return path.with_suffix(".own.wav")


def _known(path: Path) -> Path:
    return path.with_suffix(".json")
