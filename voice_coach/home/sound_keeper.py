"""Keeping sound, when the user has asked for it: what was heard, and when cues sounded."""

import json
from datetime import datetime
from pathlib import Path

import numpy as np

from voice_coach.clock import to_seconds
from voice_coach.coach import Action, Event, State
from voice_coach.errors import UserError
from voice_coach.home.session_loop import Sounding
from voice_coach.samples import Samples
from voice_coach.sound.audio_files import write_wav
from voice_coach.sound.block import Block


class Keeper:
    """Keeps the microphone's sound in memory until :meth:`save`; see ``loop.Observer``.

    Parameters
    ----------
    folder
        Where to save; it is made, readable by its owner alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound: list[Samples] = []
        self._drops: list[float] = []
        self._gentle: list[float] = []
        self._asked_gently = False
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UserError(
                f"The folder {folder} cannot be made ({error.strerror}); name another."
            ) from error

    def hear(self, block: Block) -> None:
        """Keep a block."""
        self._sound.append(block.microphone.copy())

    def event(self, event: Event, state: State) -> None:
        """Events are not kept."""

    def action(self, action: Action) -> None:
        """Actions are not kept."""

    def sounding(self, sounding: Sounding) -> None:
        """Keep when a drop cue sounded: it says where to look for a landing, and for which."""
        if sounding.cue.name == "calibration.gentle":
            self._asked_gently = True
        if sounding.cue.name == "tone.drop":
            kept = self._gentle if self._asked_gently else self._drops
            kept.append(to_seconds(sounding.start))
            self._asked_gently = False

    def save(self) -> Path:
        """Write a WAV file and, beside it, the times of the drop cues; return the former."""
        stem = datetime.now().astimezone().strftime("calibration-%Y%m%d-%H%M%S")
        path = self._folder / f"{stem}.wav"
        write_wav(path, np.concatenate([np.zeros(0, np.float32), *self._sound]))
        path.chmod(0o600)
        cues = self._folder / f"{stem}.json"
        times = {"drop_cues_s": self._drops, "gentle_cues_s": self._gentle}
        cues.write_text(json.dumps(times) + "\n", encoding="utf-8")
        cues.chmod(0o600)
        return path
