"""Which of several templates it is today: the one that the first landings resemble most.

Somebody may have been calibrated in shoes and in slippers, in the kitchen and in the hall. Until
enough landings have told which it is, every template has a detector of its own, and what one of
them hears is heard.
"""

import math
from collections import deque
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.hearing.heels.detector import ThumpDetector
from voice_coach.hearing.heels.landing import Landing, Verdict
from voice_coach.hearing.heels.spectrum import decibels
from voice_coach.hearing.heels.template import LAGS, HeelTemplate
from voice_coach.samples import Samples

LANDINGS: Final = 3
"""Landings from which it is decided."""

OTHERS: Final = 2
"""Other templates tried at most: until it is decided, each costs as much as the ear itself."""

SURE: Final = 6.0
"""Logarithms of odds beyond this tell nothing more."""

LEVEL_DB: Final = 3.0
"""A level this far from the one learnt divides the odds of a template by e."""

JUDGED: Final = to_samples(0.2)
"""Samples after the end of a window by which every detector has judged what was in it."""

ALIKE_DB: Final = 2.6
"""Templates whose shapes differ by less are taken for the same footwear on the same floor, in dB.

Footwear that sounds so alike is heard as well with either template.
"""

AUDIBLE_DB: Final = 25.0
"""Cells that far below the loudest are left out of the comparison, in dB."""

LARGEST_LAG: Final = 5
"""Frames by which one template is moved to match another."""


def misfit_db(one: HeelTemplate, other: HeelTemplate) -> float:
    """Return how much two templates differ in shape, whatever their levels.

    It is the mean absolute difference over the cells that are audible in either, in dB.
    """
    first, second = decibels(one.power), decibels(other.power)
    misfits = []
    for lag in range(-LARGEST_LAG, LARGEST_LAG + 1):
        moved = second[np.clip(np.arange(LAGS) + lag, 0, LAGS - 1)]
        loudest = np.maximum(first - first.max(), moved - moved.max())
        apart = (first - moved)[loudest > -AUDIBLE_DB]
        misfits.append(float(np.abs(apart - np.median(apart)).mean()))
    return min(misfits)


def renewed_by(learnt: HeelTemplate, known: Sequence[HeelTemplate]) -> int | None:
    """Return which of the `known` templates `learnt` is a newer one of; None for none of them."""
    misfits = [misfit_db(template, learnt) for template in known]
    nearest = int(np.argmin(misfits)) if misfits else None
    return nearest if nearest is not None and misfits[nearest] < ALIKE_DB else None


@dataclass(slots=True)
class _Window:
    """A window, and the best that each detector found in it."""

    start: int
    end: int
    best: list[float]
    landed: bool = False
    closed: bool = False
    """Nothing more of it is reported."""
    forgotten: bool = False
    """It was closed before it began."""


class TemplateChoice:
    """Listens with several detectors at once until it is plain which one knows these heels.

    Parameters
    ----------
    present : ThumpDetector
        The detector in use, with no window open; its template is the likeliest.
    others : sequence of HeelTemplate
        What else is known of these heels, the likeliest first; the first `OTHERS` are tried.
    """

    def __init__(self, present: ThumpDetector, others: Sequence[HeelTemplate]) -> None:
        self._ears = [present]
        for template in others[:OTHERS]:
            # A copy has its place in the stream, and knows the room.
            ear = deepcopy(present)
            ear.learn(template)
            self._ears.append(ear)
        self._present = present
        self._windows: deque[_Window] = deque()
        self._evidence = [0.0] * len(self._ears)
        self._landings = 0

    @property
    def chosen(self) -> ThumpDetector | None:
        """The detector that knows these heels; None while that is open."""
        if self._landings < LANDINGS:
            return None
        return self._ears[int(np.argmax(self._evidence))]

    @property
    def can_hear(self) -> bool:
        """Whether drops would be told from the room now, if they are like any that are known."""
        return any(ear.can_hear for ear in self._ears)

    def open_window(self, start: int, end: int, *, prompted: int) -> None:
        """Listen for one repetition in stream positions `start` to `end` (excluded).

        `prompted` is the position of its drop cue.
        """
        for ear in self._ears:
            ear.open_window(start, end, prompted=prompted)
        self._windows.append(_Window(start, end, [-SURE] * len(self._ears)))

    def close_window(self) -> None:
        """Report nothing more from the open windows; one that has begun still tells which it is."""
        position = self._present.room.position
        for window in self._windows:
            window.closed = True
            window.forgotten = window.start >= position

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[Landing]:
        """Take in the next samples; return what was heard.

        A window has one certain landing at most: the likeliest of those that come together,
        whichever detector heard it. Doubtful ones are told while the window is without.
        """
        landed: list[Landing] = []
        doubtful: list[Landing] = []
        for number, ear in enumerate(self._ears):
            for verdict in ear.verdicts(microphone, playback):
                window = self._weigh(number, verdict)
                if verdict.rejected is None:
                    landed.append(verdict.landing)
                elif verdict.is_landing and window is not None and not window.closed:
                    doubtful.append(verdict.landing)
        landed.sort(key=lambda landing: -landing.probability)
        reported = [landing for landing in landed if self._is_first(landing)]
        self._end_windows()
        return [*reported, *doubtful]

    def _window(self, at: int) -> _Window | None:
        inside = (w for w in self._windows if w.start <= at < w.end and not w.forgotten)
        return next(inside, None)

    def _weigh(self, number: int, verdict: Verdict) -> _Window | None:
        """Keep the best that a detector found in a window: like the heels, at their level."""
        sound = verdict.landing
        window = self._window(sound.impact)
        if window is not None:
            odds = math.log(max(sound.probability, 1e-9) / max(1 - sound.probability, 1e-9))
            odds = min(max(odds, -SURE), SURE) - abs(sound.level_db) / LEVEL_DB
            window.best[number] = max(window.best[number], odds)
        return window

    def _is_first(self, landing: Landing) -> bool:
        """Note a counted landing; return whether it is the first of an open window."""
        window = self._window(landing.impact)
        if window is None:
            return False
        window.landed = True
        first, window.closed = not window.closed, True
        return first

    def _end_windows(self) -> None:
        """Add up what the windows told that are over."""
        while self._windows and self._windows[0].end + JUDGED <= self._present.room.position:
            window = self._windows.popleft()
            if window.landed:
                self._landings += 1
                self._evidence = [
                    before + best for before, best in zip(self._evidence, window.best, strict=True)
                ]
