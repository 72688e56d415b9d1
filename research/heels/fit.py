"""Fit the judges and the built-in prior on the development sessions; seeded, reproducible.

    python -m research.heels.fit [--sim N] [--real N] [--coloured N] [--crowd N] [--keep FOLDER]
        [--check]

Writes ``generic.json`` and ``judges.json`` into ``voice_coach/hearing/heels``; with --check it
writes nothing and tells whether they are, to the last bit, what it would have written. Test
sessions are never looked at here. The onsets of each session are kept in FOLDER, so that an
interrupted run goes on where it was; nothing is taken over once the ear or the sessions have
changed. The limits are chosen afterwards, by ``research.heels.choose``.
"""

import argparse
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

# Sums must come out alike wherever this runs, however many cores there are.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from research.code_version import code_version
from research.heels.recordings import data_folder
from research.heels.sessions import WINDOW, Job, Session, jobs, make
from research.places import ROOT
from voice_coach.hearing.heels import judge
from voice_coach.hearing.heels.calibrator import CalibrationFailed, Calibrator
from voice_coach.hearing.heels.comparison import compare
from voice_coach.hearing.heels.features import NAMES
from voice_coach.hearing.heels.onsets import IMPACT, WEAKEST_DB, OnsetFinder
from voice_coach.hearing.heels.spectrum import HOP, TINY, BandAnalyser, Steps
from voice_coach.hearing.heels.template import BEFORE, LAGS, HeelTemplate
from voice_coach.simulation import FLOORS, FOOTWEAR, Kitchen

PACKAGE = ROOT / "voice_coach" / "hearing" / "heels"
CODE = (
    "voice_coach/hearing/heels/calibration_drops.py",
    "voice_coach/hearing/heels/calibrator.py",
    "voice_coach/hearing/heels/comparison.py",
    "voice_coach/hearing/heels/features.py",
    "voice_coach/hearing/heels/generic.json",
    "voice_coach/hearing/heels/noise_floor.py",
    "voice_coach/hearing/heels/onsets.py",
    "voice_coach/hearing/heels/own_sound.py",
    "voice_coach/hearing/heels/spectrum.py",
    "voice_coach/hearing/heels/template.py",
    "voice_coach/simulation",
    "research/heels/recordings.py",
    "research/heels/sessions.py",
)
"""What decides which onsets there are in a session, and their figures."""

TOLERANCE = 800
"""An onset within 50 ms of an impact is that impact."""
UNCLEAR = 1100
"""One farther away, but within 69 ms, is neither that nor something else."""
CROWDED = (
    *("mixed", "steps", "talk", "music", "tap", "cupboard", "dishes", "steps"),
    *("mixed", "talk", "quiet", "tap", "mixed", "music", "steps", "cupboard"),
)
"""Scenes of the crowd: what deceives the ear most comes most often."""
UNITS, NETS, EPOCHS, BATCH, NOISE = 32, 8, 20, 512, 0.3

Array = npt.NDArray[np.float32]


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
    rows, places = [], []
    for a, b in zip(Steps().cut(session.microphone), Steps().cut(session.playback), strict=True):
        for onset in finder.step(a, b):
            rows.append(compare(onset, template).features)
            places.append(onset.at)
    return labelled(
        np.array(rows, np.float32).reshape(-1, len(NAMES)), np.array(places, int), session
    )


def labelled(
    rows: Array, places: npt.NDArray[np.intp], session: Session
) -> tuple[Array, Array, Array]:
    """Return the features, labels and weights of those onsets of which something is known.

    What follows an impact is neither: it may be a bounce. Onsets outside the windows teach what
    the room sounds like, but for less.
    """
    if not len(places):
        return rows, np.zeros(0, np.float32), np.zeros(0, np.float32)
    after = places[:, None] - np.array([at for at, _ in session.drops])
    since = places[:, None] - np.array(session.cues)
    nearest = np.abs(after).min(axis=1)
    unknown = (nearest <= UNCLEAR) | ((after > 0) & (after < 6400)).any(axis=1)
    inside = ((since >= WINDOW[0]) & (since < WINDOW[1])).any(axis=1)
    good = nearest <= TOLERANCE
    use = good | ~unknown
    weights = np.where(inside, 1.0, 0.3)
    return rows[use], good[use].astype(np.float32), weights[use].astype(np.float32)


def train(
    x: Array, y: Array, w: Array, size: tuple[int, int, int] = (UNITS, NETS, EPOCHS)
) -> dict[str, list[Any]]:
    """Return averaged small networks fitted with Adam on the weighted cross-entropy.

    `size` is the units of a network, the networks, and how often each sees all examples.
    """
    units, count, epochs = size
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-3
    z = np.clip((x - mean) / scale, -4, 4).astype(np.float32)
    _EXAMPLES[:] = [z, y, w]
    nets: dict[str, list[Any]] = {k: [] for k in ("hidden", "hidden_bias", "out", "out_bias")}
    # The processes are forked, so that they see the examples without a copy.
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for fitted in tqdm(
            pool.imap(partial(_net, units, epochs), range(count)), total=count, unit="net"
        ):
            for key, q in zip(nets, fitted, strict=True):
                values = np.round(q.astype(float), 3)
                nets[key].append(values.tolist() if key != "out_bias" else float(values[0]))
    return {
        "mean": np.round(mean.astype(float), 3).tolist(),
        "scale": np.round(scale.astype(float), 4).tolist(),
        **nets,
    }


