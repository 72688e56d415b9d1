"""Measure the thump ear on the test sessions and write the accuracy card.

    python -m research.heels.measure [--sim N] [--real N] [--soft N] [--baselines PYTHON]
        [--bundles FOLDER] [--out docs] [--keep FOLDER]

Builds the sessions (fixed seeds, users never shared with development), runs the product's
detector and, with the interpreter named, aubio and librosa with the same windows; writes
``thumps.json``, ``thumps.md`` and ``thumps.png``. SIM and REAL are never pooled. What is
measured is kept in FOLDER session by session, so that an interrupted run goes on where it was;
nothing is taken over once the ear, the simulator or the sessions have changed. Bundles that
households sent (``voice-coach contribute``) are measured beside them, and never pooled with them.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import msgspec
import numpy as np
import soundfile
from mir_eval import onset as mir_onset
from tqdm import tqdm

from research import figures
from research.code_version import code_version
from research.figures import Figures
from research.heels import bundles, card
from research.heels.fit import template_of
from research.heels.physics import compare_with_recordings, own_sound_counts
from research.heels.recordings import Half, data_folder
from research.heels.scoring import Outcome, decided_later, run, soft_summary, summary
from research.heels.sessions import (
    SCENES,
    SOFT_EFFORT,
    TEST_SEED,
    WINDOW,
    Job,
    Session,
    jobs,
    make,
)
from research.places import ROOT
from voice_coach.clock import SAMPLE_RATE
from voice_coach.hearing.heels import ThumpDetector
from voice_coach.samples import Samples

EVIDENCE = ("SIM", "REAL easy", "REAL busy")
SESSIONS = (
    *("voice_coach/simulation", "research/heels/sessions.py"),
    "research/heels/recordings.py",
)
EAR = ("voice_coach/hearing/heels", "research/heels/fit.py", "research/heels/scoring.py")
"""What decides the sessions, and what our ear makes of them."""

BASELINES = "research.heels.baselines"
"""The module that runs the other detectors, in an interpreter that has them."""

MUTED = 0.06
"""Seconds after our own playback in which the other detectors' onsets are ignored."""


FIRST_SOFT = TEST_SEED + 50_000
"""Seeds of the people who land softly, from here on."""

STANDS_OUT_DB = 20.0
"""Soft landings are asked of where good drops are expected to stand out of the room by this."""


def soft_sessions(count: int) -> list[Job]:
    """Return the sessions of people who mostly land softly, and as many of falls made fainter."""
    jobs: list[Job] = [("soft", (FIRST_SOFT + i, SCENES[i % len(SCENES)])) for i in range(count)]
    data = data_folder()
    if data is not None:
        jobs += [("faint", (data, "test", FIRST_SOFT + i, i % 2 == 1)) for i in range(count)]
    return jobs


def soft_tables(outcomes: list[Outcome]) -> Figures:
    """Return what is told of soft landings: in all, by scene and by level."""
    every_soft = [o for o in outcomes if o.effort is not None and o.effort < SOFT_EFFORT]
    soft = [o for o in every_soft if o.evidence == "SIM soft"]
    clear = [o for o in soft if o.snr_db >= STANDS_OUT_DB]
    parts: Figures = {"all scenes": soft_summary(clear)}
    for scene in SCENES:
        parts[scene] = soft_summary([o for o in clear if o.scene == scene])
    for low, high in ((-14, -11), (-11, -8), (-8, -5)):
        parts[f"{low} to {high} dB"] = soft_summary(
            [o for o in clear if o.effort and low <= 20 * np.log10(o.effort) < high]
        )
    parts["any room"] = soft_summary(soft)
    for scene in ("easy", "busy"):
        fainter = [o for o in every_soft if o.evidence == "REAL faint" and o.scene == scene]
        if fainter:
            parts[f"REAL {scene}, made fainter, any room"] = soft_summary(fainter)
    told = [o for o in outcomes if o.told]
    return {"parts": parts, "told": summary(told), "later": decided_later(outcomes)}


def sessions_of(half: Half, sim: int, real: int) -> list[Job]:
    """Return the sessions of a half."""
    return list(jobs(half, sim, real))


def free_running(session: Session, outcomes: list[Outcome]) -> tuple[int, float]:
    """Return false counts without windows, and the minutes listened to."""
    template = template_of(session)
    if template is None or not outcomes:
        return 0, 0.0
    detector = ThumpDetector(template)
    heard = [one for one in detector.feed(session.microphone, session.playback) if one.certain]
    impacts = np.array([at for at, _ in session.drops])
    false = sum(not np.any(np.abs(impacts - thump.impact) <= 1600) for thump in heard)
    return int(false), len(session.microphone) / SAMPLE_RATE / 60


class Measured(msgspec.Struct):
    """What one test session gave."""

    outcomes: list[Outcome]
    cpu: float
    """Seconds of processor time, for `listened` seconds of sound."""
    listened: float
    free_false: int
    """False counts without windows, in `free_minutes` of sound."""
    free_minutes: float


