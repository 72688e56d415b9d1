"""Which sudden sounds are counted: one for each window, given how likely each of them is."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.hearing.heels import thresholds
from voice_coach.hearing.heels.landing import Candidate, Refusal, ThumpHeard
from voice_coach.hearing.heels.landing_rhythm import Rhythm
from voice_coach.hearing.heels.spectrum import STEP
from voice_coach.hearing.heels.thresholds import Thresholds
from voice_coach.hearing.heels.unprompted import Unasked

ON_ITS_WAY_DB: Final = -1.5
"""A candidate fainter than this in a room that was already rising may only lead to the impact."""

CERTAIN_ON_ITS_WAY: Final = 4.0
"""Logarithm of the odds from which such a candidate is counted at once."""

ALONE: Final = 2.0
"""The same from which a candidate is counted when nobody said when to listen."""

EXPECTED: Final = (to_samples(0.25), to_samples(0.83))
"""Samples from the start of a window within which heels usually land."""

UNEXPECTED: Final = -1.5
"""Added to the logarithm of the odds of a candidate elsewhere in its window."""

REFRACTORY: Final = 4800
"""Samples after a counted thump in which nothing is counted without windows: 300 ms."""

MOST_CANDIDATES: Final = 1000
"""Candidates kept until they are taken: the oldest are forgotten."""

TAIL: Final = 6 * STEP
"""Samples after the end of a window by which its last candidate has been judged."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A sudden sound with the judge's opinion of it; positions are stream samples."""

    at: int
    decided: int
    level_db: float
    swell_db: float
    """How far the room stood over its floor just before, in dB."""
    evidence: float
    """Logarithm of the odds by sound alone."""
    detail: str
    """What spoke loudest, in words."""


class Counting:
    """Counts one thump for each window, or any thump when there are none.

    Parameters
    ----------
    gated : bool
        Count in windows only, before the first window too.
    chosen : Thresholds, optional
        The limits; those that ship when None.
    """

    def __init__(self, *, gated: bool = False, chosen: Thresholds | None = None) -> None:
        self._limits = chosen or thresholds.load()
        self._windows: deque[tuple[int, int]] = deque()
        self._gated = gated
        self._counted = False
        self._best: tuple[float, Candidate] | None = None
        self._quiet_until = 0
        self._rhythm = Rhythm()
        self._unasked = Unasked()
        self._candidates: deque[Candidate] = deque(maxlen=MOST_CANDIDATES)

    def forget_the_unasked(self) -> None:
        """Hold nothing against the room any more: other heels are listened for."""
        self._unasked = Unasked()

    def penalty_db(self, at: int) -> float:
        """Return what the room's own thumps cost at `at`, in dB of signal-to-noise ratio."""
        return self._unasked.penalty_db(at)

    def open_window(self, start: int, end: int) -> None:
        """Count one repetition in stream positions `start` to `end` (excluded)."""
        self._gated = True
        if self._windows:
            start = max(start, self._windows[-1][1])
        if end > start:
            self._windows.append((start, end))

    def close_window(self) -> None:
        """Forget every open and future window."""
        self._windows.clear()
        self._counted = False
        self._best = None

    def take_candidates(self) -> list[Candidate]:
        """Return, once, the sounds considered since the last call, in order of decision."""
        taken = list(self._candidates)
        self._candidates.clear()
        return taken

    def consider(self, sound: Judged) -> list[ThumpHeard]:
        """Count `sound`, keep it for the end of its window, or refuse it; return what counts."""
        evidence = sound.evidence
        if not (self._windows and self._windows[0][0] <= sound.at):
            self._unasked.add(sound.at, evidence)
        elif self._gated:
            evidence += self._prior(sound.at)
        level = round(sound.level_db, 1)
        probability = round(float(1.0 / (1.0 + np.exp(-evidence))), 4)
        candidate = Candidate(
            sound.at, sound.decided, level, probability, None, sound.detail
        )  # fmt: skip
        if not self._gated:
            return self._alone(candidate, evidence)
        on_its_way = level < ON_ITS_WAY_DB and sound.swell_db > 0.0
        return self._within(candidate, evidence, CERTAIN_ON_ITS_WAY if on_its_way else -np.inf)

    def end_windows(self, position: int, now: int) -> list[ThumpHeard]:
        """Close the windows that end at or before `position`; return what counts in them.

        `now` is the stream position up to which sound is known.
        """
        heard = []
        while self._windows and self._windows[0][1] <= position:
            start, end = self._windows.popleft()
            self._unasked.window_ended(end)
            if self._best is not None:
                best = self._best[1]
                self._rhythm.landed(best.at - start)
                heard.append(self._count(replace(best, decided=now)))
            self._best = None
            self._counted = False
        return heard

    def _prior(self, at: int) -> float:
        """Return what the moment alone says about a sound, as a logarithm of odds."""
        after = at - self._windows[0][0]
        usual = EXPECTED[0] <= after < EXPECTED[1]
        return self._rhythm.odds(after) + (0.0 if usual else UNEXPECTED)

    def _alone(self, candidate: Candidate, evidence: float) -> list[ThumpHeard]:
        """Count or refuse `candidate` where nobody said when to listen."""
        if evidence < ALONE:
            self._refuse(candidate, Refusal.NOT_LIKE_THE_DROPS)
        elif candidate.at < self._quiet_until:
            self._refuse(candidate, Refusal.REFRACTORY)
        else:
            self._quiet_until = candidate.at + REFRACTORY
            return [self._count(candidate)]
        return []

    def _within(self, candidate: Candidate, evidence: float, certain: float) -> list[ThumpHeard]:
        """Count `candidate` in its window at once, keep it to the window's end, or refuse it."""
        if not self._windows or not self._windows[0][0] <= candidate.at < self._windows[0][1]:
            self._refuse(candidate, Refusal.OUTSIDE_WINDOW)
        elif self._counted:
            self._refuse(candidate, Refusal.ALREADY_COUNTED)
        elif evidence < self._limits.likely:
            unsure = evidence >= self._limits.unsure
            self._refuse(candidate, Refusal.UNSURE if unsure else Refusal.NOT_LIKE_THE_DROPS)
        elif evidence >= certain:
            if self._best is not None:
                self._refuse(self._best[1], Refusal.BETTER_ONE_FOUND)
                self._best = None
            self._counted = True
            self._rhythm.landed(candidate.at - self._windows[0][0])
            return [self._count(candidate)]
        elif self._best is None or evidence > self._best[0]:
            if self._best is not None:
                self._refuse(self._best[1], Refusal.BETTER_ONE_FOUND)
            self._best = evidence, candidate
        else:
            self._refuse(candidate, Refusal.BETTER_ONE_FOUND)
        return []

    def _count(self, candidate: Candidate) -> ThumpHeard:
        self._candidates.append(candidate)
        return ThumpHeard(
            candidate.at, candidate.decided, candidate.level_db, candidate.probability
        )

    def _refuse(self, candidate: Candidate, reason: Refusal) -> None:
        self._candidates.append(replace(candidate, refused=reason))
