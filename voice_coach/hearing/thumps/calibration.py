"""Calibration: from a few good drops to the template of these heels, or why that failed."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from voice_coach.hearing.thumps.detector import HEARABLE_DB
from voice_coach.hearing.thumps.onsets import Onset, OnsetFinder
from voice_coach.hearing.thumps.spectrum import FRAME, STEP, TINY, Powers, Steps, decibels
from voice_coach.hearing.thumps.template import AFTER, BEFORE, CORE, HeelTemplate
from voice_coach.samples import Samples

PROMINENT_DB: Final = 10.0
"""Least signal-to-noise ratio of a drop that can be learnt from, in dB."""

APART_DB: Final = 9.0
"""Drops whose levels differ by more are too different, in dB."""

MISFIT_DB: Final = 9.0
"""Drops whose shapes differ by more are too different: mean over audible cells, in dB."""

REPLACES_DB: Final = 6.0
"""A later onset in the same window replaces the first one when it is this much clearer, in dB."""

SEPARATE: Final = 6400
"""Least distance between two drops of a recording without windows, in samples: 0.4 s."""

MOST: Final = 12
"""Drops taken from a recording at most."""

CLIPPED_AT: Final = 0.99
"""Samples beyond this are clipped."""

LOUD_ROOM: Final = 1e-5
"""Noise floor above 100 Hz (mean square) from which the room is blamed for drops not heard."""


class CalibrationReason(StrEnum):
    """Why a calibration failed."""

    TOO_FEW_HEARD = "too few drops were heard"
    TOO_DIFFERENT = "the drops were too different from each other"
    TOO_NOISY = "the room is too noisy"
    CLIPPED = "the microphone was overloaded"


class CalibrationFailed(Exception):  # noqa: N818 - an outcome to be told, named in the interface
    """The drops cannot be learnt from; `reason` says why, `heard` how many there were."""

    def __init__(self, reason: CalibrationReason, heard: int) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.heard = heard


@dataclass(frozen=True, slots=True)
class DropMeasured:
    """A drop heard while calibrating; stream positions in samples."""

    at: int
    decided: int


@dataclass(frozen=True, slots=True)
class _Drop:
    """An onset as a possible drop: power above the room, and how clear it is."""

    at: int
    excess: Powers
    noise: Powers
    snr_db: float
    clipped: bool


class Calibrator:
    """Learns the user's heels from drops made in windows, or from the clearest in a recording.

    Parameters
    ----------
    drops : int
        How many good drops are needed.
    """

    def __init__(self, drops: int = 3) -> None:
        self._wanted = drops
        prior = HeelTemplate.generic().spectrum
        self._finder = OnsetFinder(prior, -np.inf, before=BEFORE, after=AFTER)
        self._microphone = Steps()
        self._playback = Steps()
        self._windows: list[tuple[int, int]] = []
        self._drops: list[_Drop] = []
        self._clipped: deque[int] = deque(maxlen=64)

    def open_window(self, start: int, end: int) -> None:
        """Expect one drop in stream positions `start` to `end` (excluded)."""
        self._windows.append((start, end))

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[DropMeasured]:
        """Take in the next samples; return the drops first heard in them, one for each window.

        `playback` is what our own loudspeaker emitted meanwhile; None is silence.
        """
        if playback is None:
            playback = np.zeros(len(microphone), np.float32)
        measured = []
        steps = self._microphone.cut(microphone)
        for step, own in zip(steps, self._playback.cut(playback), strict=True):
            if np.abs(step).max() >= CLIPPED_AT:
                self._clipped.append(self._finder.position)
            for onset in self._finder.step(step, own):
                drop = self._drop(onset)
                if drop.snr_db >= PROMINENT_DB and self._keep(drop):
                    measured.append(DropMeasured(onset.at, onset.decided))
        return measured

    def finish(self) -> HeelTemplate:
        """Return the template of the drops heard; CalibrationFailed when they will not do."""
        self.feed(np.zeros(STEP * 5, np.float32))
        heard = len(self._drops)
        if heard < self._wanted:
            loud = float(self._finder.floor.power[2:].sum()) > LOUD_ROOM
            reason = CalibrationReason.TOO_NOISY if loud else CalibrationReason.TOO_FEW_HEARD
            raise CalibrationFailed(reason, heard)
        alike = _alike(self._drops)
        if len(alike) < self._wanted:
            raise CalibrationFailed(CalibrationReason.TOO_DIFFERENT, heard)
        if 2 * sum(drop.clipped for drop in alike) > len(alike):
            raise CalibrationFailed(CalibrationReason.CLIPPED, heard)
        template = _template(alike)
        ratio = template.spectrum / np.median([drop.noise for drop in alike], axis=0)
        if 10 * np.log10(float(np.sum(ratio**2)) / float(np.sum(ratio))) < HEARABLE_DB:
            raise CalibrationFailed(CalibrationReason.TOO_NOISY, heard)
        return template

    def _drop(self, onset: Onset) -> _Drop:
        noise = onset.floor + onset.echo
        excess = np.maximum(onset.patch - noise, TINY)
        ratio = excess[CORE].mean(axis=0) / onset.floor
        snr = 10 * np.log10(float(np.sum(ratio**2)) / max(float(np.sum(ratio)), 1e-20))
        clipped = any(-FRAME <= at - onset.at <= 2 * FRAME for at in self._clipped)
        return _Drop(onset.at, excess, onset.floor, float(snr), clipped)

    def _keep(self, drop: _Drop) -> bool:
        """Remember `drop` if it is its window's or its moment's clearest; return whether it is new."""
        if self._windows:
            inside = [w for w in self._windows if w[0] <= drop.at < w[1]]
            if not inside:
                return False
            first, last = inside[0]
        else:
            first, last = drop.at - SEPARATE, drop.at + SEPARATE
        rivals = [i for i, old in enumerate(self._drops) if first <= old.at < last]
        if not rivals:
            self._drops.append(drop)
            del self._drops[: -10 * MOST]
            return True
        margin = REPLACES_DB if self._windows else 0.0
        if drop.snr_db > self._drops[rivals[-1]].snr_db + margin:
            self._drops[rivals[-1]] = drop
        return False


def calibrate(recording: Samples, drops: int = 3) -> HeelTemplate:
    """Return the template learnt from a whole recording that holds at least `drops` good drops."""
    calibrator = Calibrator(drops)
    calibrator.feed(recording)
    return calibrator.finish()


def _alike(drops: list[_Drop]) -> list[_Drop]:
    """Return the clearest group of drops that resemble one of them, clearest first."""
    clearest = sorted(drops, key=lambda drop: -drop.snr_db)[:MOST]
    groups = [[b for b in clearest if a is b or _resemble(a, b)] for a in clearest]
    return max(groups, key=lambda group: sum(drop.snr_db for drop in group))


def _resemble(one: _Drop, other: _Drop) -> bool:
    level = float(_level_db(other) - _level_db(one))
    return abs(level) <= APART_DB and _misfit(one, _shift(other, _lag(one, other)), level) <= MISFIT_DB


def _level_db(drop: _Drop) -> float:
    return float(decibels(drop.excess[CORE].sum()))


def _lag(one: _Drop, other: _Drop) -> int:
    """Return by how many frames `other` is late against `one` (at most 2)."""
    a = _cells(one.excess, one.noise)
    scores = [
        float((a[2:-2] * np.roll(_cells(other.excess, other.noise), -s, axis=0)[2:-2]).sum())
        for s in (-2, -1, 0, 1, 2)
    ]
    return int(np.argmax(scores)) - 2


def _cells(excess: Powers, noise: Powers) -> Powers:
    return decibels(1.0 + excess / noise)


def _shift(drop: _Drop, lag: int) -> Powers:
    """Return the excess of `drop` moved `lag` frames earlier, its edge frames repeated."""
    rows = np.clip(np.arange(len(drop.excess)) + lag, 0, len(drop.excess) - 1)
    return drop.excess[rows]


def _misfit(one: _Drop, other: Powers, level_db: float) -> float:
    """Return the mean difference of two drops over the cells audible in either, in dB."""
    noise = one.noise
    a = decibels(one.excess + noise)
    b = decibels(other * 10 ** (-level_db / 10) + noise)
    audible = np.maximum(one.excess, other) > 2 * noise
    return float(np.abs(a - b)[audible].mean()) if audible.any() else 99.0


def _template(drops: list[_Drop]) -> HeelTemplate:
    """Return the mean of `drops`, aligned in time and level."""
    first = drops[0]
    levels = np.array([_level_db(drop) for drop in drops])
    middle = float(np.median(levels))
    moved = [_shift(drop, _lag(first, drop)) for drop in drops]
    aligned = [
        excess * np.float32(10 ** ((middle - level) / 10))
        for excess, level in zip(moved, levels, strict=True)
    ]
    mean = np.mean(aligned, axis=0)
    noise = np.median([drop.noise for drop in drops], axis=0)
    audible = mean > 2 * noise
    spread = np.abs(decibels(np.array(aligned) + noise) - decibels(mean + noise))[:, audible]
    return HeelTemplate(
        power=np.maximum(mean, TINY).astype(np.float32),
        spread_db=float(spread.mean()) if audible.any() else 0.0,
        calibrated=True,
        drops=len(drops),
    )
