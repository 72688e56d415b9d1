"""Aligns recordings with a trained network, trying every pronunciation of every word.

The frame scores serve, not the sequence scores: the latter are right about what is said but not
about when, until training ties them to an alignment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from research.model import corpus, lexicon
from research.model.align import Aligned, read
from research.model.augment import Windows
from research.model.features import log_mel
from research.model.mmi import NEVER
from research.model.network import LEFT, RIGHT, STRIDE, Network
from research.model.units import LOG_HALF, PDFS, SILENCE_PAIR, Pair, word_pairs

PRIOR_SCALE = 0.5
WORST = 1.6
"""Mean of the path's log probability per frame short of the best pdfs', beyond which a recording
is dropped: something else is said in it."""


class _Lattice:
    """All pronunciations of a sentence as states and arcs, silence optional between words."""

    def __init__(self, words: list[str]) -> None:
        self.pdfs: list[int] = []
        self.labels: list[tuple[str, int, int]] = []  # phone, word, serial number of the phone
        self.arcs: list[tuple[int, int]] = []
        self.phones = 0
        self.starts: list[int] = []
        opening = self._phone("SIL", -1, SILENCE_PAIR)
        self.starts.append(opening[0])
        leaving = list(opening)
        entry: list[int] | None = None
        for number, word in enumerate(words):
            ends: list[int] = []
            for phones in lexicon.pronounce(word):
                before = leaving
                for i, (phone, pair) in enumerate(zip(phones, word_pairs(phones), strict=True)):
                    states = self._phone(phone, number, pair)
                    self.arcs += [(state, states[0]) for state in before]
                    if i == 0 and entry is None:
                        self.starts.append(states[0])
                    before = list(states)
                ends += before
            entry = []
            silence = self._phone("SIL", -1, SILENCE_PAIR)
            self.arcs += [(state, silence[0]) for state in ends]
            leaving = [*ends, *silence]
        self.finals = leaving

    def _phone(self, phone: str, word: int, pair: Pair) -> tuple[int, int]:
        a = len(self.pdfs)
        self.pdfs += pair
        self.labels += [(phone, word, self.phones)] * 2
        self.phones += 1
        self.arcs += [(a, a + 1), (a + 1, a + 1)]
        return a, a + 1

    def best_path(self, scores: NDArray[np.float32]) -> tuple[list[int], float]:
        """Return the likeliest state of each row of `scores` (frames, pdfs), and its score."""
        arcs = sorted(self.arcs, key=lambda arc: arc[1])
        source = np.array([a for a, _ in arcs])
        target = np.array([b for _, b in arcs])
        reached, first = np.unique(target, return_index=True)
        local = scores[:, self.pdfs]
        value = np.full(len(self.pdfs), NEVER)
        value[self.starts] = local[0, self.starts]
        back = np.zeros((len(scores), len(self.pdfs)), np.int32)
        for t in range(1, len(scores)):
            arriving = value[source]
            # Arc with the greatest value per target: sort within groups by value, take the last.
            best = np.maximum.reduceat(arriving, first)
            spread = np.repeat(best, np.diff([*first, len(arriving)]))
            chosen = np.nonzero(arriving == spread)[0]
            back[t, target[chosen]] = source[chosen]
            value = np.full(len(self.pdfs), NEVER)
            value[reached] = best + LOG_HALF + local[t, reached]
        last = max(self.finals, key=lambda state: value[state])
        total = float(value[last])
        path = [last]
        for t in range(len(scores) - 1, 0, -1):
            path.append(int(back[t, path[-1]]))
        return path[::-1], total


def prior(windows: Windows, count: int = 400) -> NDArray[np.float32]:
    """Return the scaled log share of each pdf in the frames of `count` training windows."""
    targets = np.concatenate([windows.window(i)[1] for i in range(count)])
    counts = np.bincount(targets, minlength=PDFS) + 5.0
    share: NDArray[np.float32] = np.log(counts / counts.sum()).astype(np.float32)
    return np.float32(PRIOR_SCALE) * share


def scores(
    network: Network, log_prior: NDArray[np.float32], sound: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return scaled log likelihoods of the pdfs in `sound`, one row per 30 ms."""
    features = np.pad(log_mel(sound), ((LEFT, RIGHT + STRIDE), (0, 0)), mode="edge")
    with torch.no_grad():
        _, frames = network(torch.from_numpy(features)[None])
    likelihoods: NDArray[np.float32] = frames[0].log_softmax(1).numpy()
    return likelihoods - log_prior


def realign(
    network: Network, log_prior: NDArray[np.float32], recording: corpus.Recording
) -> Aligned | None:
    """Return `recording` with its phones, or None where the words do not fit the sound."""
    sound = corpus.load(recording.path)
    sound = sound * np.float32(0.3 / max(float(np.abs(sound).max(initial=0)), 1e-4))
    outputs = scores(network, log_prior, sound)
    words = recording.text.split()
    lattice = _Lattice(words)
    path, total = lattice.best_path(outputs)
    best = float(outputs.max(axis=1).sum()) + len(path) * LOG_HALF
    if (best - total) / len(path) > WORST:
        return None
    aligned = Aligned(recording, [], [], [], [])
    previous = -1
    for t, state in enumerate(path):
        phone, word, serial = lattice.labels[state]
        if serial != previous:
            aligned.phones.append(phone)
            aligned.words.append(word)
            aligned.starts.append(t * STRIDE)
            aligned.ends.append(t * STRIDE)
        aligned.ends[-1] = (t + 1) * STRIDE
        previous = serial
    return aligned


def realign_all(
    network: Network,
    log_prior: NDArray[np.float32],
    recordings: Iterable[corpus.Recording],
    path: Path,
) -> list[Aligned]:
    """Align `recordings` into the JSON Lines file `path`, or read it where it exists."""
    if not path.exists():
        draft = path.with_suffix(".draft")
        recordings = list(recordings)
        kept = 0
        with draft.open("w", encoding="utf-8") as file:
            for recording in tqdm(recordings, desc=path.stem):
                aligned = realign(network, log_prior, recording)
                if aligned is not None:
                    kept += 1
                    file.write(json.dumps(asdict(aligned)) + "\n")
        print(f"aligned {kept} of {len(recordings)}")
        draft.rename(path)
    return read(path)
