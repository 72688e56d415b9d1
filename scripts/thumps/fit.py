"""Fit the judges and the built-in prior on the development sessions; seeded, reproducible.

    python scripts/thumps/fit.py [--sim N] [--real N]

Writes ``generic.json`` and ``judges.json`` into ``voice_coach/hearing/thumps``. Test sessions
are never looked at here.
"""

import argparse
import json
import pickle
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sessions as makers
from sessions import Session, jobs
from tqdm import tqdm

from voice_coach.hearing.thumps.calibration import CalibrationFailed, Calibrator
from voice_coach.hearing.thumps.features import NAMES, compare
from voice_coach.hearing.thumps.onsets import IMPACT, WEAKEST_DB, OnsetFinder
from voice_coach.hearing.thumps.spectrum import HOP, TINY, BandAnalyser, Steps
from voice_coach.hearing.thumps.template import BEFORE, LAGS, HeelTemplate
from voice_coach.sound.simulation import FLOORS, FOOTWEAR, Kitchen

PACKAGE = Path(makers.__file__).resolve().parents[2] / "voice_coach" / "hearing" / "thumps"
TOLERANCE = 960
"""An onset within 60 ms of an impact is that impact."""
UNITS, NETS, EPOCHS = 16, 4, 60

Array = npt.NDArray[np.float64]


def generic(users: int = 4) -> HeelTemplate:
    """Return the mean of simulated drops on every floor in every footwear."""
    levels = []
    for f, floor in enumerate(FLOORS):
        for w, footwear in enumerate(FOOTWEAR):
            for user in range(users):
                kitchen = Kitchen(
                    floor=floor, footwear=footwear, seed=90_000 + 100 * f + 10 * w + user
                )
                at = int(kitchen.strike(16_000))
                analyser = BandAnalyser()
                powers = np.concatenate(
                    [
                        analyser.powers(s)
                        for s in Steps().cut(kitchen.microphone(np.zeros(24_000, np.float32)))
                    ]
                )
                onset = -(-(at + IMPACT) // HOP) - 1
                noise = np.median(powers[:150], axis=0)
                excess = np.maximum(powers[onset - BEFORE : onset - BEFORE + LAGS] - noise, TINY)
                levels.append(10 * np.log10(excess / excess.sum()))
    mean = 10 ** (np.median(levels, axis=0) / 10)
    power = 1e-2 * mean / mean.sum()
    return HeelTemplate(np.maximum(power, TINY).astype(np.float32), 3.0, False, 0)


def template_of(session: Session) -> HeelTemplate | None:
    """Return what the session's calibration teaches, or None when it fails."""
    calibrator = Calibrator()
    for window in session.calibration_windows:
        calibrator.open_window(*window)
    calibrator.feed(session.calibration, session.calibration_playback)
    try:
        return calibrator.finish()
    except CalibrationFailed:
        return None


def examples(session: Session, template: HeelTemplate) -> tuple[Array, Array, Array]:
    """Return features, labels and weights of the session's onsets."""
    weakest = WEAKEST_DB if template.calibrated else -np.inf
    finder = OnsetFinder(template.spectrum, weakest)
    impacts = np.array([at for at, _ in session.drops])
    cues = np.array(session.cues)
    rows, labels, weights = [], [], []
    for a, b in zip(Steps().cut(session.microphone), Steps().cut(session.playback), strict=True):
        for onset in finder.step(a, b):
            at = onset.at
            after = at - impacts
            good = bool(np.any(np.abs(after) <= TOLERANCE))
            if not good and np.any((after > 0) & (after < 6400)):
                continue
            since = at - cues[cues <= at + 4000]
            inside = len(since) > 0 and since.min() <= 16_000
            rows.append(compare(onset, template).features)
            labels.append(good)
            weights.append(1.0 if inside else 0.3)
    return np.array(rows, float).reshape(-1, len(NAMES)), np.array(labels, float), np.array(weights)


def train(x: Array, y: Array, w: Array, seed: int = 0) -> dict[str, list]:
    """Return averaged small networks fitted with Adam on the weighted cross-entropy."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-3
    z = np.clip((x - mean) / scale, -4, 4)
    nets: dict[str, list] = {k: [] for k in ("hidden", "hidden_bias", "out", "out_bias")}
    for net in range(NETS):
        rng = np.random.default_rng([seed, net])
        p = [
            rng.normal(0, 0.25, (z.shape[1], UNITS)), np.zeros(UNITS),
            rng.normal(0, 0.25, UNITS), np.zeros(1),
        ]  # fmt: skip
        m, v = [np.zeros_like(q) for q in p], [np.zeros_like(q) for q in p]
        step = 0
        for epoch in range(EPOCHS):
            rate = 0.004 * (1 - epoch / EPOCHS) + 1e-4
            for rows in np.array_split(rng.permutation(len(z)), max(1, len(z) // 256)):
                step += 1
                xb, yb, wb = z[rows], y[rows], w[rows]
                xb = xb + rng.normal(0, 0.1, xb.shape)
                h = np.tanh(xb @ p[0] + p[1])
                prob = 1 / (1 + np.exp(-(h @ p[2] + p[3])))
                d = wb * (prob - yb) / len(rows)
                dh = np.outer(d, p[2]) * (1 - h**2)
                grads = [
                    xb.T @ dh + 1e-4 * p[0],
                    dh.sum(0),
                    h.T @ d + 1e-4 * p[2],
                    d.sum(keepdims=True),
                ]
                for i, g in enumerate(grads):
                    m[i] = 0.9 * m[i] + 0.1 * g
                    v[i] = 0.999 * v[i] + 0.001 * g * g
                    p[i] = p[i] - rate * (m[i] / (1 - 0.9**step)) / (
                        np.sqrt(v[i] / (1 - 0.999**step)) + 1e-8
                    )
        for key, q in zip(nets, p, strict=True):
            nets[key].append(
                np.round(q, 4).tolist() if key != "out_bias" else round(float(q[0]), 4)
            )
    return {"mean": np.round(mean, 4).tolist(), "scale": np.round(scale, 4).tolist(), **nets}


def made(job: tuple[str, tuple], cache: Path | None) -> Session:
    """Return the session of a job, from `cache` when it is there."""
    maker, args = job
    if cache is None:
        return getattr(makers, maker)(*args)
    name = "-".join(str(a) for a in args if not isinstance(a, Path))
    path = cache / f"{maker}-{name}.pickle"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(getattr(makers, maker)(*args)))
    return pickle.loads(path.read_bytes())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sim", type=int, default=176)
    parser.add_argument("--real", type=int, default=140)
    parser.add_argument("--cache", type=Path, help="folder that keeps the sessions between runs")
    arguments = parser.parse_args()
    prior = generic()
    (PACKAGE / "generic.json").write_text(prior.to_json() + "\n")
    sets: dict[str, list] = {"calibrated": [], "generic": []}
    for i, job in enumerate(tqdm(list(jobs("dev", arguments.sim, arguments.real)), unit="session")):
        session = made(job, arguments.cache)
        template = template_of(session)
        if template is not None:
            sets["calibrated"].append(examples(session, template))
        if i % 6 == 0:
            sets["generic"].append(examples(session, prior))
    judges = {}
    for kind, parts in sets.items():
        x, y, w = (np.concatenate([part[i] for part in parts]) for i in range(3))
        print(
            f"{kind}: {len(parts)} sessions, {len(y)} onsets, {int(y.sum())} drops", file=sys.stderr
        )
        judges[kind] = train(x, y, w)
    (PACKAGE / "judges.json").write_text(json.dumps(judges, separators=(",", ":")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