def one_session(index: int, job: Job, keep: Path | None) -> Measured:
    """Return what the `index`-th test session gave, from the folder `keep` when it is there."""
    maker, arguments = job
    seed = next(one for one in arguments if isinstance(one, int))
    kept = keep / code_version(*EAR, *SESSIONS) / f"{maker}-{seed}.json" if keep else None
    if kept and kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=Measured)
    session = make(job)
    template = template_of(session)
    start = time.process_time()
    outcomes = run(session, template)
    spent = time.process_time() - start
    count, minutes = free_running(session, outcomes) if index % 4 < 2 else (0, 0.0)
    heard = template is not None
    listened = len(session.microphone) / SAMPLE_RATE if heard else 0.0
    one = Measured(outcomes, spent if heard else 0.0, listened, count, minutes)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(msgspec.json.encode(one))
    return one


def own_sound(minutes: int, keep: Path | None) -> dict[str, float]:
    """Return how often the coach's own cues and words were counted."""
    code = code_version(*EAR, *SESSIONS, "research/heels/physics.py")
    kept = keep / f"own-sound-{minutes}-{code}.json" if keep else None
    counts: dict[str, float]
    if kept and kept.exists():
        counts = json.loads(kept.read_text())
        return counts
    counts = own_sound_counts(minutes)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(counts))
    return counts


def f_measure(outcomes: list[Outcome]) -> dict[str, float]:
    """Return mir_eval's F1, precision and recall at +-50 ms over windows laid end to end."""
    reference, estimated = [], []
    for i, outcome in enumerate(outcomes):
        start = 4.0 * i  # close together: mir_eval takes no event after 30,000 s
        if outcome.effort is not None:
            reference.append(start + 1.0)
        if outcome.heard is not None:
            off = outcome.offset if outcome.offset is not None else 2.0
            estimated.append(start + 1.0 + off)
    if not reference or not estimated:
        return {"f1": 0.0, "precision": 0.0, "recall": 0.0}
    f1, precision, recall = mir_onset.f_measure(
        np.array(reference), np.sort(np.array(estimated)), window=0.05
    )
    return {"f1": float(f1), "precision": float(precision), "recall": float(recall)}


def tables(outcomes: list[Outcome]) -> Figures:
    """Return the summary of all windows, of those told of, and broken down."""
    result: Figures = {}
    for evidence in EVIDENCE:
        mine = [o for o in outcomes if o.evidence == evidence]
        if not mine:
            continue
        heard = [o for o in mine if o.told]
        begun = [o for o in mine if o.hearable]
        parts: Figures = {}
        for name in ("scene", "floor", "footwear"):
            for value in sorted({getattr(o, name) for o in heard}):
                parts[f"{name}: {value}"] = summary([o for o in heard if getattr(o, name) == value])
        for low, high in ((-20, 8), (8, 14), (14, 20), (20, 26), (26, 99)):
            inside = [o for o in mine if low <= o.snr_db < high]
            if inside:
                parts[f"expected SNR {low} to {high} dB, abstaining ignored"] = summary(inside)
        quiet = [o for o in mine if o.scene == "quiet"]
        result[evidence] = {
            "coverage": len(heard) / len(mine),
            "begun": len(begun) / len(mine),
            "coverage_quiet": sum(o.told for o in quiet) / max(1, len(quiet)),
            "begun_quiet": sum(o.hearable for o in quiet) / max(1, len(quiet)),
            "listened": {**summary(heard), **f_measure(heard)},
            "left_open_too": {**summary(begun), **f_measure(begun)},
            "all": summary(mine),
            "later": decided_later(mine),
            "parts": parts,
        }
    return result


def write_wave(folder: Path, name: str, sound: Samples) -> None:
    """Write `sound` into the `folder`, where the other detectors read it."""
    soundfile.write(folder / f"{name}.wav", sound, SAMPLE_RATE, subtype="PCM_16")


def others(python: str, half: Half, sessions: list[Session], keep: Path | None) -> Figures:
    """Return the onsets that the other detectors find in `sessions`."""
    code = code_version(*SESSIONS, "research/heels/baselines.py")
    kept = keep / f"others-{half}-{len(sessions)}-{code}.json" if keep else None
    if kept and kept.exists():
        return figures.read(kept)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for session in sessions:
            write_wave(folder, session.name, session.microphone)
        command = [python, "-m", BASELINES, str(folder)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
        found = folder / "onsets.json"
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, kept)
        return figures.read(found)


