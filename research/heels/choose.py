"""Choose the limits between counted and rejected, on development sessions kept from the fit.

    python -m research.heels.choose [--sim N] [--real N] [--keep FOLDER]

Replays people and kitchens that the judges were not fitted on (the buildings of REAL ones they
were) with all limits of a grid. Writes into ``thresholds.json``, with the reason, those that tell
something of at least `TOLD_OF` of the windows and whose worst figure is closest to its target; of
those that reach every target with `IN_HAND` to spare, those that begin the fewest sets in noise
(what is left open window by window had better been said beforehand), then those that tell most.
Test sessions are never looked at here. What was heard is kept in FOLDER.
"""

import argparse
import itertools
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import logit
from tqdm import tqdm

from research.heels.fit import PACKAGE, template_of, version
from research.heels.recordings import data_folder
from research.heels.scoring import Outcome, outcome, summary, unheard
from research.heels.sessions import SCENES, WINDOW, Job, Session, make
from voice_coach.hearing.heels import Rejection, Verdict, judge
from voice_coach.hearing.heels.comparison import Comparison, compare
from voice_coach.hearing.heels.counting import TAIL, Counting
from voice_coach.hearing.heels.features import NAMES
from voice_coach.hearing.heels.onsets import OnsetFinder
from voice_coach.hearing.heels.spectrum import STEP, Steps
from voice_coach.hearing.heels.template import HeelTemplate
from voice_coach.hearing.heels.thresholds import Thresholds

FIRST = 50_000
"""Seeds from here on: none of them is fitted on, none is a test."""

TARGETS = {"SIM": (0.03, 0.02, 0.005), "REAL easy": (0.05, 0.04, 0.01)}
TARGETS["REAL busy"] = TARGETS["REAL easy"]
"""What F1 may lack of 1, share of good drops missed, false counts per empty window."""

TOLD_OF = 0.8
"""Share of the SIM windows that must be told of."""

HEARABLE_IN_QUIET = 1.0
"""Share of the SIM windows in quiet that must be listened to."""

IN_HAND = 0.2

LIKELY = np.arange(0.0, 2.51, 0.25)
UNSURE = np.arange(-2.5, 1.51, 0.5)
HEARABLE_DB = np.arange(-4.0, 6.1, 1.0)

NEVER = -99.0
"""Margin of those whose calibration failed, in dB."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What the ear found in a session, before anything was counted.

    `figures` are those of the sudden sounds, shape ``(sounds, features)``; `sounds` their
    position, position of decision, level and swell in dB, shape ``(sounds, 4)``; `snr_db` what
    was expected at each cue. None of them when the calibration failed.
    """

    session: Session
    figures: npt.NDArray[np.float32] | None
    sounds: Array
    snr_db: Array


