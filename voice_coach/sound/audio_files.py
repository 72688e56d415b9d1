"""Recordings in files: any that libsndfile reads, as the one form of sound used here.

They are read block by block: an hour of them takes no more memory than a second.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import soundfile
import soxr

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.text_files import shown

RATES: Final = range(4_000, 768_001)
"""Samples a second that a recording may have."""
MOST_CHANNELS: Final = 64
LONGEST: Final = 12 * 3600
"""Seconds that a recording may have."""
_SILENT: Final = 1e-8
"""Power below which nothing is told apart: -80 dB of full scale."""
_FAINT_DB: Final = 30.0
"""A channel so much fainter than another is not taken, however still it is."""
_ALIKE_DB: Final = 1.0
"""Channels that stand out by as much are equal."""
_READ: Final = 1 << 16
"""Frames that are read at a time."""
_HEADER: Final = 1 << 16
"""Bytes in which the chunks of a WAV file before its sound are looked for."""
_SUBTYPES: Final = {
    (1, 8): "PCM_U8",
    (1, 16): "PCM_16",
    (1, 24): "PCM_24",
    (1, 32): "PCM_32",
    (3, 32): "FLOAT",
    (3, 64): "DOUBLE",
}
"""By the format and the bits a sample of a WAV file: what libsndfile calls it."""


def read_recording(path: Path) -> Samples:
    """Return the whole of what :func:`recording_blocks` yields."""
    return np.concatenate([np.zeros(0, np.float32), *recording_blocks(path)])


def recording_blocks(path: Path) -> Iterator[Samples]:
    """Yield a sound file (WAV, FLAC, OGG, MP3; any rate, any channels) as blocks of 16 kHz mono.

    The clearest channel is taken, in which what sounds stands out most of the room's and the
    channel's own noise: to average them would silence what is wired the wrong way round, and let
    one with a hum spoil the others.
    The rate is converted by soxr at its high quality. What is not a number or infinite becomes
    silence. All blocks but the last have the length of the loop's.

    Raises
    ------
    UserError
        When there is no such file, or it is not a recording, or holds no sound.
    """
    with _opened(path) as sound:
        channel = _clearest(sound)
        rate = sound.samplerate
        resample = None if rate == SAMPLE_RATE else soxr.ResampleStream(rate, SAMPLE_RATE, 1)
        left = np.zeros(0, np.float32)
        for chunk, is_last in _chunks(sound):
            mono = chunk[:, channel]
            if resample is not None:
                mono = resample.resample_chunk(mono, last=is_last)
            left = np.concatenate([left, mono])
            whole = len(left) // BLOCK * BLOCK
            yield from np.split(left[:whole], whole // BLOCK) if whole else ()
            left = left[whole:]
        if len(left):
            yield left


def _chunks(sound: soundfile.SoundFile) -> Iterator[tuple[Samples, bool]]:
    """Yield the frames of `sound` from its beginning, and whether they are the last."""
    sound.seek(0)
    following = _read(sound)
    while len(chunk := following):
        following = _read(sound)
        yield chunk, not len(following)


def _read(sound: soundfile.SoundFile) -> Samples:
    chunk: Samples = sound.read(_READ, dtype="float32", always_2d=True)
    np.nan_to_num(chunk, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return chunk


def _clearest(sound: soundfile.SoundFile) -> int:
    """Return the channel in which what sounds stands out most; of equal ones the loudest."""
    if sound.channels == 1:
        return 0
    length = max(1, sound.samplerate // 50)
    loud, quiet = [], []
    for chunk, _ in _chunks(sound):
        whole = min(length, len(chunk))
        blocks = chunk[: len(chunk) // whole * whole].reshape(-1, whole, sound.channels)
        power = np.square(blocks, dtype=np.float64).mean(axis=1)
        # A click of a plug is over in fewer than two in a hundred blocks.
        loud.append(np.quantile(power, 0.98, axis=0))
        quiet.append(np.median(power, axis=0))
    top = 10.0 * np.log10(np.max(loud, axis=0) + _SILENT)
    height = top - 10.0 * np.log10(np.median(quiet, axis=0) + _SILENT)
    height[top < top.max() - _FAINT_DB] = -np.inf
    clear = height >= height.max() - _ALIKE_DB
    return int(np.argmax(np.where(clear, top, -np.inf)))


@contextmanager
def _opened(path: Path) -> Iterator[soundfile.SoundFile]:
    """Yield the sound in `path`, with bounds that a recording keeps; UserError says why not."""
    try:
        if not path.is_file():
            raise UserError(_what_is_wrong(path))
        with path.open("rb") as file, _sound(file) as sound:
            seconds = sound.frames / max(sound.samplerate, 1)
            if sound.samplerate not in RATES or sound.channels > MOST_CHANNELS:
                raise UserError(
                    f"'{shown(path)}' says that it has {sound.samplerate} samples a second on "
                    f"{sound.channels} channels: give a recording of 8000 to 192000."
                )
            if sound.frames == 0:
                raise UserError(f"'{shown(path)}' holds no sound: record it again.")
            if seconds > LONGEST:
                raise UserError(
                    f"'{shown(path)}' is {seconds / 3600:.0f} hours long: give parts of it of at "
                    f"most {LONGEST // 3600} hours."
                )
            yield sound
    except (OSError, soundfile.SoundFileError, ValueError, TypeError) as error:
        raise UserError(_what_is_wrong(path)) from error


def _sound(file: BinaryIO) -> soundfile.SoundFile:
    """Return the sound in `file`; of a WAV file without a length, all that is behind its header.

    A recorder that loses its power leaves such a file: it writes the length at the end.
    """
    sound = soundfile.SoundFile(file)
    if sound.frames or sound.format not in {"WAV", "WAVEX"}:
        return sound
    sound.close()
    file.seek(0)
    header = file.read(_HEADER)
    at, raw = 12, {}
    while at + 8 <= len(header):
        name, size = struct.unpack_from("<4sI", header, at)
        if name == b"fmt ":
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", header, at + 8)
            if subtype := _SUBTYPES.get((kind, bits)):
                raw = {"samplerate": rate, "channels": channels, "subtype": subtype}
        elif name == b"data" and raw:
            return soundfile.SoundFile(_Behind(file, at + 8), format="RAW", **raw)
        at += 8 + size + size % 2
    file.seek(0)
    return soundfile.SoundFile(file)


class _Behind(io.RawIOBase):
    """What is in a file from a position on."""

    def __init__(self, file: BinaryIO, begin: int) -> None:
        self._file = file
        self._begin = begin
        file.seek(begin)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell() - self._begin

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._file.seek(offset + (self._begin if whence == io.SEEK_SET else 0), whence)
        return self.tell()

    def readinto(self, buffer: Any) -> int:
        content = self._file.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)


def _what_is_wrong(path: Path) -> str:
    """Return the sentence for a file that could not be read."""
    name = shown(path)
    wrong = f"'{name}' is not a recording that can be read: give a WAV, FLAC, OGG or MP3 file."
    try:
        if not path.exists():
            wrong = f"There is no file '{name}': check the name."
        elif path.is_dir():
            wrong = f"'{name}' is a folder: name the recordings in it, such as {name}/*.wav."
        elif not path.is_file():
            wrong = f"'{name}' is not a file: give a WAV, FLAC, OGG or MP3 file."
        else:
            path.open("rb").close()
    except PermissionError:
        wrong = f"'{name}' may not be read: change its permissions (chmod +r)."
    except OSError as cause:
        wrong = f"'{name}' cannot be read ({cause.strerror}): copy it elsewhere and try again."
    except ValueError:
        wrong = f"There is no file '{name}': check the name."
    return wrong


def write_wav(path: Path, samples: Samples) -> None:
    """Write `samples` as a 16 kHz mono WAV file of 16 bits; what is beyond ±1 is clipped.

    A UserError says so when the file cannot be written there.
    """
    try:
        with path.open("w+b") as file:  # whose name may be in any bytes
            soundfile.write(file, samples, SAMPLE_RATE, subtype="PCM_16", format="WAV")
    except (OSError, soundfile.SoundFileError) as error:
        raise UserError(
            f"'{shown(path)}' cannot be written: choose a folder that exists and that you may "
            "write to."
        ) from error
