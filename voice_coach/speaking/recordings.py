"""Recorded clips: sound files in `audio/` that replace the synthetic voice or a tone.

`<language>/<cue>.wav` replaces a cue, whatever the values of its slots;
`<language>/<cue>-<value>[-<value>].wav` replaces it for these values of its slots, in the
order in which `cues.toml` lists them; `<language>/lines/<words>.wav` replaces one line
wherever it is said; `tones/<tone>.wav` replaces a tone. FLAC, OGG and MP3 do as well.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np

from voice_coach.samples import Samples
from voice_coach.speaking.script import Script, line_name
from voice_coach.speaking.tones import tones

SUFFIXES: Final = (".wav", ".flac", ".ogg", ".mp3")


class Recordings:
    """What lies in the folders of recordings, looked at once; an earlier folder goes first."""

    def __init__(self, folders: Sequence[Path], script: Script) -> None:
        self._script = script
        self._cues = _sounds(folders, script.language)
        self._lines = _sounds(folders, f"{script.language}/lines")
        self._tones = _sounds(folders, "tones")

    def cue(self, cue: str, slots: Mapping[str, str | int]) -> Path | None:
        """Return the file that replaces `cue` with these `slots`."""
        values = [str(slots[slot]) for slot in self._script.slots(cue)]
        return self._cues.get(cue_name(cue, values)) or self._cues.get(cue)

    def line(self, text: str) -> Path | None:
        """Return the file that replaces the line `text`."""
        return self._lines.get(line_name(text))

    def tone(self, tone: str) -> Path | None:
        """Return the file that replaces `tone`."""
        return self._tones.get(tone)

    def spoken(self) -> tuple[Path, ...]:
        """Return every recording of speech."""
        return (*self._cues.values(), *self._lines.values())

    def tones(self) -> tuple[Path, ...]:
        """Return every recording of a tone."""
        return tuple(self._tones.values())

    def misnamed(self) -> tuple[Path, ...]:
        """Return the recordings that replace nothing, because nothing has their name."""
        cues = self._cue_names()
        lines = {line_name(text) for text in self._script.every_line()}
        return (
            *(path for name, path in self._cues.items() if name not in cues),
            *(path for name, path in self._lines.items() if name not in lines),
            *(path for name, path in self._tones.items() if name not in tones()),
        )

    def _cue_names(self) -> set[str]:
        return {
            cue_name(cue, values)
            for cue in self._script.cues
            for values in ((), *product(*self._script.slots(cue).values()))
        }


def cue_name(cue: str, values: Sequence[str]) -> str:
    """Return the name, without suffix, of the file that replaces `cue` with these `values`."""
    return "-".join((cue, *values))


def read(path: Path) -> tuple[Samples, int]:
    """Return the sound in `path`, mixed to mono, and its sample rate.

    Raises
    ------
    ValueError
        When it is not a sound file, or holds nothing.
    """
    import soundfile  # noqa: PLC0415 - not needed once the cache is warm

    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:
        raise ValueError("it is not a sound file that can be read") from error
    mono = np.nan_to_num(sound.mean(axis=1)) if sound.size else np.zeros(0, dtype=np.float32)
    if not np.any(mono):
        raise ValueError("there is nothing to hear in it")
    return mono.astype(np.float32), int(rate)


def _sounds(folders: Sequence[Path], place: str) -> dict[str, Path]:
    """Return the sounds in `place` of each of the `folders`, by their names."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        files = sorted((folder / place).iterdir()) if (folder / place).is_dir() else []
        found |= {path.stem.lower(): path for path in files if path.suffix.lower() in SUFFIXES}
    return found
