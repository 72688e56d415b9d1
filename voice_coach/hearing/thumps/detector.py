"""The thump detector: onsets, compared with the template, judged, one count for each window."""

from collections import deque
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.hearing.thumps import judge
from voice_coach.hearing.thumps.events import Candidate, Refusal, ThumpHeard
from voice_coach.hearing.thumps.features import compare
from voice_coach.hearing.thumps.onsets import WEAKEST_DB, Onset, OnsetFinder
from voice_coach.hearing.thumps.rhythm import Rhythm
from voice_coach.hearing.thumps.spectrum import STEP, Steps
from voice_coach.hearing.thumps.template import HeelTemplate
from voice_coach.hearing.thumps.unasked import Unasked
from voice_coach.samples import Samples

CERTAIN: Final = 1.0
"""Logarithm of the odds from which a candidate is counted at once."""

ON_ITS_WAY_DB: Final = -1.5
"""A candidate fainter than this in a room that was already rising may only lead to the impact."""

CERTAIN_ON_ITS_WAY: Final = 4.0
"""Logarithm of the odds from which such a candidate is counted at once."""

LIKELY: Final = 1.0
"""The same from which the best candidate is counted when its window has ended."""

ALONE: Final = 2.0
"""The same from which a candidate is counted when nobody said when to listen."""

EXPECTED: Final = (to_samples(0.25), to_samples(0.83))
"""Samples from the start of a window within which heels usually land."""

UNEXPECTED: Final = -1.5
"""Added to the logarithm of the odds of a candidate elsewhere in its window."""

HEARABLE_DB: Final = 2.0
"""Least margin at which a set is listened to, in dB."""

DRIFT_DB: Final = 5.0
"""Drops whose median is this much above or below those learnt call for a new calibration."""

DRIFTING: Final = 8
"""Counted drops from which that is told."""

REFRACTORY: Final = 4800
"""Samples after a counted thump in which nothing is counted without windows: 300 ms."""

MOST_CANDIDATES: Final = 1000
"""Candidates kept until they are taken: the oldest are forgotten."""

_TAIL: Final = 6 * STEP
"""Samples after the end of a window by which its last candidate has been judged."""