_EXAMPLES: list[Array] = []
"""Figures, labels and weights that a network is fitted to."""


def _net(units: int, epochs: int, net: int) -> list[Array]:
    """Return hidden weights and biases, output weights and bias of one network."""
    z, y, w = _EXAMPLES
    rng = np.random.default_rng([0, net])

    def draw(*shape: int) -> Array:
        return rng.standard_normal(shape, np.float32)

    p: list[Array] = [
        draw(z.shape[1], units) * np.float32(z.shape[1] ** -0.5),
        np.zeros(units, np.float32),
        draw(units) * np.float32(0.25),
        np.zeros(1, np.float32),
    ]
    m, v = [np.zeros_like(q) for q in p], [np.zeros_like(q) for q in p]
    step = 0
    for epoch in range(epochs):
        rate = np.float32(0.004 * (1 - epoch / epochs) + 1e-4)
        for rows in np.array_split(rng.permutation(len(z)), max(1, len(z) // BATCH)):
            step += 1
            xb = z[rows] + np.float32(NOISE) * draw(len(rows), z.shape[1])
            h = np.tanh(xb @ p[0] + p[1])
            prob = 1 / (1 + np.exp(-(h @ p[2] + p[3])))
            d = w[rows] * (prob - y[rows]) / len(rows)
            dh = np.outer(d, p[2]) * (1 - h**2)
            decay = np.float32(1e-4)
            grads = [
                xb.T @ dh + decay * p[0],
                dh.sum(axis=0),
                h.T @ d + decay * p[2],
                d.sum(keepdims=True),
            ]
            for i, g in enumerate(grads):
                m[i] += np.float32(0.1) * (g - m[i])
                v[i] += np.float32(0.001) * (g * g - v[i])
                first = m[i] / np.float32(1 - 0.9**step)
                second = v[i] / np.float32(1 - 0.999**step)
                p[i] = p[i] - rate * first / (np.sqrt(second) + np.float32(1e-8))
    return p


def development(sim: int, real: int, coloured: int, crowd: int) -> Iterator[Job]:
    """Yield the development sessions: people, buildings, buildings made of those, more people."""
    yield from jobs("dev", sim, real)
    data = data_folder()
    for i in range(coloured if data is not None else 0):
        yield "real", (data, "dev", 1000 + i, i % 2 == 1, 20, True)
    for i in range(crowd):
        yield "crowd", (i, CROWDED[i % len(CROWDED)])


def version() -> str:
    """Return a checksum of the files that decide what the onsets and their figures are."""
    return code_version(*CODE)


def kept_path(keep: Path, kind: str, job: Job) -> Path:
    """Return where the examples of a job are kept."""
    maker, args = job
    return keep / f"{kind}-{maker}-{'-'.join(str(a) for a in args if not isinstance(a, Path))}.npz"


def examples_of(
    kind: str, job: Job, prior: HeelTemplate, keep: Path | None
) -> tuple[Array, Array, Array]:
    """Return the examples that a session gives the judge of one `kind`."""
    path = kept_path(keep, kind, job) if keep else None
    if path and path.exists():
        found = np.load(path)
        return found["x"], found["y"], found["w"]
    session = make(job)
    template = prior if kind == "generic" else template_of(session)
    none = np.zeros(0, np.float32)
    x, y, w = none.reshape(0, len(NAMES)), none, none
    if template is not None:
        x, y, w = examples(session, template)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, x=x, y=y, w=w)
    return x, y, w


def main() -> int:
    """Fit, or check, what ships."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sim", type=int, default=420)
    parser.add_argument("--real", type=int, default=160)
    parser.add_argument("--coloured", type=int, default=460)
    parser.add_argument("--crowd", type=int, default=1500)
    parser.add_argument("--keep", type=Path, help="folder for the onsets found so far")
    parser.add_argument("--check", action="store_true", help="compare with what ships, keep that")
    arguments = parser.parse_args()
    prior = generic().to_json() + "\n"
    if prior != (PACKAGE / "generic.json").read_text():
        if arguments.check:
            print("generic.json is not what this fit makes.", file=sys.stderr)
            return 1
        (PACKAGE / "generic.json").write_text(prior)
        print("generic.json has changed: run this again to fit with it.", file=sys.stderr)
        return 1
    keep = arguments.keep / version() if arguments.keep else None
    judges: dict[str, object] = {"prior": judge.prior(), "features": list(NAMES)}
    every = list(development(arguments.sim, arguments.real, arguments.coloured, arguments.crowd))
    for kind, chosen in (("calibrated", every), ("generic", every[::24])):
        template = HeelTemplate.generic()
        parts = [examples_of(kind, job, template, keep) for job in tqdm(chosen, desc=kind)]
        x, y, w = (np.concatenate([part[i] for part in parts]) for i in range(3))
        print(f"{kind}: {len(y)} onsets, {int(y.sum())} drops", file=sys.stderr)
        judges[kind] = train(x, y, w)
    fitted = json.dumps(judges, separators=(",", ":")) + "\n"
    if arguments.check:
        same = fitted == (PACKAGE / "judges.json").read_text()
        print(f"judges.json is {'' if same else 'not '}what this fit makes.", file=sys.stderr)
        return 0 if same else 1
    (PACKAGE / "judges.json").write_text(fitted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
