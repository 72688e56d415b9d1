"""Calibration: from a few good drops to the template of these heels, or why that failed."""

from collections import deque
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from voice_coach.hearing.heels.calibration_drops import (
    EARLIER,
    LATER,
    Drop,
    alike,
    gentle_of,
    mean_of,
    measure,
)
from voice_coach.hearing.heels.onsets import OnsetFinder
from voice_coach.hearing.heels.spectrum import FRAME, STEP, Steps
from voice_coach.hearing.heels.template import HeelTemplate
from voice_coach.samples import Samples

PROMINENT_DB: Final = 8.0
"""Least signal-to-noise ratio of a drop that can be learnt from, in dB."""

RECORDED_DB: Final = 3.0
"""Least signal-to-noise ratio of the drops in a given recording, in dB."""

SEPARATE: Final = 6400
"""Least distance between two drops of a recording without windows, in samples: 0.4 s."""

MOST: Final = 12
"""Drops taken from a recording at most."""

RIVALS: Final = 3
"""Onsets kept of one moment, the loudest: which of them was the drop is seen at the end."""

FAINTER_DB: Final = 8.0
"""An onset this much fainter than another of its moment was not the drop, in dB."""

SWELL_DB: Final = 5.0
"""An onset that swells by more than this below 300 Hz was on its way to the drop, in dB."""

SWELLING: Final = 4800
"""Samples within which it swells: 300 ms."""

LEARNABLE_DB: Final = 6.0
"""Least signal-to-noise ratio of the mean of the drops, in dB.

Drops that resemble each other are known even where most landings are not heard; whether a set
can be listened to is asked before each set.
"""

EVIDENT_DB: Final = 6.0
"""Least power of a drop below 300 Hz, over the room there, from which it may be counted aloud: the
echo of our own tone has none."""

CLIPPED_AT: Final = 0.99
"""Samples beyond this are clipped."""

LOUD_ROOM: Final = 1e-5
"""Noise floor above 100 Hz (mean square) from which the room is blamed for drops not heard."""


class CalibrationReason(StrEnum):
    """Why a calibration failed, in a word; the script has a cue for each."""

    TOO_FEW_HEARD = "too_few"
    TOO_DIFFERENT = "too_different"
    TOO_NOISY = "too_noisy"
    CLIPPED = "clipped"


_REASONS: Final = {
    CalibrationReason.TOO_FEW_HEARD: "too few drops were heard",
    CalibrationReason.TOO_DIFFERENT: "the drops were too different from each other",
    CalibrationReason.TOO_NOISY: "the room is too noisy",
    CalibrationReason.CLIPPED: "the microphone was overloaded",
}


class CalibrationFailed(Exception):  # noqa: N818 - an outcome to be told, named in the interface
    """The drops cannot be learnt from; `reason` says why, `heard` how many there were.

    Its text gives the reason in plain words.
    """

    def __init__(self, reason: CalibrationReason, heard: int) -> None:
        super().__init__(_REASONS[reason])
        self.reason = reason
        self.heard = heard


@dataclass(frozen=True, slots=True)
class DropMeasured:
    """A drop heard while calibrating; stream positions in samples."""

    at: int
    decided: int


