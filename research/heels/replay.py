"""Count again what was heard in a session, with other weighers and limits, without its sound."""

from collections import deque
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.special import logit

from research.heels.scoring import Outcome, outcome, unheard
from research.heels.sessions import WINDOW, Session
from voice_coach.hearing.heels import Landing, Rejection, Verdict, judge
from voice_coach.hearing.heels.comparison import Comparison, compare
from voice_coach.hearing.heels.counting import TAIL, Counting, Weigher
from voice_coach.hearing.heels.features import Vector
from voice_coach.hearing.heels.onsets import OnsetFinder
from voice_coach.hearing.heels.spectrum import STEP, Powers, Steps
from voice_coach.hearing.heels.template import HeelTemplate
from voice_coach.hearing.heels.thresholds import Thresholds

NEVER = -99.0
"""Margin of those whose calibration failed, in dB."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What the ear found in a session, before anything was counted.

    `sounds` are its sudden sounds and how loud it was around each of them; `snr_db` is what was
    expected at each cue: None when the calibration failed.
    """

    session: Session
    sounds: list[tuple[Comparison, Powers]]
    snr_db: Array | None


@dataclass(frozen=True)
class Window:
    """A window, and what came of it were it listened to."""

    margin_db: float
    likeliest: float
    """Logarithm of the odds of the likeliest sound that was not counted."""
    outcome: Outcome

    def told(self, hearable_db: float, unsure: float) -> bool:
        """Whether the ear would say anything of it with these limits."""
        open_ = self.outcome.heard is None and self.likeliest >= unsure
        return self.margin_db >= hearable_db and not open_


def hear(session: Session, template: HeelTemplate | None) -> Heard:
    """Return what the ear finds in `session`."""
    nothing = np.zeros(0, np.float32)
    silent = replace(
        session, calibration=nothing, calibration_playback=nothing, microphone=nothing,
        playback=nothing,
    )  # fmt: skip
    if template is None:
        return Heard(silent, [], None)
    finder = OnsetFinder(template.spectrum)
    starts = [(cue + WINDOW[0]) // STEP for cue in session.cues]
    expected: dict[int, float] = {}
    waiting: deque[Comparison] = deque()
    sounds = []
    steps = zip(Steps().cut(session.microphone), Steps().cut(session.playback), strict=True)
    for number, (microphone, playback) in enumerate(steps):
        if number in starts:
            expected[number] = finder.expected_snr_db()
        waiting += [compare(onset, template) for onset in finder.step(microphone, playback)]
        while waiting:
            around = finder.around(waiting[0].frame, waiting[0].floor)
            if around is None:
                break
            sounds.append((waiting.popleft(), around))
    return Heard(silent, sounds, np.array([expected[start] for start in starts]))


def evidence_of(heard: Heard) -> list[float]:
    """Return the judge's opinion of each sudden sound of a session, by its sound alone."""
    ear = judge.load("calibrated")
    return [ear.evidence(sound.features) for sound, _ in heard.sounds]


def replay(
    heard: Heard,
    evidence: list[float],
    limits: Thresholds,
    weigher: Weigher,
    weighed: list[tuple[int, Vector]] | None = None,
) -> list[Window]:
    """Return what comes of each window; whatever was not counted is taken to be left open.

    Position and first figures of each sound that is weighed are added to `weighed`.
    """
    session = heard.session
    if heard.snr_db is None:
        return [Window(NEVER, -np.inf, unheard(session, cue)) for cue in session.cues]
    noted = _Noted(weigher, weighed if weighed is not None else [])
    limits = msgspec.structs.replace(limits, unsure=-np.inf)
    counting = Counting(chosen=limits, weigher=noted)
    around = {sound.frame: heights for sound, heights in heard.sounds}
    waiting = [(sound, told) for (sound, _), told in zip(heard.sounds, evidence, strict=True)][::-1]
    windows: list[Window] = []
    late: list[Landing] = []
    for i, cue in enumerate(session.cues):
        start, end = cue + WINDOW[0], cue + WINDOW[1]
        position = start // STEP * STEP
        while waiting and waiting[-1][0].decided <= position:
            counting.consider(*waiting.pop())
        margin = float(heard.snr_db[i]) - counting.penalty_db(position)
        counting.open_window(start, end, prompted=cue)
        settled: list[Verdict] = []
        for now in range(position, -(-(end + TAIL) // STEP) * STEP + 1, STEP):
            while waiting and waiting[-1][0].decided <= now:
                sound, told = waiting.pop()
                noted.at = sound.impact
                settled += counting.end_windows(sound.impact, now)
                settled += counting.consider(sound, told)

            def known(sound: Comparison, now: int = now) -> Powers | None:
                return around.get(sound.frame) if sound.decided + LATER <= now else None

            settled += counting.look_again(known, now)
        settled += counting.end_windows(end, now)
        counted = [one.landing for one in settled if one.rejected is None]
        late += [landing for landing in counted if landing.late]
        thump = next((landing for landing in counted if not landing.late), None)
        rejected = [
            one.landing.probability
            for one in settled
            if one.rejected is Rejection.UNSURE and start <= one.landing.impact < end
        ]
        found = outcome(session, cue, float(heard.snr_db[i]), True, thump)
        windows.append(Window(margin, float(logit(max(rejected, default=0.0))), found))
    return windows


class _Noted:
    """Weighs like another weigher, and notes what it was asked."""

    def __init__(self, weigher: Weigher, notes: list[tuple[int, Vector]]) -> None:
        self._weigher, self._notes = weigher, notes
        self.at = 0
        """Position of the sound considered."""
        self.later = weigher.later

    def at_once(self, figures: Vector) -> float:
        self._notes.append((self.at, figures))
        return self._weigher.at_once(figures)


LATER = 8 * STEP
"""Samples from the first decision on a sound to its second look, at most."""
