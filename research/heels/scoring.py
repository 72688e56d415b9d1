"""Run a detector over sessions and count what it got right, window by window."""

import math
from dataclasses import dataclass, replace

from research.heels.fit import template_of
from research.heels.sessions import WINDOW, Session
from voice_coach.hearing.heels import Landing, ThumpDetector
from voice_coach.hearing.heels.template import HeelTemplate
from voice_coach.programme.rules import load_rules

TOLERANCE = 800
"""50 ms in samples."""


@dataclass(frozen=True)
class Outcome:
    """One listening window."""

    session: str
    evidence: str
    scene: str
    floor: str
    footwear: str
    effort: float | None
    """None when nobody dropped."""
    drop: int | None
    """Position of the impact, likewise."""
    snr_db: float
    hearable: bool
    heard: Landing | None
    latency: float | None
    """Seconds from impact to decision."""
    right: bool
    """Heard within the tolerance of the drop."""
    offset: float | None
    """Seconds by which the impact was placed late."""
    unsure: bool
    """Nothing was counted, and something may have been the heels: it is left open."""
    later: Landing | None = None
    """What was left open here, and taken for the heels once it was known what followed."""

    @property
    def told(self) -> bool:
        """Whether the ear abstained neither before the set nor in this window."""
        return self.hearable and not self.unsure


def run(session: Session, template: HeelTemplate | None = None) -> list[Outcome]:
    """Return the outcome of each window of `session`; empty when calibration fails."""
    template = template or template_of(session)
    if template is None:
        return [unheard(session, cue) for cue in session.cues]
    detector = ThumpDetector(template)
    outcomes: list[Outcome] = []
    later: list[Landing] = []
    position = 0
    for i, cue in enumerate(session.cues):
        start, end = cue + WINDOW[0], cue + WINDOW[1]
        detector.feed(session.microphone[position:start], session.playback[position:start])
        snr, hearable = detector.expected_snr_db(), detector.can_hear
        following = session.cues[i + 1] + WINDOW[0] if i + 1 < len(session.cues) else end + 16000
        detector.open_window(start, end, prompted=cue)
        landings = detector.feed(
            session.microphone[start:following], session.playback[start:following]
        )
        position = following
        later += [landing for landing in landings if landing.late]
        landings = [landing for landing in landings if not landing.late]
        thump = next((landing for landing in landings if landing.certain), None)
        unsure = thump is None and any(start <= one.impact < end for one in landings)
        outcomes.append(outcome(session, cue, snr, hearable, thump, unsure))
    for landing in later:
        i = next(
            i
            for i, cue in enumerate(session.cues)
            if cue + WINDOW[0] <= landing.impact < cue + WINDOW[1]
        )
        outcomes[i] = replace(outcomes[i], later=landing)
    return outcomes


def outcome(  # noqa: PLR0917 - in the order of `Outcome`
    session: Session,
    cue: int,
    snr_db: float,
    hearable: bool,
    thump: Landing | None,
    unsure: bool = False,
) -> Outcome:
    """Return the outcome of the window around `cue`, in which `thump` was counted."""
    start, end = cue + WINDOW[0], cue + WINDOW[1]
    drop = next(((at, e) for at, e in session.drops if start <= at < end), None)
    right = bool(drop and thump and abs(thump.impact - drop[0]) <= TOLERANCE)
    return Outcome(
        session.name, session.evidence, session.scene, session.floor, session.footwear,
        drop[1] if drop else None, drop[0] if drop else None, snr_db, hearable, thump,
        (thump.decided - drop[0]) / 16000 if right and thump and drop else None, right,
        (thump.impact - drop[0]) / 16000 if thump and drop else None, unsure,
    )  # fmt: skip


def unheard(session: Session, cue: int) -> Outcome:
    """Return the outcome of a window of somebody whose calibration failed."""
    return outcome(session, cue, -99.0, False, None)


def summary(outcomes: list[Outcome]) -> dict[str, float]:
    """Return counts and rates over `outcomes`."""
    drops = [o for o in outcomes if o.effort is not None]
    good = [o for o in drops if o.effort is not None and o.effort >= 0.5]
    empty = [o for o in outcomes if o.effort is None]
    heard = [o for o in outcomes if o.heard]
    right = [o for o in outcomes if o.right]
    precision = len(right) / max(1, len(heard))
    recall = len(right) / max(1, len(drops))
    latencies = sorted(o.latency for o in right if o.latency is not None)
    soft_below = load_rules().firmness["moderate"].band.soft_below_db
    graded = [
        (o.effort >= 0.5, o.heard.level_db >= soft_below) for o in right if o.heard and o.effort
    ]
    return {
        "windows": len(outcomes),
        "drops": len(drops),
        "heard": len(heard),
        "right": len(right),
        "good": len(good),
        "empty": len(empty),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "missed_good": 1 - sum(o.right for o in good) / max(1, len(good)),
        "false_per_empty": sum(o.heard is not None for o in empty) / max(1, len(empty)),
        "graded_right": sum(a == b for a, b in graded) / max(1, len(graded)),
        "latency_p50": latencies[len(latencies) // 2] if latencies else 0.0,
        "latency_p95": latencies[int(0.95 * (len(latencies) - 1))] if latencies else 0.0,
    }


NEAR_DB = 2.0
"""A soft landing this close to where soft begins may be told as a good one."""


def soft_summary(outcomes: list[Outcome]) -> dict[str, float]:
    """Return what was told of soft landings; `outcomes` are windows in which there was one.

    What a landing is follows from its effort: the speed relative to the person's own good drops.
    """
    border = load_rules().firmness["moderate"].band.soft_below_db
    answered = told_soft = left_open = 0
    for one in outcomes:
        assert one.effort is not None
        level_db = 20.0 * math.log10(one.effort)
        if one.right and one.heard is not None and one.hearable:
            is_soft = one.heard.level_db < border
            told_soft += is_soft
            answered += is_soft or level_db > border - NEAR_DB
        left_open += not one.told
    right = sum(one.right and one.hearable for one in outcomes)
    return {
        "windows": len(outcomes),
        "answered": answered / max(1, len(outcomes)),
        "told_soft": told_soft / max(1, len(outcomes)),
        "counted": right / max(1, len(outcomes)),
        "left_open": left_open / max(1, len(outcomes)),
        "missed": 1.0 - (right + left_open) / max(1, len(outcomes)),
    }


def decided_later(outcomes: list[Outcome]) -> dict[str, float]:
    """Return of how many windows left open something was decided later, and how often rightly."""
    decided = [one for one in outcomes if one.hearable and one.later is not None]
    right = sum(
        one.drop is not None and abs(one.later.impact - one.drop) <= TOLERANCE
        for one in decided
        if one.later is not None
    )
    open_ = [one for one in outcomes if one.hearable and one.unsure]
    return {
        "left_open": len(open_),
        "drops_left_open": sum(one.effort is not None for one in open_),
        "decided": len(decided),
        "right": right,
    }
