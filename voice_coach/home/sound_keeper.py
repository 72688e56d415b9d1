"""Keeping sound, when the user has asked for it: what was heard, and when cues sounded."""

import json
from datetime import datetime
from pathlib import Path

import numpy as np

from voice_coach.clock import to_seconds
from voice_coach.home import heel_store
from voice_coach.home.observer import Observer, Sounding
from voice_coach.private_files import private_folder, replacing, told, write_private
from voice_coach.samples import Samples
from voice_coach.sound.audio_files import write_wav
from voice_coach.sound.block import Block


class SoundKeeper(Observer):
    """Keeps the microphone's sound in memory until :meth:`save`.

    Parameters
    ----------
    folder
        Where to save; it is made, readable by its owner alone.
    noted_in
        The folder of what is known of the person's heels: where the sound was kept is noted
        there, so that it is found when all of that is to be forgotten.
    """

    def __init__(self, folder: Path, noted_in: Path) -> None:
        self._folder = folder
        self._noted_in = noted_in
        self._sound: list[Samples] = []
        self._drops: list[float] = []
        self._gentle: list[float] = []
        self._asked_gently = False
        with told(f"The folder {folder} cannot be made ({{why}}); name another."):
            private_folder(folder)

    def hear(self, block: Block) -> None:
        """Keep a block."""
        self._sound.append(block.microphone.copy())

    def sounding(self, sounding: Sounding) -> None:
        """Keep when a drop cue sounded: it says where to look for a landing, and for which."""
        if sounding.cue.name == "calibration.gentle":
            self._asked_gently = True
        if sounding.cue.name == "tone.drop":
            kept = self._gentle if self._asked_gently else self._drops
            kept.append(to_seconds(sounding.start))
            self._asked_gently = False

    def save(self, now: datetime) -> Path:
        """Write a WAV file and, beside it, the times of the drop cues; return the former."""
        path = self._folder / now.strftime("calibration-%Y%m%d-%H%M%S.wav")
        times = {"drop_cues_s": self._drops, "gentle_cues_s": self._gentle}
        with told(f"Nothing can be kept in {self._noted_in} ({{why}}); name another."):
            private_folder(self._noted_in)
            before = heel_store.kept_sound(self._noted_in)
            write_private(
                self._noted_in / heel_store.KEPT_SOUND,
                json.dumps([*map(str, before), str(path.resolve())]) + "\n",
            )
        with told(f"Nothing can be kept in {self._folder} ({{why}}); name another."):
            with replacing(path) as new:
                write_wav(new, np.concatenate([np.zeros(0, np.float32), *self._sound]))
            write_private(path.with_suffix(".json"), json.dumps(times) + "\n")
        return path