class Calibrator:
    """Learns the user's heels from drops made in windows, or from the clearest in a recording.

    Parameters
    ----------
    drops : int
        How many good drops are needed.
    prominent_db : float
        Least signal-to-noise ratio of a drop, in dB.
    hearable_db : float
        Least signal-to-noise ratio of their mean, in dB: below it the room is too noisy.
    room : OnsetFinder, optional
        Knows the room already; without it the room is learnt from the first sound fed.
    """

    def __init__(
        self,
        drops: int = 3,
        *,
        prominent_db: float = PROMINENT_DB,
        hearable_db: float = LEARNABLE_DB,
        room: OnsetFinder | None = None,
    ) -> None:
        self._wanted = drops
        self._prominent, self._hearable = prominent_db, hearable_db
        prior = HeelTemplate.generic().spectrum
        self._finder = OnsetFinder(prior, -np.inf, before=EARLIER, after=LATER)
        if room is not None:
            self._finder.know(room)
        self._microphone = Steps()
        self._playback = Steps()
        self._windows: list[tuple[int, int]] = []
        self._gentle: set[int] = set()
        self._moments: list[_Moment] = []
        self._clipped: deque[int] = deque(maxlen=64)

    def open_window(self, start: int, end: int, *, gentle: bool = False) -> None:
        """Expect one drop in stream positions `start` to `end` (excluded).

        A `gentle` one is not learnt from: it tells where soft begins. It may stay away.
        """
        self._windows.append((start, end))
        if gentle:
            self._gentle.add(start)

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[DropMeasured]:
        """Take in the next samples; return the drops first heard in them, one for each window.

        What has nothing below 300 Hz, as the echo of our own tone, is none within a window.

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
                drop = measure(
                    onset, any(-FRAME <= c - onset.at <= 2 * FRAME for c in self._clipped)
                )
                moment = self._keep(drop) if drop.snr_db >= self._least(drop.at) else None
                if moment is not None and not moment.told and self._is_evident(drop):
                    moment.told = True
                    measured.append(DropMeasured(onset.at, onset.decided))
        return measured

    def finish(self) -> HeelTemplate:
        """Return the template at the end of the sound; CalibrationFailed when it will not do."""
        self.feed(np.zeros(STEP * 8, np.float32))
        return self.template()

    def template(self) -> HeelTemplate:
        """Return the template of the drops heard so far; CalibrationFailed when they will not do.

        Feeding may go on: a gentle drop is usually asked for once the good ones are learnt.
        """
        moments = [m for m in self._moments if m.first not in self._gentle]
        heard = len(moments)
        if heard < self._wanted:
            loud = float(self._finder.floor.power[2:].sum()) > LOUD_ROOM
            reason = CalibrationReason.TOO_NOISY if loud else CalibrationReason.TOO_FEW_HEARD
            raise CalibrationFailed(reason, heard)
        clearest = sorted(moments, key=lambda m: -m.drops[0].clarity)[:MOST]
        drops = alike([moment.drops for moment in clearest], self._wanted)
        if len(drops) < self._wanted:
            raise CalibrationFailed(CalibrationReason.TOO_DIFFERENT, heard)
        if 2 * sum(drop.clipped for drop in drops) > len(drops):
            raise CalibrationFailed(CalibrationReason.CLIPPED, heard)
        template = mean_of(drops)
        ratio = template.spectrum / np.median([drop.noise for drop in drops], axis=0)
        if 10 * np.log10(float(np.sum(ratio**2)) / float(np.sum(ratio))) < self._hearable:
            raise CalibrationFailed(CalibrationReason.TOO_NOISY, heard)
        for moment in self._moments:
            if moment.first in self._gentle:
                template = replace(template, gentle_db=gentle_of(moment.drops, drops))
        return template

    def _least(self, at: int) -> float:
        """Return the least signal-to-noise ratio of a drop at `at`, in dB."""
        gentle = any(start <= at < end and start in self._gentle for start, end in self._windows)
        return RECORDED_DB if gentle else self._prominent

    def _is_evident(self, drop: Drop) -> bool:
        return not self._windows or drop.body_db >= EVIDENT_DB

    def _keep(self, drop: Drop) -> "_Moment | None":
        """Remember `drop` as a possible one of its moment, which is returned if there is one."""
        if self._windows:
            inside = [w for w in self._windows if w[0] <= drop.at < w[1]]
            if not inside:
                return None
            first, last = inside[0]
        else:
            first, last = drop.at, drop.at + SEPARATE
        for moment in self._moments:
            if moment.first <= drop.at < moment.last:
                moment.drops = _loudest([*moment.drops, drop])
                return moment
        new = _Moment(first, last, [drop])
        self._moments.append(new)
        if len(self._moments) > 5 * MOST:
            self._moments.remove(min(self._moments, key=lambda m: m.drops[0].clarity))
        return new


def _loudest(drops: list[Drop]) -> list[Drop]:
    """Return the onsets that may have been the drop: of the loudest below 300 Hz, the loudest."""
    drops = [
        drop
        for drop in drops
        if not any(
            0 < later.at - drop.at <= SWELLING and later.deep_db > drop.deep_db + SWELL_DB
            for later in drops
        )
    ]
    body = max(drop.body_db for drop in drops) - FAINTER_DB
    deep = [drop for drop in drops if drop.body_db > body]
    level = max(drop.level_db for drop in deep) - FAINTER_DB
    loud = [drop for drop in deep if drop.level_db > level]
    return sorted(loud, key=lambda drop: -drop.clarity)[:RIVALS]


@dataclass(slots=True)
class _Moment:
    """A stretch of the stream that holds one drop at most, and what might be that drop."""

    first: int
    last: int
    drops: list[Drop]
    told: bool = False
    """That there was a drop has been reported."""


def calibrate(recording: Samples, drops: int = 3) -> HeelTemplate:
    """Return the template learnt from a whole recording that holds at least `drops` good drops.

    A recording cannot be made again on the spot: fainter drops will do than in a session.
    """
    calibrator = Calibrator(drops, prominent_db=RECORDED_DB, hearable_db=RECORDED_DB)
    calibrator.feed(recording)
    return calibrator.finish()