def baselines(python: str, sim: int, real: int, keep: Path | None) -> Figures:
    """Return what the other detectors reach: tuned on development, and tuned on the test."""
    answers: Figures = {}
    kept: dict[str, list[Session]] = {}
    halves: tuple[Half, Half] = ("dev", "test")
    for half in halves:
        kept[half] = []
        for maker, arguments in tqdm(sessions_of(half, sim, real), unit="session", desc=half):
            plain = arguments[:5] if maker == "real" else arguments
            kept[half].append(make((maker, plain)))
        answers[half] = others(python, half, kept[half], keep)
    ours = [outcome for session in kept["test"] for outcome in run(session)]
    result: Figures = {}
    for evidence in EVIDENCE:
        rows = {}
        for method, settings in answers["test"]["onsets"].items():
            scores = {
                half: {
                    setting: gated(kept[half], evidence, answers[half]["onsets"][method][setting])
                    for setting in settings
                }
                for half in ("dev", "test")
            }
            tuned = max(scores["dev"], key=lambda s: scores["dev"][s]["f1"])
            best = max(scores["test"], key=lambda s: scores["test"][s]["f1"])
            rows[method] = {
                "tuned_on_dev": {"setting": tuned, **scores["test"][tuned]},
                "tuned_on_test": {"setting": best, **scores["test"][best]},
                "cpu_ms_per_s": answers["test"]["cpu"][method],
            }
        mine = summary([outcome for outcome in ours if outcome.evidence == evidence])
        listened = summary([o for o in ours if o.evidence == evidence and o.told])
        result[evidence] = {"ours": {"every window": mine, "told of": listened}, "others": rows}
    return result


def gated(kept: list[Session], evidence: str, onsets: dict[str, list[float]]) -> dict[str, float]:
    """Return the scores of the first onset of each window, our own playback ignored."""
    outcomes: list[tuple[float | None, bool, bool]] = []
    muted = int(MUTED * SAMPLE_RATE)
    for session in kept:
        if session.evidence != evidence:
            continue
        times = np.round(np.array(onsets.get(session.name, [])) * SAMPLE_RATE).astype(int)
        played = np.cumsum(session.playback != 0)
        loud = played - np.concatenate([np.zeros(muted), played[:-muted]])
        times = times[(times < len(loud))]
        times = times[loud[times] == 0] if len(times) else times
        for cue in session.cues:
            inside = times[(times >= cue + WINDOW[0]) & (times < cue + WINDOW[1])]
            drop = next(((a, e) for a, e in session.drops if cue <= a < cue + WINDOW[1]), None)
            at = int(inside[0]) if len(inside) else None
            hit = at is not None and drop is not None and abs(at - drop[0]) <= 800
            outcomes.append((drop[1] if drop else None, at is not None, hit))
    drops = [hit for effort, _, hit in outcomes if effort is not None]
    good = [hit for effort, _, hit in outcomes if effort is not None and effort >= 0.5]
    empty = [heard for effort, heard, _ in outcomes if effort is None]
    right = sum(drops)
    precision = right / max(1, sum(heard for _, heard, _ in outcomes))
    recall = right / max(1, len(drops))
    return {
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "missed_good": 1 - sum(good) / max(1, len(good)),
        "false_per_empty": sum(empty) / max(1, len(empty)),
    }


def main() -> int:
    """Measure what the arguments ask for, and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sim", type=int, default=24)
    parser.add_argument("--real", type=int, default=40)
    parser.add_argument("--soft", type=int, default=16, help="people who land softly")
    parser.add_argument("--baselines", metavar="PYTHON", help="interpreter with aubio and librosa")
    parser.add_argument("--compared", type=int, default=2, help="sessions for the others")
    parser.add_argument("--own-sound-minutes", type=int, default=30)
    parser.add_argument("--bundles", type=Path, help="folder of bundles that households sent")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--keep", type=Path, help="folder for what is measured so far")
    arguments = parser.parse_args()
    if data_folder() is None:
        print("No recordings found: REAL is left out.", file=sys.stderr)
    measured = [
        one_session(i, job, arguments.keep)
        for i, job in enumerate(tqdm(sessions_of("test", arguments.sim, arguments.real)))
    ]
    softly = [
        outcome
        for i, job in enumerate(tqdm(soft_sessions(arguments.soft), desc="soft"))
        for outcome in one_session(i, job, arguments.keep).outcomes
    ]
    outcomes = [outcome for one in measured for outcome in one.outcomes]
    false: dict[str, list[float]] = {}
    for one in measured:
        if one.free_minutes:
            total = false.setdefault(one.outcomes[0].evidence, [0.0, 0.0])
            total[0] += one.free_false
            total[1] += one.free_minutes
    spent, listened = sum(one.cpu for one in measured), sum(one.listened for one in measured)
    result = {
        "sessions": {
            "SIM": arguments.sim,
            "soft": arguments.soft,
            "REAL": arguments.real if data_folder() else 0,
        },
        "ours": tables(outcomes),
        "soft": soft_tables(softly),
        "free_running_false_per_minute": {k: v[0] / max(v[1], 1e-9) for k, v in false.items()},
        "cpu_ms_per_s": 1000 * spent / max(listened, 1e-9),
        "own_sound": own_sound(arguments.own_sound_minutes, arguments.keep),
        "physics": compare_with_recordings(),
    }
    if arguments.bundles:
        result["bundles"] = bundles.tables(arguments.bundles)
    if arguments.baselines:
        result["compared"] = arguments.compared
        result["baselines"] = baselines(
            arguments.baselines, arguments.compared, arguments.compared, arguments.keep
        )
    arguments.out.mkdir(exist_ok=True)
    figures.write(arguments.out / "thumps.json", result)
    written = figures.read(arguments.out / "thumps.json")  # rounded
    (arguments.out / "thumps.md").write_text(card.text(written))
    card.picture([asdict(o) for o in outcomes], arguments.out / "thumps.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
