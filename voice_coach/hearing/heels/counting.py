"""Which sudden sounds are counted: one for each window, given how likely each of them is.

What is likely at once is counted at once. A doubtful sound is looked at again, when 200 ms more
are known of it: speech and music go on, heels do not.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, Protocol, TypeAlias

import numpy as np

from voice_coach.hearing.heels import judge, thresholds
from voice_coach.hearing.heels.circumstances import Circumstances
from voice_coach.hearing.heels.comparison import Comparison
from voice_coach.hearing.heels.features import Vector
from voice_coach.hearing.heels.landing import Landing, Rejection, Verdict
from voice_coach.hearing.heels.spectrum import STEP, TINY, Powers
from voice_coach.hearing.heels.thresholds import Thresholds

ON_ITS_WAY_DB: Final = -1.5
"""A sound fainter than this in a room that was already rising may only lead to the impact."""

CERTAIN_ON_ITS_WAY: Final = 4.0
"""Logarithm of the odds from which such a sound is counted at once."""

ALONE: Final = 2.0
"""The same from which a sound is counted when nobody said when to listen."""

REFRACTORY: Final = 4800
"""Samples after a counted thump in which nothing is counted without windows: 300 ms."""

TAIL: Final = 6 * STEP
"""Samples after the end of a window by which its last sound has been judged."""

MOST_OPEN: Final = 6
"""Sounds left open that may still be decided."""

OUTLIVED: Final = 4
"""Landings after which what is still open stays so."""

Around: TypeAlias = Callable[[Comparison], Powers | None]
"""How loud it was before and after a sound, in dB over the room; None until that is known."""


class Weigher(Protocol):
    """Weighs a sound in its circumstances: returns the logarithm of the odds."""

    def at_once(self, figures: Vector) -> float:
        """Weigh the figures `circumstances.AT_ONCE`."""

    def later(self, figures: Vector) -> float:
        """Weigh the figures `circumstances.LATER`."""


class Alone:
    """Weighs a sound by its evidence and its moment alone."""

    def at_once(self, figures: Vector) -> float:
        """Return evidence and rhythm, and less at an unusual moment."""
        evidence, rhythm, unusual = figures[:3]
        return float(evidence + rhythm + UNEXPECTED * unusual)

    def later(self, figures: Vector) -> float:
        """Return the same: what followed tells nothing."""
        return self.at_once(figures)


UNEXPECTED: Final = -1.5
"""What a sound at an unusual moment loses in the logarithm of its odds, weighed alone."""

BY_ITSELF: Final = Thresholds(ALONE, ALONE, -1.0, 0.0, "as where nobody said when to listen")
"""The limits for a sound that is weighed alone."""

NOTHING: Final = 2.0 * TINY
"""A noise floor in the middle band that no open microphone has."""


class Window(NamedTuple):
    """Where one landing is listened for: stream positions `start` to `end` (excluded)."""

    start: int
    end: int
    prompted: int
    """Position of the drop cue."""

    def holds(self, at: int) -> bool:
        """Whether position `at` lies within."""
        return self.start <= at < self.end


@dataclass(slots=True)
class _Doubt:
    """A sound that waits for its second look."""

    verdict: Verdict
    evidence: float
    """Logarithm of the odds by sound alone."""
    figures: Vector
    weighed: float
    """Logarithm of the odds in its circumstances, as far as they are known."""
    after: int
    """Samples from the drop cue."""
    before: list[float]
    """Evidence of the sounds before it in its window."""
    others: list[float] = field(default_factory=list)
    """That of all others, when it was looked at again."""
    heights: Powers | None = None
    """How loud it was before and after it; None before the second look."""
    outlived: int = 0
    """Landings counted since its window was left open."""


@dataclass(slots=True)
class _Heard:
    """What was heard in the open window so far."""

    counted: bool = False
    evidence: list[float] = field(default_factory=list)
    """That of each sound, by sound alone."""
    doubts: list[_Doubt] = field(default_factory=list)


class Counting:
    """Counts one landing for each window, or any landing when there are none.

    Parameters
    ----------
    gated : bool
        Count in windows only, before the first window too.
    chosen : Thresholds, optional
        The limits; those that ship when None.
    weigher : Weigher, optional
        Weighs sounds in their circumstances; the one that ships when None.
    """

    def __init__(
        self,
        *,
        gated: bool = False,
        chosen: Thresholds | None = None,
        weigher: Weigher | None = None,
    ) -> None:
        self._limits = chosen or thresholds.load()
        self._weigher = weigher or judge.weigher()
        self._calibrated = True
        self._windows: deque[Window] = deque()
        self._gated = gated
        self._heard = _Heard()
        self._quiet_until = 0
        self._known = Circumstances()
        self._left_open: list[_Doubt] = []

    def listen_anew(self, *, calibrated: bool) -> None:
        """Hold nothing against the room or for the person any more: other heels are heard.

        The weigher knows drops that were `calibrated`; those of the built-in prior are weighed
        alone.
        """
        self._calibrated = calibrated
        self._known.forget_the_person()
        self._left_open.clear()

    def penalty_db(self, at: int) -> float:
        """Return what the room's own thumps cost at `at`, in dB of signal-to-noise ratio."""
        return self._known.unprompted.penalty_db(at)

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
        if self._heard.evidence:
            # What still comes in it is no surprise: the heels bounce, or were not heard at once.
            self._known.unprompted.window_ended(self._windows[0].end)
        self._windows.clear()
        self._heard = _Heard()

    def consider(self, sound: Comparison, evidence: float) -> list[Verdict]:
        """Count `sound`, reject it, or keep it until its second look.

        `evidence` is the logarithm of the odds by sound alone. Returns what is settled by it:
        a sound that was kept until now may be rejected for it.
        """
        if not (self._windows and self._windows[0].start <= sound.impact):
            self._known.sounded(sound, evidence)
        if not self._gated:
            return [self._alone(_verdict(sound, evidence), evidence)]
        if not self._windows or not self._windows[0].holds(sound.impact):
            return [_rejected(_verdict(sound, evidence), Rejection.OUTSIDE_WINDOW)]
        if self._heard.counted:
            return [_rejected(_verdict(sound, evidence), Rejection.ALREADY_COUNTED)]
        return self._within(sound, evidence)

    def look_again(self, around: Around, now: int) -> list[Verdict]:
        """Judge the doubtful sounds of which more is known by now; return what is settled.

        `now` is the stream position up to which sound is known.
        """
        for doubt in self._heard.doubts:
            if doubt.heights is not None:
                continue
            doubt.heights = around(doubt.verdict.comparison)
            if doubt.heights is None:
                break
            doubt.others = list(self._heard.evidence)
            doubt.others.remove(doubt.evidence)
            figures = self._known.later(doubt.figures, doubt.others, doubt.heights)
            weigher, limits = self._by(doubt.verdict.comparison)
            doubt.weighed = weigher.later(figures)
            if doubt.weighed >= limits.likely:
                return self._count(doubt, now)
        return []

    def end_windows(self, position: int, now: int) -> list[Verdict]:
        """Close the windows that end at or before `position`; return what is settled by it.

        `now` is the stream position up to which sound is known.
        """
        settled: list[Verdict] = []
        while self._windows and self._windows[0].end <= position:
            likeliest = max(self._heard.doubts, key=lambda one: one.weighed, default=None)
            if likeliest is not None and likeliest.weighed >= self._limit(likeliest).likely:
                settled += self._count(likeliest, now)
            else:
                settled += [self._unsettled(doubt) for doubt in self._heard.doubts]
                self._leave_open(likeliest)
            self._known.unprompted.window_ended(self._windows.popleft().end)
            self._heard = _Heard()
        return settled

    def _by(self, sound: Comparison) -> tuple[Weigher, Thresholds]:
        """Return what `sound` is weighed by: alone where the weigher has no experience.

        It knows neither the built-in prior nor a microphone that gives nothing while all is quiet.
        """
        gated = float(np.median(sound.floor)) <= NOTHING
        known = self._calibrated and not gated
        return (self._weigher, self._limits) if known else (Alone(), BY_ITSELF)

    def _limit(self, doubt: _Doubt) -> Thresholds:
        """Return the limits for a sound in doubt."""
        return self._by(doubt.verdict.comparison)[1]

    def _alone(self, sound: Verdict, evidence: float) -> Verdict:
        """Count or reject `sound` where nobody said when to listen."""
        if evidence < ALONE:
            return _rejected(sound, Rejection.NOT_LIKE_THE_DROPS)
        if sound.landing.impact < self._quiet_until:
            return _rejected(sound, Rejection.REFRACTORY)
        self._quiet_until = sound.landing.impact + REFRACTORY
        return _counted(sound)

    def _within(self, sound: Comparison, evidence: float) -> list[Verdict]:
        """Count `sound` in its window at once, or keep it until its second look."""
        after = sound.impact - self._windows[0].prompted
        figures = self._known.at_once(sound, evidence, after, self._heard.evidence)
        weigher, limits = self._by(sound)
        weighed = weigher.at_once(figures)
        self._heard.evidence.append(evidence)
        before = self._heard.evidence[:-1]
        doubt = _Doubt(_verdict(sound, weighed), evidence, figures, weighed, after, before)
        on_its_way = sound.level_db < ON_ITS_WAY_DB and sound.swell_db > 0.0
        if weighed >= (CERTAIN_ON_ITS_WAY if on_its_way else limits.at_once):
            return self._count(doubt, sound.decided)
        self._heard.doubts.append(doubt)
        return []

    def _count(self, doubt: _Doubt, now: int) -> list[Verdict]:
        """Count a sound; return it, after the other sounds of its window: they are rejected."""
        sound = doubt.verdict.comparison
        self._known.landed(sound, doubt.evidence, sound.impact - self._windows[0].prompted)
        others = [one.verdict for one in self._heard.doubts if one is not doubt]
        self._heard.doubts.clear()
        self._heard.counted = True
        counted = _counted(_verdict(sound, doubt.weighed), decided=now)
        rejected = [_rejected(one, Rejection.BETTER_ONE_FOUND) for one in others]
        return [*self._decide_late(now), *rejected, counted]

    def _leave_open(self, doubt: _Doubt | None) -> None:
        """Keep the likeliest sound of a window, if it is in doubt: what follows may decide it."""
        if doubt is None or doubt.heights is None or doubt.weighed < self._limit(doubt).unsure:
            return
        self._left_open = [*self._left_open, doubt][-MOST_OPEN:]

    def _decide_late(self, now: int) -> list[Verdict]:
        """Weigh again what was left open, by what has followed; return what were landings.

        A sure landing tells how this person's drops sound today, and the room what it sounds like.
        """
        decided = []
        for doubt in self._left_open.copy():
            doubt.outlived += 1
            sound = doubt.verdict.comparison
            figures = self._known.at_once(sound, doubt.evidence, doubt.after, doubt.before, now)
            assert doubt.heights is not None
            weigher, limits = self._by(sound)
            weighed = weigher.later(self._known.later(figures, doubt.others, doubt.heights))
            if weighed >= limits.likely:
                verdict = _counted(_verdict(sound, weighed), decided=now)
                decided.append(replace(verdict, landing=replace(verdict.landing, late=True)))
            if weighed >= limits.likely or doubt.outlived == OUTLIVED:
                self._left_open.remove(doubt)
        return decided

    def _unsettled(self, doubt: _Doubt) -> Verdict:
        """Return a sound of a window in which nothing was counted."""
        unsure = doubt.weighed >= self._limit(doubt).unsure
        sound = _verdict(doubt.verdict.comparison, doubt.weighed)
        return _rejected(sound, Rejection.UNSURE if unsure else Rejection.NOT_LIKE_THE_DROPS)


def _verdict(sound: Comparison, weighed: float) -> Verdict:
    landing = Landing(
        sound.impact,
        sound.decided,
        round(sound.level_db, 1),
        round(float(1.0 / (1.0 + np.exp(-weighed))), 4),
        certain=False,
        gentle_db=sound.gentle_db,
    )
    return Verdict(landing, None, sound)


def _counted(sound: Verdict, decided: int | None = None) -> Verdict:
    landing = sound.landing
    decided = landing.decided if decided is None else decided
    return replace(sound, landing=replace(landing, decided=decided, certain=True))


def _rejected(sound: Verdict, reason: Rejection) -> Verdict:
    return replace(sound, rejected=reason)
