"""The thump detector: onsets, compared with the template, judged, one count for each window."""

from collections import deque
from typing import Final

import numpy as np

from voice_coach.hearing.heels import judge, thresholds
from voice_coach.hearing.heels.comparison import Comparison, compare
from voice_coach.hearing.heels.counting import TAIL, Counting
from voice_coach.hearing.heels.landing import Landing, Verdict
from voice_coach.hearing.heels.onsets import WEAKEST_DB, OnsetFinder
from voice_coach.hearing.heels.spectrum import STEP, Powers, Steps
from voice_coach.hearing.heels.template import HeelTemplate
from voice_coach.samples import Samples

DRIFT_DB: Final = 5.0
"""Drops whose median is this much above or below those learnt call for a new calibration."""

DRIFTING: Final = 8
"""Counted drops from which that is told."""


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
        self._counting = Counting(gated=gated)
        self._microphone = Steps()
        self._playback = Steps()
        self.learn(template or HeelTemplate.generic())

    def learn(self, template: HeelTemplate) -> None:
        """Listen for other drops from now on; what is known of the room remains."""
        self._template = template
        self._judge = judge.load("calibrated" if template.calibrated else "generic")
        self._finder.aim(template.spectrum, WEAKEST_DB if template.calibrated else -np.inf)
        self._counting.listen_anew(calibrated=template.calibrated)
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
        """Whether drops would be told from the room now: their margin is large enough."""
        return self.margin_db() >= thresholds.load().hearable_db

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
        return self.expected_snr_db() - self._counting.penalty_db(self._finder.position)

    def expected_snr_db(self) -> float:
        """Return how far a drop like the template would stand out of the room now, in dB.

        It is the weighted level of the template over that of the noise floor, in the bands the
        detector listens in; known before the drop.
        """
        return self._finder.expected_snr_db()

    def open_window(self, start: int, end: int, *, prompted: int) -> None:
        """Listen for one repetition in stream positions `start` to `end` (excluded).

        `prompted` is the position of its drop cue. From the first window on, landings are
        reported in windows only. Windows may be opened ahead, in order; one that overlaps the
        window before begins where that one ends.
        """
        self._counting.open_window(start, end, prompted=prompted)

    def close_window(self) -> None:
        """Forget every open and future window: nothing is counted until the next one."""
        self._counting.close_window()

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[Landing]:
        """Take in the next samples, any number of them; return the landings decided by them.

        Those that are not certain may have been the heels or something else. `playback` is what
        our own loudspeaker emitted during the same stream positions, before the room; None is
        silence.
        """
        return _landings(self.verdicts(microphone, playback))

    def flush(self) -> list[Landing]:
        """Return what is still undecided at the end of the sound."""
        return _landings(self.last_verdicts())

    def verdicts(self, microphone: Samples, playback: Samples | None = None) -> list[Verdict]:
        """Take in the next samples as :meth:`feed` does; return every sudden sound settled.

        In order of decision, those that are no landings included.
        """
        if playback is None:
            playback = np.zeros(len(microphone), np.float32)
        settled: list[Verdict] = []
        steps = self._microphone.cut(microphone)
        for step, own in zip(steps, self._playback.cut(playback), strict=True):
            onsets = self._finder.step(step, own)
            now = self._finder.position
            for onset in onsets:
                settled += self._counting.end_windows(onset.at, now)
                comparison = compare(onset, self._template)
                evidence = self._judge.evidence(comparison.features)
                settled += self._counting.consider(comparison, evidence)
            settled += self._counting.look_again(self._around, now)
            settled += self._counting.end_windows(now - TAIL, now)
        self._note_levels(settled)
        return settled

    def last_verdicts(self) -> list[Verdict]:
        """Return the sudden sounds that are still unsettled at the end of the sound."""
        settled = self.verdicts(np.zeros(TAIL + STEP - len(self._microphone), np.float32))
        late = self._counting.end_windows(self._finder.position, self._finder.position)
        self._note_levels(late)
        return settled + late

    def explain(self, verdict: Verdict) -> str:
        """Return what spoke loudest for or against a sound, in words.

        It costs more than judging the sound did.
        """
        return self._judge.loudest(verdict.comparison.features)

    def _around(self, sound: Comparison) -> Powers | None:
        """Return how loud it was before and after a sound; None until that is known."""
        return self._finder.around(sound.frame, sound.floor)

    def _note_levels(self, settled: list[Verdict]) -> None:
        self._levels.extend(one.landing.level_db for one in settled if one.rejected is None)


def _landings(settled: list[Verdict]) -> list[Landing]:
    return [verdict.landing for verdict in settled if verdict.is_landing]
