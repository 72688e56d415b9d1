"""Keeping sound, when the user has asked for it: what was heard, and when cues sounded."""

import json
from datetime import datetime
from pathlib import Path

import numpy as np

from voice_coach.clock import to_seconds
from voice_coach.home import heel_store
from voice_coach.home.heel_store import Underfoot
from voice_coach.home.kept_sound import Circumstances, KeptSound
from voice_coach.home.observer import Observer, Sounding
from voice_coach.private_files import private_folder, told, write_private
from voice_coach.samples import Samples
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
    underfoot
        What the drops are made in, and on, where it was said.
    """

    def __init__(self, folder: Path, noted_in: Path, underfoot: Underfoot | None = None) -> None:
        self._folder = folder
        self._noted_in = noted_in
        self._underfoot = underfoot or Underfoot()
        self._sound: list[Samples] = []
        self._own: list[Samples] = []
        self._drops: list[float] = []
        self._gentle: list[float] = []
        self._asked_gently = False
        with told(f"The folder {folder} cannot be made ({{why}}); name another."):
            private_folder(folder)

    def hear(self, block: Block) -> None:
        """Keep a block."""
        self._sound.append(block.microphone.copy())
        self._own.append(block.playback.copy())

    def sounding(self, sounding: Sounding) -> None:
        """Keep when a drop cue sounded: it says where to look for a landing, and for which."""
        if sounding.cue.name == "calibration.gentle":
            self._asked_gently = True
        if sounding.cue.name == "tone.drop":
            kept = self._gentle if self._asked_gently else self._drops
            kept.append(to_seconds(sounding.start))
            self._asked_gently = False

    def save(self, now: datetime) -> Path:
        """Write what was kept (see :mod:`~voice_coach.home.kept_sound`); return the recording."""
        path = self._folder / now.strftime("calibration-%Y%m%d-%H%M%S.wav")
        known = Circumstances(
            self._drops, self._gentle, self._underfoot.footwear, self._underfoot.floor
        )
        with told(f"Nothing can be kept in {self._noted_in} ({{why}}); name another."):
            private_folder(self._noted_in)
            before = heel_store.kept_sound(self._noted_in)
            write_private(
                self._noted_in / heel_store.KEPT_SOUND,
                json.dumps([*map(str, before), str(path.resolve())]) + "\n",
            )
        with told(f"Nothing can be kept in {self._folder} ({{why}}); name another."):
            KeptSound(_whole(self._sound), _whole(self._own), known).write(path)
        return path


def _whole(blocks: list[Samples]) -> Samples:
    return np.concatenate([np.zeros(0, np.float32), *blocks])
