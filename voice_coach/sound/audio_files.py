"""Recordings in files: any that libsndfile reads, as the one form of sound used here."""

from pathlib import Path

import numpy as np
import soundfile
import soxr

from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples


def read_recording(path: Path) -> Samples:
    """Read a sound file (WAV, FLAC, OGG, MP3; any rate, any channels) as 16 kHz mono.

    Channels are averaged, the rate is converted by soxr at its high quality. What is not a
    number or infinite becomes silence. A file without sound gives an array without samples.
    A UserError says so when there is no such file or it is not a recording.
    """
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.SoundFileError, ValueError, TypeError) as error:
        raise UserError(_what_is_wrong(path, error)) from error
    sound = np.nan_to_num(sound, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    mono = sound[:, 0] if sound.shape[1] == 1 else sound.mean(axis=1, dtype=np.float32)
    if rate != SAMPLE_RATE and len(mono):
        mono = soxr.resample(mono, rate, SAMPLE_RATE, quality="HQ")
    return np.ascontiguousarray(mono, dtype=np.float32)


def _what_is_wrong(path: Path, error: Exception) -> str:
    """Return the sentence for a file that could not be read."""
    if not path.exists():
        return f"There is no file '{path}': check the name."
    if path.is_dir():
        return f"'{path}' is a folder: name the recordings in it, such as {path}/*.wav."
    try:
        path.open("rb").close()
    except PermissionError:
        return f"'{path}' may not be read: change its permissions (chmod +r)."
    except OSError as cause:
        return f"'{path}' cannot be read ({cause.strerror}): copy it elsewhere and try again."
    return f"'{path}' is not a recording that can be read: give a WAV, FLAC, OGG or MP3 file."


def write_wav(path: Path, samples: Samples) -> None:
    """Write `samples` as a 16 kHz mono WAV file of 16 bits; what is beyond ±1 is clipped.

    A UserError says so when the file cannot be written there.
    """
    try:
        soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16", format="WAV")
    except (OSError, soundfile.SoundFileError) as error:
        raise UserError(
            f"'{path}' cannot be written: choose a folder that exists and that you may write to."
        ) from error
