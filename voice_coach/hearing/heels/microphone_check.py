"""What is wrong with the microphone, from a recording of the room and drops."""

from enum import StrEnum
from typing import Final

import numpy as np

from voice_coach.hearing.heels.spectrum import BAND_EDGES, BandAnalyser, Powers, Steps, decibels
from voice_coach.samples import Samples

CLIPPED_AT: Final = 0.99
"""Samples beyond this are at the end of the scale."""

CLIPPED_RUN: Final = 3
"""As many in a row are clipped; fewer may be chance."""

SHORTEST: Final = 50
"""Steps of sound that tell something of the microphone: one second."""

MISSING_DB: Final = 15.0
"""Low sound this much weaker than sound around 400 Hz has been filtered away, in dB."""

LOUD_DB: Final = 25.0
"""A moment this much over the room is loud enough to make an automatic gain move, in dB."""

MOVED_DB: Final = 4.5
"""A room this much quieter after loud moments than before tells of automatic gain, in dB."""


class MicrophoneProblem(StrEnum):
    """What can be wrong, in a word; the script has a cue for each that says what to do."""

    CLIPPED = "clipped"
    LOW_SOUND_FILTERED = "filtered"
    GAIN_CHANGES = "gain"


class MicrophoneCheck:
    """Tells what is wrong with a microphone from the sound of the room and of some drops."""

    def __init__(self) -> None:
        self._steps = Steps()
        self._analyser = BandAnalyser()
        self._powers: list[Powers] = []
        self._last = np.zeros(0, dtype=bool)
        self._clipped = False

    def feed(self, samples: Samples) -> None:
        """Take in the next samples."""
        loud = np.concatenate([self._last, np.abs(samples) >= CLIPPED_AT])
        if len(loud) >= CLIPPED_RUN:
            run = np.convolve(loud, np.ones(CLIPPED_RUN), "valid").max()
            self._clipped = self._clipped or bool(run >= CLIPPED_RUN)
        self._last = loud[-(CLIPPED_RUN - 1) :]
        self._powers += [self._analyser.powers(step) for step in self._steps.cut(samples)]

    def problems(self) -> list[MicrophoneProblem]:
        """Return what is wrong; empty when nothing is."""
        problems = [MicrophoneProblem.CLIPPED] if self._clipped else []
        if len(self._powers) < SHORTEST:
            return problems
        powers = np.concatenate(self._powers)[8:]
        if _low_sound_missing(powers):
            problems.append(MicrophoneProblem.LOW_SOUND_FILTERED)
        if _gain_moves(powers):
            problems.append(MicrophoneProblem.GAIN_CHANGES)
        return problems


def check_microphone(samples: Samples) -> list[MicrophoneProblem]:
    """Return what is wrong with the microphone that recorded `samples`; empty when nothing is."""
    check = MicrophoneCheck()
    check.feed(samples)
    return check.problems()


def _low_sound_missing(powers: Powers) -> bool:
    """Return whether 110-190 Hz is far weaker than 300-600 Hz, in the room and at its loudest."""
    centres = np.sqrt(BAND_EDGES[1:] * BAND_EDGES[:-1])
    low = (centres > 110) & (centres < 190)
    middle = (centres > 300) & (centres < 600)
    for share in (0.5, 0.995):
        level = decibels(np.quantile(powers, share, axis=0))
        if level[middle].mean() - level[low].mean() < MISSING_DB:
            return False
    return True


def _gain_moves(powers: Powers) -> bool:
    """Return whether the room is quieter just after loud moments than just before."""
    level = decibels(powers.sum(axis=1))
    room = float(np.median(level))
    loud = np.flatnonzero(level > room + LOUD_DB)
    changes = []
    last = -1000
    for frame in loud:
        if frame - last > 200 and frame >= 60 and frame + 220 < len(level):
            before = np.quantile(level[frame - 60 : frame - 10], 0.3)
            after = np.quantile(level[frame + 140 : frame + 220], 0.3)
            changes.append(float(before - after))
        last = int(frame)
    return len(changes) >= 2 and float(np.median(changes)) > MOVED_DB
