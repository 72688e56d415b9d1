"""Measure how well it is heard that the heels of one landing came apart.

    python -m research.heels.lags [--people N] [--out docs]

Simulated people calibrate, then land with one heel, or with the second one 0 to 60 ms after the
first; it has 55-100 % of the speed. The product's own ear hears it, with its windows. Writes the
end of ``two-heels.md``, and ``two-heels.json``.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from research import figures
from research.figures import Figures
from research.heels.card import share
from voice_coach.clock import BLOCK, to_samples
from voice_coach.coach.pacing import WINDOW_AFTER, WINDOW_BEFORE
from voice_coach.hearing.heels import CalibrationFailed, calibrate
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.simulation import FLOORS, FOOTWEAR, Kitchen, Noise

FIRST_SEED = 800_000
SCENES = ("quiet", "dishes", "tap", "talk")
LAGS_MS = (None, 0, 10, 15, 20, 30, 40, 50, 60)
"""None is a drop on one leg."""

RIGHT_MS = 4.0
"""A lag this near to the true one is right."""


@dataclass(frozen=True)
class Strike:
    """One landing, and what was made of it."""

    scene: str
    lag_ms: int | None
    counted: int
    """How many landings were counted in its window."""
    heard_ms: float | None


def person(seed: int) -> list[Strike]:
    """Return the landings of a simulated person; empty where the calibration fails."""
    rng = np.random.default_rng([seed, 3])
    scene = SCENES[seed % len(SCENES)]
    kitchen = Kitchen(
        floor=str(rng.choice(list(FLOORS))),
        footwear=str(rng.choice(list(FOOTWEAR))),
        distance_m=float(rng.uniform(1.0, 2.2)),
        noises=[] if scene == "quiet" else [Noise(scene, start=to_samples(11.0))],
        seed=seed,
    )
    for second in (3.0, 6.0, 9.0):
        kitchen.strike(to_samples(second))
    try:
        template = calibrate(kitchen.microphone(np.zeros(to_samples(11.0), np.float32)))
    except CalibrationFailed:
        return []
    ear = HeelEar([template])
    cues = [to_samples(2.5 + 2.5 * i) for i in range(len(LAGS_MS))]
    for lag_ms, cue in zip(LAGS_MS, cues, strict=True):
        at = to_samples(11.0) + cue + to_samples(float(rng.uniform(0.15, 0.6)))
        speed = float(rng.uniform(0.85, 1.15))
        kitchen.strike(at, speed, heels=1)
        if lag_ms is not None:
            second_speed = speed * float(rng.uniform(0.55, 1.0))
            kitchen.strike(at + to_samples(lag_ms / 1000), second_speed, heels=1)
        ear.open_window(cue - WINDOW_BEFORE, cue + WINDOW_AFTER, prompted=cue)
    landings, apart = [], []
    for _ in range((cues[-1] + to_samples(2.5)) // BLOCK):
        landings += ear.feed(kitchen.microphone(np.zeros(BLOCK, np.float32)))
        apart += ear.heels_apart()
    lags = {one.landed: one.lag_ms for one in apart}
    strikes = []
    for lag_ms, cue in zip(LAGS_MS, cues, strict=True):
        counted = [
            one.impact
            for one in landings
            if one.certain and not one.late
            and cue - WINDOW_BEFORE <= one.impact < cue + WINDOW_AFTER
        ]  # fmt: skip
        heard = lags.get(counted[0]) if counted else None
        strikes.append(Strike(scene, lag_ms, len(counted), heard))
    return strikes


def summary(strikes: Sequence[Strike]) -> Figures:
    """Return of how many landings a lag is told, and how often it is right."""
    counted = [one for one in strikes if one.counted]
    told = [one for one in counted if one.heard_ms is not None]
    apart = [one for one in told if one.heard_ms]
    right = sum(abs(one.heard_ms - (one.lag_ms or 0)) <= RIGHT_MS for one in apart if one.heard_ms)
    return {
        "landings": len(strikes),
        "counted": len(counted),
        "twice": sum(one.counted > 1 for one in strikes),
        "told": len(told),
        "apart": len(apart),
        "right": right,
    }


def tables(strikes: Sequence[Strike]) -> Figures:
    """Return the summaries by lag in all scenes, and by scene."""
    by_lag: defaultdict[str, list[Strike]] = defaultdict(list)
    by_scene: defaultdict[str, list[Strike]] = defaultdict(list)
    for one in strikes:
        by_lag["one leg" if one.lag_ms is None else f"{one.lag_ms} ms"].append(one)
        if one.lag_ms is not None and one.lag_ms >= 15:
            by_scene[one.scene].append(one)
    return {
        "lags": {name: summary(those) for name, those in by_lag.items()},
        "scenes": {name: summary(those) for name, those in by_scene.items()},
    }


def text(table: Figures) -> str:
    """Return the end of the page."""
    lines = [
        "", "Written by `python -m research.heels.lags`; do not edit below the mark. Simulated "
        "people, whose two heels sound alike; real ones may do so less. *Counted twice* is two "
        "landings in one window. Right is within 4 ms. In brackets: 95 % Wilson intervals.", "",
        "| lag | landings | counted | counted twice | something told of the lag | told as apart "
        "| right, of those told as apart |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    rows = [*table["lags"].items()]
    rows += [(f"15 to 60 ms: {name}", part) for name, part in table["scenes"].items()]
    for name, part in rows:
        right = share(part["right"] / part["apart"], part["apart"]) if part["apart"] else ""
        apart = share(part["apart"] / part["told"], part["told"]) if part["told"] else ""
        lines.append(
            f"| {name} | {part['landings']} | {part['counted']} | {part['twice']} "
            f"| {part['told']} | {apart} | {right} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, and write the page's end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=96)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    strikes = [
        one
        for index in tqdm(range(arguments.people), unit="person")
        for one in person(FIRST_SEED + index)
    ]
    table = tables(strikes)
    figures.write_page(arguments.out, "two-heels", table, text(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
