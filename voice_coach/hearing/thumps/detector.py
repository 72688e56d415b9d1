"""The thump detector: onsets, compared with the template, judged, one count for each window."""

from collections import deque
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.hearing.thumps import judge
from voice_coach.hearing.thumps.events import Candidate, Refusal, ThumpHeard
from voice_coach.hearing.thumps.features import compare
from voice_coach.hearing.thumps.onsets import WEAKEST_DB, OnsetFinder
from voice_coach.hearing.thumps.spectrum import STEP, Steps
from voice_coach.hearing.thumps.template import HeelTemplate
from voice_coach.samples import Samples

CERTAIN: Final = 0.6
"""Probability from which a candidate is counted at once."""

LIKELY: Final = 0.6
"""Probability from which the best candidate is counted when its window has ended."""

EXPECTED: Final = (to_samples(0.25), to_samples(0.83))
"""Samples from the start of a window within which heels usually land."""

UNEXPECTED: Final = -1.5
"""Added to the logarithm of the odds of a candidate elsewhere in its window."""

HEARABLE_DB: Final = 12.0
"""Least expected signal-to-noise ratio at which a set is listened to, in dB."""

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
    """

    def __init__(self, template: HeelTemplate | None = None) -> None:
        self._finder = OnsetFinder(HeelTemplate.generic().spectrum)
        self.learn(template or HeelTemplate.generic())
        self._microphone = Steps()
        self._playback = Steps()
        self._windows: deque[tuple[int, int]] = deque()
        self._gated = False
        self._counted = False
        self._best: Candidate | None = None
        self._quiet_until = 0
        self._candidates: deque[Candidate] = deque(maxlen=MOST_CANDIDATES)

    def learn(self, template: HeelTemplate) -> None:
        """Listen for other drops from now on; what is known of the room remains."""
        self._template = template
        self._judge = judge.load("calibrated" if template.calibrated else "generic")
        self._finder.aim(template.spectrum, WEAKEST_DB if template.calibrated else -np.inf)

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
        """Whether a good drop would stand out of the room by `HEARABLE_DB` now."""
        return self.expected_snr_db() >= HEARABLE_DB

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
                comparison = compare(onset, self._template)
                evidence = self._judge.evidence(comparison.features) + self._prior(onset.at)
                probability = float(1.0 / (1.0 + np.exp(-evidence)))
                detail = self._judge.loudest(comparison.features)
                level = round(comparison.level_db, 1)
                candidate = Candidate(
                    onset.at, onset.decided, level, round(probability, 4), None, detail
                )
                self._end_windows(onset.at, heard)
                self._consider(candidate, heard)
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

    def _prior(self, at: int) -> float:
        """Return what the moment alone says about an onset, as a logarithm of odds."""
        for start, end in self._windows:
            if start <= at < end:
                return 0.0 if EXPECTED[0] <= at - start < EXPECTED[1] else UNEXPECTED
        return 0.0

    def _consider(self, candidate: Candidate, heard: list[ThumpHeard]) -> None:
        """Count `candidate`, keep it for the end of its window, or refuse it."""
        if not self._gated:
            if candidate.probability < CERTAIN:
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
        elif candidate.probability >= CERTAIN:
            if self._best is not None:
                self._refuse(self._best, Refusal.BETTER_ONE_FOUND)
                self._best = None
            self._counted = True
            self._count(candidate, heard)
        elif candidate.probability < LIKELY:
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
            self._windows.popleft()
            if self._best is not None:
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
