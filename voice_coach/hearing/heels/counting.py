"""Which sudden sounds are counted: one for each window, given how likely each of them is."""

from collections import deque
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.hearing.heels import thresholds
from voice_coach.hearing.heels.comparison import Comparison
from voice_coach.hearing.heels.landing import Landing, Rejection, Verdict
from voice_coach.hearing.heels.landing_rhythm import LandingRhythm
from voice_coach.hearing.heels.spectrum import STEP
from voice_coach.hearing.heels.thresholds import Thresholds
from voice_coach.hearing.heels.unprompted import Unprompted

ON_ITS_WAY_DB: Final = -1.5
"""A sound fainter than this in a room that was already rising may only lead to the impact."""

CERTAIN_ON_ITS_WAY: Final = 4.0
"""Logarithm of the odds from which such a sound is counted at once."""

ALONE: Final = 2.0
"""The same from which a sound is counted when nobody said when to listen."""

EXPECTED: Final = (to_samples(0.10), to_samples(0.68))
"""Samples after the drop cue within which heels usually land."""

UNEXPECTED: Final = -1.5
"""Added to the logarithm of the odds of a sound at any other moment of its window."""

REFRACTORY: Final = 4800
"""Samples after a counted thump in which nothing is counted without windows: 300 ms."""

TAIL: Final = 6 * STEP
"""Samples after the end of a window by which its last sound has been judged."""


class Window(NamedTuple):
    """Where one landing is listened for: stream positions `start` to `end` (excluded)."""

    start: int
    end: int
    prompted: int
    """Position of the drop cue."""

    def holds(self, at: int) -> bool:
        """Whether position `at` lies within."""
        return self.start <= at < self.end


class Counting:
    """Counts one landing for each window, or any landing when there are none.

    Parameters
    ----------
    gated : bool
        Count in windows only, before the first window too.
    chosen : Thresholds, optional
        The limits; those that ship when None.
    """

    def __init__(self, *, gated: bool = False, chosen: Thresholds | None = None) -> None:
        self._limits = chosen or thresholds.load()
        self._windows: deque[Window] = deque()
        self._gated = gated
        self._counted = False
        self._best: tuple[float, Verdict] | None = None
        self._quiet_until = 0
        self._rhythm = LandingRhythm()
        self._unprompted = Unprompted()

    def forget_the_unprompted(self) -> None:
        """Hold nothing against the room any more: other heels are listened for."""
        self._unprompted = Unprompted()

    def penalty_db(self, at: int) -> float:
        """Return what the room's own thumps cost at `at`, in dB of signal-to-noise ratio."""
        return self._unprompted.penalty_db(at)

    def open_window(self, start: int, end: int, *, prompted: int) -> None:
        """Count one landing in stream positions `start` to `end` (excluded).

        `prompted` is where the drop cue is.
        """
        self._gated = True
        if self._windows:
            start = max(start, self._windows[-1].end)
        if end > start:
            self._windows.append(Window(start, end, prompted))

    def close_window(self) -> None:
        """Forget every open and future window."""
        self._windows.clear()
        self._counted = False
        self._best = None

    def consider(self, sound: Comparison, evidence: float) -> list[Verdict]:
        """Count `sound`, reject it, or keep it for the end of its window.

        `evidence` is the logarithm of the odds by sound alone. Returns what is settled by it:
        a sound that was kept until now may be rejected for it.
        """
        if not (self._windows and self._windows[0].start <= sound.impact):
            self._unprompted.add(sound.impact, evidence)
        elif self._gated:
            evidence += self._prior(sound.impact)
        landing = Landing(
            sound.impact,
            sound.decided,
            round(sound.level_db, 1),
            round(float(1.0 / (1.0 + np.exp(-evidence))), 4),
            certain=False,
            gentle_db=sound.gentle_db,
        )
        considered = Verdict(landing, None, sound)
        if not self._gated:
            return [self._alone(considered, evidence)]
        on_its_way = landing.level_db < ON_ITS_WAY_DB and sound.swell_db > 0.0
        return self._within(considered, evidence, CERTAIN_ON_ITS_WAY if on_its_way else -np.inf)

    def end_windows(self, position: int, now: int) -> list[Verdict]:
        """Close the windows that end at or before `position`; return what counts in them.

        `now` is the stream position up to which sound is known.
        """
        counted = []
        while self._windows and self._windows[0].end <= position:
            window = self._windows.popleft()
            self._unprompted.window_ended(window.end)
            if self._best is not None:
                best = self._best[1]
                self._rhythm.landed(best.landing.impact - window.prompted)
                counted.append(_counted(best, decided=now))
            self._best = None
            self._counted = False
        return counted

    def _prior(self, at: int) -> float:
        """Return what the moment alone says about a sound, as a logarithm of odds."""
        after = at - self._windows[0].prompted
        usual = EXPECTED[0] <= after < EXPECTED[1]
        return self._rhythm.odds(after) + (0.0 if usual else UNEXPECTED)

    def _alone(self, sound: Verdict, evidence: float) -> Verdict:
        """Count or reject `sound` where nobody said when to listen."""
        if evidence < ALONE:
            return _rejected(sound, Rejection.NOT_LIKE_THE_DROPS)
        if sound.landing.impact < self._quiet_until:
            return _rejected(sound, Rejection.REFRACTORY)
        self._quiet_until = sound.landing.impact + REFRACTORY
        return _counted(sound)

    def _within(self, sound: Verdict, evidence: float, certain: float) -> list[Verdict]:
        """Count `sound` in its window at once, keep it to the window's end, or reject it."""
        if not self._windows or not self._windows[0].holds(sound.landing.impact):
            return [_rejected(sound, Rejection.OUTSIDE_WINDOW)]
        if self._counted:
            return [_rejected(sound, Rejection.ALREADY_COUNTED)]
        if evidence < self._limits.likely:
            unsure = evidence >= self._limits.unsure
            return [_rejected(sound, Rejection.UNSURE if unsure else Rejection.NOT_LIKE_THE_DROPS)]
        if evidence >= certain:
            settled = self._drop_best()
            self._counted = True
            self._rhythm.landed(sound.landing.impact - self._windows[0].prompted)
            return [*settled, _counted(sound)]
        if self._best is None or evidence > self._best[0]:
            settled = self._drop_best()
            self._best = evidence, sound
            return settled
        return [_rejected(sound, Rejection.BETTER_ONE_FOUND)]

    def _drop_best(self) -> list[Verdict]:
        """Reject the likeliest sound of the window so far, if there is one: another is likelier."""
        if self._best is None:
            return []
        best, self._best = self._best[1], None
        return [_rejected(best, Rejection.BETTER_ONE_FOUND)]


def _counted(sound: Verdict, decided: int | None = None) -> Verdict:
    landing = sound.landing
    decided = landing.decided if decided is None else decided
    return replace(sound, landing=replace(landing, decided=decided, certain=True))


def _rejected(sound: Verdict, reason: Rejection) -> Verdict:
    return replace(sound, rejected=reason)
