"""Choose the limits between counted and rejected, on development sessions kept from the fits.

    python -m research.heels.choose [--sim N] [--soft N] [--real N] [--keep FOLDER]

Replays people and kitchens that neither judges nor weighers were fitted on (the buildings of REAL
ones they were) with all limits of a grid. Writes into ``thresholds.json``, with the reason, those
whose worst figure is closest to its target; of those that reach every target, those that count
most drops, and then those that begin the fewest sets in noise. Test sessions are never looked at
here. What was heard is kept in FOLDER.
"""

import argparse
import itertools
import json
import sys
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from research.heels.fit import PACKAGE
from research.heels.replay import NEVER, Window, evidence_of, replay
from research.heels.scoring import summary
from research.heels.weigh import add_counts, heard_of, is_for_fitting, sessions
from voice_coach.hearing.heels import judge
from voice_coach.hearing.heels.thresholds import Thresholds

TARGETS = {"SIM": (0.03, 0.02), "SIM soft": (0.08, 0.02)}
TARGETS["REAL easy"] = TARGETS["REAL busy"] = (0.03, 0.02)
TARGETS["REAL faint"] = (0.08, 0.02)
"""What F1 may lack of 1, and the share of good drops missed."""

FALSE = 0.004
"""False counts per empty window, in all SIM sessions together, and in all REAL ones."""

HEARABLE_IN_QUIET = 1.0
"""Share of the SIM windows in quiet that must be listened to."""

AT_ONCE = np.arange(3.5, 4.6, 0.5)
LIKELY = np.arange(3.5, 4.6, 0.5)
"""From where false counts on development are no more than they were by evidence alone, on."""
UNSURE = np.arange(-2.0, 2.01, 0.5)
HEARABLE_DB = np.arange(-6.0, 2.1, 1.0)


@dataclass(frozen=True)
class Score:
    """The summary of what is told with some limits, and how much that is."""

    of_told: dict[str, float]
    told_of: float
    """Share of all windows."""
    not_counted: float
    """Share of the drops in all windows, soft ones too, that are not counted."""
    hearable_in_quiet: float
    """Share of the windows in quiet scenes that are listened to."""


def scores(windows: list[Window], hearable_db: float, unsure: float) -> dict[str, Score]:
    """Return the score of each evidence."""
    result = {}
    for evidence in TARGETS:
        mine = [one for one in windows if one.outcome.evidence == evidence]
        told = [one.outcome for one in mine if one.told(hearable_db, unsure)]
        quiet = [
            one.margin_db >= hearable_db
            for one in mine
            if one.outcome.scene == "quiet" and one.margin_db > NEVER
        ]
        if mine:
            in_quiet = float(np.mean(quiet)) if quiet else 1.0
            drops = [one for one in mine if one.outcome.effort is not None]
            counted = sum(one.outcome.right and one.margin_db >= hearable_db for one in drops)
            not_counted = 1.0 - counted / max(1, len(drops))
            result[evidence] = Score(summary(told), len(told) / len(mine), not_counted, in_quiet)
    return result


def shortfall(score: dict[str, Score]) -> float:
    """Return how many times its target the worst figure is."""
    shares = [
        value / target
        for name, one in score.items()
        for value, target in zip(_missing(one.of_told), TARGETS[name], strict=True)
    ]
    return max(*shares, *(_false(score, kind) / FALSE for kind in ("SIM", "REAL")))


def _false(score: dict[str, Score], kind: str) -> float:
    """Return the false counts per empty window in all sessions of a kind."""
    rows = [one.of_told for name, one in score.items() if name.startswith(kind)]
    false = sum(row["false_per_empty"] * row["empty"] for row in rows)
    return false / max(1.0, sum(row["empty"] for row in rows))


def _missing(row: dict[str, float]) -> tuple[float, float]:
    return 1.0 - row["f1"], row["missed_good"]


def in_words(score: dict[str, Score]) -> str:
    """Return the figures of a pair of limits."""
    return "; ".join(
        f"{name}: F1 {row['f1']:.3f}, good drops missed {100 * row['missed_good']:.1f} %, false "
        f"{100 * row['false_per_empty']:.2f} % of {row['empty']}, told of "
        f"{100 * one.told_of:.0f} %"
        for name, one in score.items()
        for row in (one.of_told,)
    )


def main() -> int:
    """Choose the limits and write them, with the reason."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_counts(parser)
    arguments = parser.parse_args()
    every = sessions(arguments.sim, arguments.soft, arguments.real, 0)
    jobs = [job for job in every if not is_for_fitting(job)]
    heard = [heard_of(job, arguments.keep) for job in tqdm(jobs, unit="session")]
    sounds = [evidence_of(one) for one in heard]
    found = []
    for at_once, likely in tqdm(list(itertools.product(AT_ONCE, LIKELY)), unit="limits"):
        if likely > at_once:
            continue
        limits = Thresholds(float(at_once), float(likely), 0.0, 0.0, "")
        windows = [
            window
            for one, evidence in zip(heard, sounds, strict=True)
            for window in replay(one, evidence, limits, judge.weigher())
        ]
        for unsure, hearable in itertools.product(UNSURE[likely >= UNSURE], HEARABLE_DB):
            score = scores(windows, float(hearable), float(unsure))
            worst = shortfall(score)
            if score["SIM"].hearable_in_quiet < HEARABLE_IN_QUIET:
                continue
            not_counted = float(np.mean([one.not_counted for one in score.values()]))
            chosen = float(at_once), float(likely), float(unsure), float(hearable)
            found.append((max(worst, 1.0), not_counted, -hearable, chosen, score))
    *_, (at_once, likely, unsure, hearable), score = min(found, key=lambda row: row[:3])
    reason = (
        f"Chosen on {len(jobs)} development sessions: the worst figure is {shortfall(score):.2f} "
        f"times its target. {in_words(score)}."
    )
    written = {
        "at_once": at_once, "likely": likely, "unsure": unsure, "hearable_db": hearable,
        "reason": reason,
    }  # fmt: skip
    (PACKAGE / "thresholds.json").write_text(json.dumps(written, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