class ThumpDetector:
    """Hears the user's heels in the microphone's stream.

    Parameters
    ----------
    template : HeelTemplate, optional
        What the user's drops sound like; the built-in prior when None.
    gated : bool
        Report thumps in windows only, before the first window too.
    """

    def __init__(self, template: HeelTemplate | None = None, *, gated: bool = False) -> None:
        self._levels: deque[float] = deque(maxlen=DRIFTING)
        self._finder = OnsetFinder(HeelTemplate.generic().spectrum)
        self.learn(template or HeelTemplate.generic())
        self._microphone = Steps()
        self._playback = Steps()
        self._windows: deque[tuple[int, int]] = deque()
        self._gated = gated
        self._counted = False
        self._best: Candidate | None = None
        self._quiet_until = 0
        self._rhythm = Rhythm()
        self._candidates: deque[Candidate] = deque(maxlen=MOST_CANDIDATES)

    def learn(self, template: HeelTemplate) -> None:
        """Listen for other drops from now on; what is known of the room remains."""
        self._template = template
        self._judge = judge.load("calibrated" if template.calibrated else "generic")
        self._finder.aim(template.spectrum, WEAKEST_DB if template.calibrated else -np.inf)
        self._unasked = Unasked()
        self._levels.clear()

    @property
    def room(self) -> OnsetFinder:
        """What is known of the room."""
        return self._finder

    @property
    def template(self) -> HeelTemplate:
        """What the user's drops sound like."""
        return self._template

    @property
    def can_hear(self) -> bool:
        """Whether drops would be told from the room now: their margin is `HEARABLE_DB`."""
        return self.margin_db() >= HEARABLE_DB

    @property
    def drifted(self) -> bool:
        """Whether the last `DRIFTING` drops were all louder or all fainter, by `DRIFT_DB`.

        The microphone has been moved, or its gain changed, or the floor or footwear: the
        template should be learnt anew.
        """
        if len(self._levels) < DRIFTING or not self._template.calibrated:
            return False
        one_way = min(self._levels) > 0.0 or max(self._levels) < 0.0
        return one_way and abs(float(np.median(self._levels))) > DRIFT_DB

    def margin_db(self) -> float:
        """Return the expected signal-to-noise ratio, less what the room's own thumps cost, in dB.

        A room that has just sounded like the user's heels will do so again.
        """
        return self.expected_snr_db() - self._unasked.penalty_db(self._finder.position)

    def expected_snr_db(self) -> float:
        """Return how far a drop like the template would stand out of the room now, in dB.

        It is the weighted level of the template over that of the noise floor, in the bands the
        detector listens in; known before the drop.
        """
        return self._finder.expected_snr_db()

    def open_window(self, start: int, end: int) -> None:
        """Listen for one repetition in stream positions `start` to `end` (excluded).

        From the first window on, thumps are reported in windows only. Windows may be opened
        ahead, in order; one that overlaps the window before begins where that one ends.
        """
        self._gated = True
        if self._windows:
            start = max(start, self._windows[-1][1])
        if end > start:
            self._windows.append((start, end))

    def close_window(self) -> None:
        """Forget every open and future window: nothing is counted until the next one."""
        self._windows.clear()
        self._counted = False
        self._best = None

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[ThumpHeard]:
        """Take in the next samples, any number of them; return the thumps decided by them.

        `playback` is what our own loudspeaker emitted during the same stream positions, before
        the room; None is silence.
        """
        if playback is None:
            playback = np.zeros(len(microphone), np.float32)
        heard: list[ThumpHeard] = []
        steps = self._microphone.cut(microphone)
        for step, own in zip(steps, self._playback.cut(playback), strict=True):
            for onset in self._finder.step(step, own):
                self._end_windows(onset.at, heard)
                candidate, evidence, certain = self._judged(onset)
                self._consider(candidate, evidence, certain, heard)
            self._end_windows(self._finder.position - _TAIL, heard)
        return heard

    def flush(self) -> list[ThumpHeard]:
        """Return what is still undecided at the end of the sound."""
        silence = np.zeros(_TAIL + STEP - len(self._microphone), np.float32)
        heard = self.feed(silence)
        self._end_windows(self._finder.position, heard)
        return heard

    def take_candidates(self) -> list[Candidate]:
        """Return, once, the sudden sounds considered since the last call, in order of decision."""
        taken = list(self._candidates)
        self._candidates.clear()
        return taken

    def _judged(self, onset: Onset) -> tuple[Candidate, float, float]:
        """Return `onset` as a candidate, the logarithm of its odds, and where certainty begins."""
        comparison = compare(onset, self._template)
        evidence = self._judge.evidence(comparison.features)
        inside = self._windows and self._windows[0][0] <= onset.at
        if not inside:
            self._unasked.add(onset.at, evidence)
        elif self._gated:
            evidence += self._prior(onset.at)
        probability = round(float(1.0 / (1.0 + np.exp(-evidence))), 4)
        detail = self._judge.loudest(comparison.features)
        level = round(comparison.level_db, 1)
        candidate = Candidate(onset.at, onset.decided, level, probability, None, detail)
        on_its_way = level < ON_ITS_WAY_DB and comparison.swell_db > 0.0
        return candidate, evidence, CERTAIN_ON_ITS_WAY if on_its_way else CERTAIN

    def _prior(self, at: int) -> float:
        """Return what moment and room alone say about an onset, as a logarithm of odds."""
        start = self._windows[0][0]
        usual = EXPECTED[0] <= at - start < EXPECTED[1]
        moment = self._rhythm.odds(at - start) + (0.0 if usual else UNEXPECTED)
        return self._unasked.doubt(start) + moment

    def _consider(
        self, candidate: Candidate, evidence: float, certain: float, heard: list[ThumpHeard]
    ) -> None:
        """Count `candidate`, keep it for the end of its window, or refuse it."""
        if not self._gated:
            if evidence < ALONE:
                self._refuse(candidate, Refusal.NOT_LIKE_THE_DROPS)
            elif candidate.at < self._quiet_until:
                self._refuse(candidate, Refusal.REFRACTORY)
            else:
                self._quiet_until = candidate.at + REFRACTORY
                self._count(candidate, heard)
            return
        if not self._windows or not self._windows[0][0] <= candidate.at < self._windows[0][1]:
            self._refuse(candidate, Refusal.OUTSIDE_WINDOW)
        elif self._counted:
            self._refuse(candidate, Refusal.ALREADY_COUNTED)
        elif evidence >= certain:
            if self._best is not None:
                self._refuse(self._best, Refusal.BETTER_ONE_FOUND)
                self._best = None
            self._counted = True
            self._rhythm.landed(candidate.at - self._windows[0][0])
            self._count(candidate, heard)
        elif evidence < LIKELY:
            self._refuse(candidate, Refusal.NOT_LIKE_THE_DROPS)
        elif self._best is None or candidate.probability > self._best.probability:
            if self._best is not None:
                self._refuse(self._best, Refusal.BETTER_ONE_FOUND)
            self._best = candidate
        else:
            self._refuse(candidate, Refusal.BETTER_ONE_FOUND)

    def _end_windows(self, position: int, heard: list[ThumpHeard]) -> None:
        """Close the windows that end at or before `position`."""
        while self._windows and self._windows[0][1] <= position:
            start, end = self._windows.popleft()
            self._unasked.window_ended(end)
            if self._best is not None:
                self._rhythm.landed(self._best.at - start)
                late = self._finder.position
                best = self._best
                self._count(
                    Candidate(best.at, late, best.level_db, best.probability, None, best.detail),
                    heard,
                )
            self._best = None
            self._counted = False

    def _count(self, candidate: Candidate, heard: list[ThumpHeard]) -> None:
        self._candidates.append(candidate)
        self._levels.append(candidate.level_db)
        heard.append(
            ThumpHeard(candidate.at, candidate.decided, candidate.level_db, candidate.probability)
        )

    def _refuse(self, candidate: Candidate, reason: Refusal) -> None:
        self._candidates.append(
            Candidate(
                candidate.at,
                candidate.decided,
                candidate.level_db,
                candidate.probability,
                reason,
                candidate.detail,
            )
        )
