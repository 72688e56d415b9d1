"""What the detector of "stop" is trained on: sound with the times at which the word ends in it.

People, synthetic voices and kitchens are those on the training side of
``research/model/corpus.py``; to them come sentences with "stop", words that resemble it, and the
coach's own lines as the echo canceller leaves them. Windows are drawn and varied as for the
recogniser (``augment.py``).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from research.commands import own_voice
from research.commands.stop_texts import ALIKE, WITH_STOP
from research.model import align, augment, corpus, features, lexicon, network, units
from research.model.augment import Clip, Conditions, Windows, Word
from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.hearing.commands.echo_canceller import EchoCanceller
from voice_coach.hearing.commands.stop_network import log_mel

SPOKEN = {"espeak": 640, "flite": 200, "festival": 160, "kokoro": 240}
"""Sentences with "stop" per engine of synthetic voices, and as many without."""
CONDITIONS = dataclasses.replace(
    augment.NATURAL,
    mix={"stop": 0.14, "stop sentence": 0.16, "alike": 0.18, "word": 0.11, "confusion": 0.08,
         "synthetic": 0.04, "phrase": 0.05, "natural": 0.06, "read": 0.07, "keyword": 0.04,
         "coach": 0.03, "noise": 0.04},
    noisy=0.8, noise=(-3, 22), crowded=0.15, other=(5, 20),
)  # fmt: skip


def sentences_with_stop(seed: int) -> Iterator[str]:
    """Yield sentences with "stop", the word alone the most often."""
    rng = np.random.default_rng(seed)
    while True:
        yield WITH_STOP[rng.integers(len(WITH_STOP))]


def sentences_without(seed: int) -> Iterator[str]:
    """Yield what resembles "stop" in part, and no "stop"."""
    rng = np.random.default_rng(seed)
    while True:
        text = ALIKE[rng.integers(len(ALIKE))]
        if text != "stop watch":
            yield text


def gather(data: Path, cache: Path, folder: Path, seed: int) -> StopWindows:
    """Load the material, speaking and aligning what is not in `folder` yet."""
    folder.mkdir(parents=True, exist_ok=True)
    stops = align.align_all(
        corpus.render(sentences_with_stop(seed), SPOKEN, folder / "stop", seed),
        folder / "stop.jsonl",
    )
    alike = corpus.render(sentences_without(seed), SPOKEN, folder / "alike", seed + 1)
    known = [
        entry
        for name in ("people", "people-more", "synthetic", "confusions", "phrases", "natural")
        for entry in align.read(cache / f"{name}.jsonl")
    ]
    stops = [_named(one, "stop sentence") for one in stops]
    others = []
    for one in known:
        if "stop" not in one.recording.text.split():
            others.append(one)
        elif one.recording.kind == "word":
            stops.append(_named(one, "stop"))
        elif one.recording.kind not in ("read", "keyword"):
            stops.append(_named(one, "stop sentence"))
    clips: dict[str, list[Clip]] = {}
    for entry in tqdm([*stops, *others], desc="recordings"):
        clips.setdefault(entry.recording.kind, []).append(augment.clip_of(entry))
    clips["alike"] = [_whole(corpus.load(one.path)) for one in alike]
    clips["coach"] = [_whole(sound) for sound in coach(folder / "coach.npz", seed)]
    noises = [_whole(corpus.load(one.path)) for one in corpus.noises(data, test=False)]
    noises += [_whole(sound) for sound in corpus.simulated_noises(seed)]
    return StopWindows(clips, noises, seed, CONDITIONS)


def _named(entry: align.Aligned, kind: str) -> align.Aligned:
    return dataclasses.replace(entry, recording=dataclasses.replace(entry.recording, kind=kind))


def _whole(sound: np.ndarray) -> Clip:
    """Return a recording without "stop", whose words need not be known."""
    clip = Clip((np.clip(sound, -1, 1) * 32767).astype(np.int16))
    clip.words = [Word(0, len(sound) // features.SHIFT, [], [])]
    return clip


def coach(path: Path, seed: int) -> list[np.ndarray]:
    """Return the coach's lines as the echo canceller leaves them, those with "stop" left out."""
    if not path.exists():
        rng = np.random.default_rng(seed)
        lines = [one for one in own_voice.script_lines() if not re.search(r"(?i)\bstop\b", one)]
        found: dict[str, Any] = {}
        for room, decay in enumerate(tqdm((0.15, 0.3, 0.5, 0.8), desc="coach")):
            chosen = [lines[i] for i in rng.permutation(len(lines))[:90]]
            said = own_voice.Coach(chosen, 0.0, decay, seed=seed + 100 + room)
            rest = _cancelled(said)
            for number, (start, end, _) in enumerate(said.said[2:]):
                piece = rest[start : end + SAMPLE_RATE // 5]
                for part in range(0, len(piece) - SAMPLE_RATE // 2, 2 * SAMPLE_RATE):
                    found[f"{room}-{number}-{part}"] = piece[part : part + 2 * SAMPLE_RATE]
        np.savez(path, **found)
    with np.load(path) as stored:
        return [stored[name] for name in stored.files]


def _cancelled(said: own_voice.Coach) -> np.ndarray:
    canceller = EchoCanceller()
    rest = np.zeros_like(said.echo)
    noise = np.random.default_rng(0).standard_normal(len(rest), np.float32) * 10 ** (-65 / 20)
    for at in range(0, len(rest) - BLOCK + 1, BLOCK):
        block = slice(at, at + BLOCK)
        rest[block] = canceller.hop(said.echo[block] + noise[block], said.playback[block])
    peak = np.abs(rest).max()
    return rest / peak if peak > 1 else rest


class StopWindows(Windows):
    """Windows with the times at which "stop" is said in them."""

    def __init__(
        self, clips: dict[str, list[Clip]], noises: list[Clip], seed: int, conditions: Conditions
    ) -> None:
        super().__init__(clips, noises, seed, conditions)
        said = lexicon.build_lexicon()["stop"]
        self._stop = [units.word_pairs(list(phones)) for phones in said]

    def stops(self, number: int) -> tuple[np.ndarray, list[tuple[int, int]]]:
        """Return the log mel energies of a window, and first and last frame of every "stop"."""
        rng = np.random.default_rng([self.seed, 4, number])
        placed = self._choose(rng)
        speech = np.zeros(augment.SAMPLES, np.float32)
        targets = np.zeros(augment.OUTPUTS, np.int64)
        said: list[tuple[int, int]] = []
        for clip, words, speed, at in placed:
            self._place(rng, speech, targets, (clip, words, speed, at))
            for word in words:
                if word.pairs in self._stop:
                    first, last = (
                        round((frame - words[0].start) / speed + at / features.SHIFT) + network.LEFT
                        for frame in (word.start, word.end)
                    )
                    said.append((first, last))
        sound = self._surround(rng, speech, bool(placed))
        warp = round(float(rng.uniform(0.88, 1.14)), 2)
        energies = log_mel(sound, features.mel_bank(warp))
        return self._colour(rng, energies), said
