"""Measure the thump ear on the test sessions and write the accuracy card.

    python scripts/thumps/measure.py [--sim N] [--real N] [--baselines PYTHON] [--out docs]

Builds the sessions (fixed seeds, users never shared with development), runs the product's
detector and, with the interpreter named, aubio and librosa with the same windows; writes
``thumps.json``, ``thumps.md`` and ``thumps.png``. SIM and REAL are never pooled.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import card
import numpy as np
import sessions as makers
import soundfile
from fit import template_of
from mir_eval import onset as mir_onset
from physics import compare_with_recordings, own_sound_counts
from recordings import Half, data_folder
from scoring import Outcome, run, summary
from sessions import WINDOW, Session, jobs
from tqdm import tqdm

from voice_coach.clock import SAMPLE_RATE
from voice_coach.hearing.thumps import ThumpDetector
from voice_coach.samples import Samples

EVIDENCE = ("SIM", "REAL easy", "REAL busy")
MUTED = 0.06
"""Seconds after our own playback in which the other detectors' onsets are ignored."""


def sessions_of(half: Half, sim: int, real: int) -> "list[tuple[str, tuple]]":
    return list(jobs(half, sim, real))


def free_running(session: Session, outcomes: list[Outcome]) -> tuple[int, float]:
    """Return false counts without windows, and the minutes listened to."""
    template = template_of(session)
    if template is None or not outcomes:
        return 0, 0.0
    detector = ThumpDetector(template)
    heard = detector.feed(session.microphone, session.playback)
    impacts = np.array([at for at, _ in session.drops])
    false = sum(not np.any(np.abs(impacts - thump.at) <= 1600) for thump in heard)
    return int(false), len(session.microphone) / SAMPLE_RATE / 60


def f_measure(outcomes: list[Outcome]) -> dict[str, float]:
    """Return mir_eval's F1, precision and recall at +-50 ms over windows laid end to end."""
    reference, estimated = [], []
    for i, outcome in enumerate(outcomes):
        start = 10.0 * i
        if outcome.effort is not None:
            reference.append(start + 1.0)
        if outcome.heard is not None:
            off = outcome.offset if outcome.offset is not None else 5.0
            estimated.append(start + 1.0 + off)
    if not reference or not estimated:
        return {"f1": 0.0, "precision": 0.0, "recall": 0.0}
    f1, precision, recall = mir_onset.f_measure(
        np.array(reference), np.sort(np.array(estimated)), window=0.05
    )
    return {"f1": float(f1), "precision": float(precision), "recall": float(recall)}


def tables(outcomes: list[Outcome]) -> dict:
    """Return the summary of all windows, of those listened to, and broken down."""
    result: dict = {}
    for evidence in EVIDENCE:
        mine = [o for o in outcomes if o.evidence == evidence]
        if not mine:
            continue
        heard = [o for o in mine if o.hearable]
        parts: dict = {}
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
            "coverage_quiet": sum(o.hearable for o in quiet) / max(1, len(quiet)),
            "listened": {**summary(heard), **f_measure(heard)},
            "all": summary(mine),
            "parts": parts,
        }
    return result


def write_wave(folder: Path, name: str, sound: Samples) -> None:
    soundfile.write(folder / f"{name}.wav", sound, SAMPLE_RATE, subtype="PCM_16")


def baselines(python: str, sim: int, real: int) -> dict:
    """Return what the other detectors reach: tuned on development, and tuned on the test."""
    answers: dict = {}
    kept: dict = {}
    for half in ("dev", "test"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            kept[half] = []
            for maker, arguments in tqdm(sessions_of(half, sim, real), unit="session", desc=half):
                plain = arguments[:5] if maker == "real" else arguments
                session = getattr(makers, maker)(*plain)
                write_wave(folder, session.name, session.microphone)
                kept[half].append(session)
            script = Path(__file__).with_name("baselines.py")
            subprocess.run([python, str(script), str(folder)], check=True)
            answers[half] = json.loads((folder / "onsets.json").read_text())
    result: dict = {}
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
        result[evidence] = rows
    return result


def gated(kept: list[Session], evidence: str, onsets: dict[str, list[float]]) -> dict[str, float]:
    """Return the scores of the first onset of each window, our own playback ignored."""
    outcomes = []
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
            right = at is not None and drop is not None and abs(at - drop[0]) <= 800
            outcomes.append((drop, at is not None, right))
    drops = [o for o in outcomes if o[0]]
    good = [o for o in drops if o[0][1] >= 0.5]
    heard, right = sum(o[1] for o in outcomes), sum(o[2] for o in outcomes)
    precision, recall = right / max(1, heard), right / max(1, len(drops))
    return {
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "missed_good": 1 - sum(o[2] for o in good) / max(1, len(good)),
        "false_per_empty": sum(o[1] for o in outcomes if not o[0])
        / max(1, len(outcomes) - len(drops)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sim", type=int, default=24)
    parser.add_argument("--real", type=int, default=40)
    parser.add_argument("--baselines", metavar="PYTHON", help="interpreter with aubio and librosa")
    parser.add_argument("--compared", type=int, default=2, help="sessions for the others")
    parser.add_argument("--own-sound-minutes", type=int, default=30)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    if data_folder() is None:
        print("No recordings found: REAL is left out.", file=sys.stderr)
    outcomes: list[Outcome] = []
    spent = listened = 0.0
    false: dict[str, list[float]] = {}
    for i, (maker, args) in enumerate(
        tqdm(sessions_of("test", arguments.sim, arguments.real), unit="session")
    ):
        session = getattr(makers, maker)(*args)
        template = template_of(session)
        start = time.process_time()
        mine = run(session, template)
        if template is not None:
            spent += time.process_time() - start
            listened += len(session.microphone) / SAMPLE_RATE
        outcomes += mine
        if i % 4 < 2:
            count, minutes = free_running(session, mine)
            total = false.setdefault(session.evidence, [0.0, 0.0])
            total[0] += count
            total[1] += minutes
    result = {
        "sessions": {"SIM": arguments.sim, "REAL": arguments.real if data_folder() else 0},
        "ours": tables(outcomes),
        "free_running_false_per_minute": {k: v[0] / max(v[1], 1e-9) for k, v in false.items()},
        "cpu_ms_per_s": 1000 * spent / max(listened, 1e-9),
        "own_sound": own_sound_counts(arguments.own_sound_minutes),
        "physics": compare_with_recordings(),
    }
    if arguments.baselines:
        result["compared"] = arguments.compared
        result["baselines"] = baselines(arguments.baselines, arguments.compared, arguments.compared)
    arguments.out.mkdir(exist_ok=True)
    (arguments.out / "thumps.json").write_text(json.dumps(result, indent=1) + "\n")
    (arguments.out / "thumps.md").write_text(card.text(result))
    card.picture([asdict(o) for o in outcomes], result, arguments.out / "thumps.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
