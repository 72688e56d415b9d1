"""A person's own recordings: taken from any sound file, made as loud as all speech, and kept.

Whoever sends the file may be anybody who has been let in, so it is bounded before it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from voice_coach.clock import SAMPLE_RATE, to_seconds
from voice_coach.errors import UserError
from voice_coach.private_files import private_folder, replacing, told
from voice_coach.samples import Samples
from voice_coach.speaking import shaping
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.recordings import SUFFIXES
from voice_coach.speaking.script import Script, line_name
from voice_coach.text_files import shown

LARGEST: Final = 16 << 20
"""Bytes of a file."""
LONGEST_FILE: Final = 60.0
"""Seconds of sound in it, with the silence around the words."""
MOST_CHANNELS: Final = 8
RATES: Final = (8000, 192_000)
SHORTEST: Final = 0.1
"""Seconds of speech: less is a click."""
SLOWEST: Final = 2.0
"""Seconds that a word may take, and as many for the sentence: more is not that sentence."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that is kept: how long it is, and by how many dB it was too loud before."""

    file: Path
    text: str
    seconds: float
    louder_db: float


def names(script: Script) -> Mapping[str, str]:
    """Return every line that can be recorded, by its name."""
    return {line_name(text): text for text in reversed(script.every_line())}


def place(folder: Path, script: Script, name: str) -> tuple[Path, str]:
    """Return where the recording of the line `name` belongs, and its words.

    `name` is as ``voice-coach lines`` lists it, or the words themselves; UserError for another.
    """
    short = Path(name).stem if name.lower().endswith(SUFFIXES) else line_name(name)
    text = names(script).get(short)
    if text is None:
        raise UserError(f"The coach never says {name!r}; 'voice-coach lines' lists what it says.")
    return folder / script.language / "lines" / f"{short}.wav", text


def keep(folder: Path, script: Script, name: str, source: Path) -> Recorded:
    """Keep the sound in `source` as the recording of the line `name`.

    What was kept before is replaced; a file that cannot be used changes nothing. UserError says
    what is wrong with it.
    """
    import soundfile  # noqa: PLC0415 - slow to import, and the list of names does without

    file, text = place(folder, script, name)
    sound, rate = _read(source)
    before = loudness(shaping.resample(sound, rate))
    samples = shaping.shape_speech(sound, rate).samples
    seconds = to_seconds(len(samples))
    if seconds < SHORTEST:
        raise UserError("There is nothing to hear in this recording; say it nearer to it.")
    most = SLOWEST * (len(text.split()) + 1)
    if seconds > most:
        raise UserError(
            f"This recording takes {seconds:.0f} seconds, too long for “{text}”; record these "
            "words alone, somewhere quiet."
        )
    with told(f"The recording cannot be kept here ({{why}}): {shown(file)}."):
        private_folder(file.parent)
        with replacing(file) as new:
            soundfile.write(new, samples, SAMPLE_RATE, format="WAV", subtype="PCM_16")
    for suffix in SUFFIXES:
        if suffix != file.suffix:
            file.with_suffix(suffix).unlink(missing_ok=True)
    return Recorded(file, text, seconds, before - shaping.LOUDNESS)


def remove(folder: Path, script: Script, name: str) -> str:
    """Delete the recording of the line `name`; return its words. UserError where there is none."""
    file, text = place(folder, script, name)
    there = [each for suffix in SUFFIXES if (each := file.with_suffix(suffix)).is_file()]
    if not there:
        raise UserError(f"There is no recording of “{text}”.")
    with told("The recording cannot be deleted ({why})."):
        for each in there:
            each.unlink()
    return text


def _read(source: Path) -> tuple[Samples, int]:
    """Return the sound in `source` as mono, and its rate, within bounds; UserError otherwise."""
    import soundfile  # noqa: PLC0415 - as above

    with told("The file cannot be read ({why})."):
        size = source.stat().st_size
    if size > LARGEST:
        raise UserError(f"This file is larger than {LARGEST >> 20} MB; send a shorter recording.")
    try:
        with soundfile.SoundFile(source) as sound:
            rate, channels = int(sound.samplerate), int(sound.channels)
            if not RATES[0] <= rate <= RATES[1] or channels > MOST_CHANNELS:
                raise UserError("This sound has a strange format; record it anew.")
            most = int(LONGEST_FILE * rate)
            # What the head of the file says of its length need not be true.
            samples = sound.read(most + 1, dtype="float32", always_2d=True)
    except (OSError, RuntimeError, TypeError) as error:
        raise UserError(
            "This is no sound file that can be read; WAV, FLAC, OGG and MP3 can."
        ) from error
    if len(samples) > most:
        raise UserError(f"This recording is longer than {LONGEST_FILE:.0f} seconds; cut it.")
    mono = np.nan_to_num(samples.mean(axis=1) if len(samples) else np.zeros(0))
    return np.clip(mono, -1, 1).astype(np.float32), rate