def hear(session: Session, template: HeelTemplate | None) -> Heard:
    """Return what the ear finds in `session`."""
    nothing = np.zeros(0, np.float32)
    silent = replace(
        session, calibration=nothing, calibration_playback=nothing, microphone=nothing,
        playback=nothing,
    )  # fmt: skip
    if template is None:
        return Heard(silent, None, np.zeros((0, 4)), np.zeros(0))
    finder = OnsetFinder(template.spectrum)
    starts = [(cue + WINDOW[0]) // STEP for cue in session.cues]
    expected: dict[int, float] = {}
    figures, sounds = [], []
    steps = zip(Steps().cut(session.microphone), Steps().cut(session.playback), strict=True)
    for number, (microphone, playback) in enumerate(steps):
        if number in starts:
            expected[number] = finder.expected_snr_db()
        for onset in finder.step(microphone, playback):
            comparison = compare(onset, template)
            figures.append(comparison.features)
            sounds.append((onset.at, onset.decided, comparison.level_db, comparison.swell_db))
    return Heard(
        silent,
        np.array(figures, np.float32).reshape(-1, len(NAMES)),
        np.array(sounds, float).reshape(-1, 4),
        np.array([expected[start] for start in starts]),
    )


def judged(heard: Heard) -> list[tuple[Comparison, float]]:
    """Return the sudden sounds of a session with the judge's opinion of each."""
    ear = judge.load("calibrated")
    return [
        (Comparison(int(at), int(decided), level, swell, figures), ear.evidence(figures))
        for (at, decided, level, swell), figures in zip(
            heard.sounds, heard.figures if heard.figures is not None else (), strict=True
        )
    ]


@dataclass(frozen=True)
class Window:
    """A window, and what came of it were it listened to."""

    margin_db: float
    likeliest: float
    """Logarithm of the odds of the likeliest sound that was not like the drops."""
    outcome: Outcome

    def told(self, hearable_db: float, unsure: float) -> bool:
        """Whether the ear would say anything of it with these limits."""
        open_ = self.outcome.heard is None and self.likeliest >= unsure
        return self.margin_db >= hearable_db and not open_


def replay(heard: Heard, sounds: list[tuple[Comparison, float]], likely: float) -> list[Window]:
    """Return what comes of each window when sounds are counted from `likely`."""
    session = heard.session
    if heard.figures is None:
        return [Window(NEVER, -np.inf, unheard(session, cue)) for cue in session.cues]
    counting = Counting(chosen=Thresholds(likely, -np.inf, 0.0, ""))
    waiting = sounds[::-1]
    windows = []
    for i, cue in enumerate(session.cues):
        start, end = cue + WINDOW[0], cue + WINDOW[1]
        position = start // STEP * STEP
        while waiting and waiting[-1][0].decided <= position:
            counting.consider(*waiting.pop())
        margin = float(heard.snr_db[i]) - counting.penalty_db(position)
        counting.open_window(start, end, prompted=cue)
        due = -(-(end + TAIL) // STEP) * STEP
        settled: list[Verdict] = []
        while waiting and waiting[-1][0].decided <= due:
            sound, evidence = waiting.pop()
            settled += counting.end_windows(sound.impact, sound.decided)
            settled += counting.consider(sound, evidence)
        settled += counting.end_windows(end, due)
        thump = next((one.landing for one in settled if one.rejected is None), None)
        rejected = [
            one.landing.probability
            for one in settled
            if one.rejected is Rejection.UNSURE and start <= one.landing.impact < end
        ]
        found = outcome(session, cue, float(heard.snr_db[i]), True, thump)
        windows.append(Window(margin, float(logit(max(rejected, default=0.0))), found))
    return windows


def sessions(sim: int, real: int) -> list[Job]:
    """Return the sessions to choose on: whole ones like the test's, none of them fitted on."""
    jobs: list[Job] = [("sim", (FIRST + i, SCENES[i % len(SCENES)])) for i in range(sim)]
    data = data_folder()
    if data is not None:
        jobs += [("real", (data, "dev", FIRST + i, i % 2 == 1)) for i in range(real)]
    return jobs


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


@dataclass(frozen=True)
class Score:
    """The summary of what is told with some limits, and how much that is."""

    of_told: dict[str, float]
    told_of: float
    """Share of all windows."""
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
            result[evidence] = Score(summary(told), len(told) / len(mine), in_quiet)
    return result


def covered(score: dict[str, Score]) -> bool:
    """Return whether enough is listened to."""
    sim = score["SIM"]
    return sim.told_of >= TOLD_OF and sim.hearable_in_quiet >= HEARABLE_IN_QUIET


def shortfall(score: dict[str, Score]) -> float:
    """Return how many times its target the worst figure is."""
    return max(
        value / target
        for name, one in score.items()
        for value, target in zip(_missing(one.of_told), TARGETS[name], strict=True)
    )


def _missing(row: dict[str, float]) -> tuple[float, float, float]:
    return 1.0 - row["f1"], row["missed_good"], row["false_per_empty"]


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
    parser.add_argument("--sim", type=int, default=400)
    parser.add_argument("--real", type=int, default=144)
    parser.add_argument("--keep", type=Path, help="folder for what was heard so far")
    arguments = parser.parse_args()
    jobs = sessions(arguments.sim, arguments.real)
    every = [heard_of(job, arguments.keep) for job in tqdm(jobs, unit="session")]
    sounds = [judged(heard) for heard in every]
    found = []
    for likely in tqdm(LIKELY, unit="limit"):
        windows = [
            window
            for one, waiting in zip(every, sounds, strict=True)
            for window in replay(one, waiting, float(likely))
        ]
        for unsure, hearable in itertools.product(UNSURE[likely >= UNSURE], HEARABLE_DB):
            score = scores(windows, float(hearable), float(unsure))
            worst = shortfall(score)
            print(
                f"{unsure:5.2f} {likely:5.2f} {hearable:4.1f} dB  {worst:5.2f}  {in_words(score)}"
            )
            if covered(score):
                order = max(worst, 1 - IN_HAND), -hearable, -score["SIM"].told_of
                found.append((order, float(likely), float(unsure), float(hearable), score))
    if not found:
        print("No limits tell enough: nothing is written.", file=sys.stderr)
        return 1
    _, likely, unsure, hearable, score = min(found, key=lambda row: row[0])
    reason = (
        f"Chosen on {len(jobs)} development sessions: the worst figure is {shortfall(score):.2f} "
        f"times its target. {in_words(score)}."
    )
    written = {"likely": likely, "unsure": unsure, "hearable_db": hearable, "reason": reason}
    (PACKAGE / "thresholds.json").write_text(json.dumps(written, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
