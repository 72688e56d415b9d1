"""Fit the weighers, which judge a sound in its circumstances, on development sessions.

    python -m research.heels.weigh [--sim N] [--soft N] [--real N] [--keep FOLDER] [--check]

Replays people and kitchens that the judges were not fitted on (the buildings of REAL ones they
were), and fits two small networks to what was known of every sound in a window: when it was first
judged, and 200 ms later. Soft landings are positives of their own, which count for as much as good
ones. Writes ``weighers.json``; what was heard is kept in FOLDER. Test sessions are never looked at
here, nor those that the limits are chosen on afterwards, by ``research.heels.choose``.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from research.heels.fit import CROWDED, PACKAGE, TOLERANCE, UNCLEAR, template_of, train, version
from research.heels.recordings import data_folder
from research.heels.replay import Heard, evidence_of, hear, replay
from research.heels.sessions import SCENES, SOFT_EFFORT, Job, Session, make
from voice_coach.hearing.heels.circumstances import AT_ONCE, LATER
from voice_coach.hearing.heels.counting import Alone
from voice_coach.hearing.heels.features import Vector
from voice_coach.hearing.heels.thresholds import Thresholds

FIRST = 50_000
"""Seeds from here on: the judges were not fitted on them, and none is a test."""

TAUGHT_BY = 2.0
"""Evidence, by the moment too, from which a landing is taken for counted while it is learnt."""

SOFT_WEIGHT = 1.5
"""What a soft landing counts for, against a good one: there are fewer."""

UNITS, NETS, EPOCHS = 32, 4, 15

MADE_UP = 5
"""Least arguments of the sessions in buildings that are made of the real ones."""

Array = npt.NDArray[np.float32]


class Teacher:
    """Weighs by the evidence and the moment alone, and keeps the figures it was asked with."""

    def __init__(self) -> None:
        self.asked: list[Vector] = []
        self.again: dict[bytes, Vector] = {}

    def at_once(self, figures: Vector) -> float:
        """Keep the figures, and leave the sound for its second look."""
        self.asked.append(figures)
        return float(-np.inf)

    def later(self, figures: Vector) -> float:
        """Keep the figures, and weigh by evidence, rhythm and moment."""
        self.again[figures[: len(AT_ONCE)].tobytes()] = figures
        return Alone().at_once(figures)


def sessions(sim: int, soft: int, real: int, crowd: int) -> list[Job]:
    """Return sessions that are neither fitted on by the judges nor tested.

    To each five of the `crowd` come two in buildings made of the real ones, one of them with
    faint landings; and half as many as `real` are so.
    """
    jobs: list[Job] = [("sim", (FIRST + i, SCENES[i % len(SCENES)])) for i in range(sim)]
    jobs += [("soft", (FIRST + 10_000 + i, SCENES[i % len(SCENES)])) for i in range(soft)]
    data = data_folder()
    if data is not None:
        jobs += [("real", (data, "dev", FIRST + i, i % 2 == 1)) for i in range(real)]
        jobs += [
            ("real", (data, "dev", FIRST + 1000 + i, i % 3 > 0, 20, True))
            for i in range(crowd // 5)
        ]
        jobs += [("faint", (data, "dev", FIRST + 10_000 + i, i % 2 == 1)) for i in range(real // 2)]
        jobs += [
            ("faint", (data, "dev", FIRST + 11_000 + i, i % 2 == 1, True))
            for i in range(crowd // 5)
        ]
    jobs += [("crowd", (FIRST + i, CROWDED[i % len(CROWDED)], 20, True)) for i in range(crowd)]
    return jobs


def is_for_fitting(job: Job) -> bool:
    """Return whether the weighers are fitted on a session; limits are chosen on the others."""
    seed = next(one for one in job[1] if isinstance(one, int))
    made_up = job[0] == "crowd" or (job[1][-1] is True and len(job[1]) >= MADE_UP)
    return made_up or seed // len(SCENES) % 3 < 2


def heard_of(job: Job, keep: Path | None) -> Heard:
    """Return what was heard in a session, from the folder `keep` when it is there."""
    maker, args = job
    names = "-".join(str(a) for a in args if not isinstance(a, Path))
    path = keep / version() / f"heard-{maker}-{names}.npy" if keep else None
    if path and path.exists():
        kept: Heard = np.load(path, allow_pickle=True).item()
        return kept
    session = make(job)
    heard = hear(session, template_of(session))
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, np.array(heard, dtype=object), allow_pickle=True)
    return heard


def examples(heard: Heard) -> tuple[Array, Array, Array]:
    """Return figures, labels and weights of the sounds in the windows of a session."""
    teacher = Teacher()
    limits = Thresholds(np.inf, TAUGHT_BY, -np.inf, 0.0, "")
    asked: list[tuple[int, Vector]] = []
    replay(heard, evidence_of(heard), limits, teacher, asked)
    rows, labels, weights = [], [], []
    for at, figures in asked:
        known = teacher.again.get(figures.tobytes())
        label, weight = _label(heard.session, at)
        if known is not None and weight > 0:
            rows.append(known)
            labels.append(label)
            weights.append(weight)
    return (
        np.array(rows, np.float32).reshape(-1, len(LATER)),
        np.array(labels, np.float32),
        np.array(weights, np.float32),
    )


def _label(session: Session, at: int) -> tuple[float, float]:
    """Return whether a sound was the heels, and what it counts for: 0 when it is neither."""
    for drop, effort in session.drops:
        if abs(at - drop) <= TOLERANCE:
            return 1.0, SOFT_WEIGHT if effort < SOFT_EFFORT else 1.0
        if abs(at - drop) <= UNCLEAR or 0 < at - drop < 6400:
            return 0.0, 0.0
    return 0.0, 1.0


def add_counts(parser: argparse.ArgumentParser) -> None:
    """Let `parser` take how many sessions there are of each kind, and where they are kept."""
    parser.add_argument("--sim", type=int, default=480)
    parser.add_argument("--soft", type=int, default=320)
    parser.add_argument("--real", type=int, default=176)
    parser.add_argument("--keep", type=Path, help="folder for what was heard so far")


def main() -> int:
    """Fit the weighers, or check what ships."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_counts(parser)
    parser.add_argument("--crowd", type=int, default=360)
    parser.add_argument("--check", action="store_true", help="compare with what ships, keep that")
    arguments = parser.parse_args()
    jobs = sessions(arguments.sim, arguments.soft, arguments.real, arguments.crowd)
    parts = [
        examples(heard_of(job, arguments.keep))
        for job in tqdm(jobs, unit="session")
        if is_for_fitting(job)
    ]
    x, y, w = (np.concatenate([part[i] for part in parts]) for i in range(3))
    print(f"{len(y)} sounds, {int(y.sum())} landings", file=sys.stderr)
    fitted = {
        "figures": list(LATER),
        "at_once": train(x[:, : len(AT_ONCE)], y, w, (UNITS, NETS, EPOCHS)),
        "later": train(x, y, w, (UNITS, NETS, EPOCHS)),
    }
    text = json.dumps(fitted, separators=(",", ":")) + "\n"
    path = PACKAGE / "weighers.json"
    if arguments.check:
        same = text == path.read_text()
        print(f"weighers.json is {'' if same else 'not '}what this fit makes.", file=sys.stderr)
        return 0 if same else 1
    path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
