"""Trains the detector of the word "stop" and writes it beside the phrases of English.

    python -m research.commands.train_stop --cache ../model-cache \
        [--work FOLDER] [windows|train|all]

Needs what ``research/model/requirements.txt`` lists, and the alignments that the recogniser's
recipe leaves in its cache (``research/model/make_model.py``). Stages, each kept in the work folder
and taken up again where it was left:

* ``windows``: speaks sentences with "stop" and words like it, and draws the training windows.
* ``train``: trains the network and exports it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from research.commands import material, stop_network
from research.places import DATA, MODEL_CACHE
from voice_coach.hearing.commands.phrasebook import NETWORK, PHRASES
from voice_coach.hearing.commands.stop_network import LAGS, inputs

SEED = 5
BLOCKS, PER_BLOCK = 24, 2000
BATCH = 48
ROUNDS = ((10_000, 4e-3, 7500),)
"""Steps, highest rate of learning, and the step from which "stop" is to be heard no sooner than
its end: "stopping" begins with it, too."""
EARLIEST, LATEST = 1, 12
"""Hops after the end of the word in which it is to be heard."""
AFTER = 28
"""Hops after the end of the word in which hearing it is no mistake."""
HARDEST = 8
"""Hops of each window, those most like "stop", that count the most where it is not said."""


def draw(data: Path, cache: Path, work: Path) -> None:
    """Draw the windows, block by block."""
    from research.commands import stop_material  # noqa: PLC0415

    todo = [b for b in range(BLOCKS) if not (work / f"windows-{b:02d}.npz").exists()]
    if not todo:
        return
    windows = stop_material.gather(data, cache, work, SEED)
    for block in todo:
        energies, stops = [], []
        for number in tqdm(range(PER_BLOCK), desc=f"windows {block + 1} of {BLOCKS}"):
            found, said = windows.stops(block * PER_BLOCK + number)
            energies.append(found.astype(np.float16))
            stops += [(number, *span) for span in said]
        draft = work / "draft.npz"
        np.savez(draft, energies=np.array(energies), stops=np.array(stops, np.int32))
        draft.rename(work / f"windows-{block:02d}.npz")


class Pool:
    """The windows, in memory: what the network sees of them, and where "stop" is to be heard."""

    def __init__(self, work: Path) -> None:
        energies: list[np.ndarray] = []
        stops: list[np.ndarray] = []
        for path in sorted(work.glob("windows-*.npz")):
            with np.load(path) as stored:
                before = sum(map(len, energies))
                energies.append(stored["energies"])
                stops.append(stored["stops"].reshape(-1, 3) + np.array([before, 0, 0]))
        self.energies = np.concatenate(energies)
        hops = self.energies.shape[1] // 2
        self.energies = self.energies[:, : 2 * hops]
        self.to_hear = np.full((len(self.energies), hops), -1, np.int8)
        """Which "stop" is to be heard in each hop; -1: none, -2: no matter, -3: it still sounds."""
        order = np.zeros(len(self.energies), np.int8)
        for window, start, end in np.concatenate(stops):
            last = end // 2 - 1
            if last + EARLIEST >= hops:
                continue
            row = self.to_hear[window]
            for first, after, kind in (((start + end) // 4, last, -3), (last, last + AFTER, -2)):
                part = row[max(0, first) : after]
                part[part == -1] = kind
            row[last + EARLIEST : last + LATEST + 1] = order[window]
            order[window] += 1

    def batch(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Return inputs and what is to be heard of some windows, begun anywhere."""
        chosen = rng.integers(len(self.energies), size=BATCH)
        skip = int(rng.integers(0, 20))
        seen = np.stack([_seen(self.energies[i, 2 * skip :], rng) for i in chosen])
        return torch.from_numpy(seen), torch.from_numpy(self.to_hear[chosen, skip:])


def _seen(energies: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return what the network sees of a window, through yet another microphone."""
    energies = energies.astype(np.float32)
    bands = np.linspace(0, np.pi, energies.shape[1], dtype=np.float32)
    for order in (1, 2, 3):
        energies += np.float32(rng.normal(0, 0.4 / order)) * np.cos(order * bands)
    loudness = energies.mean(axis=1)
    seen = inputs(energies, np.concatenate([np.full(LAGS[-1], loudness[0]), loudness]))
    if rng.random() < 0.3:
        low = int(rng.integers(energies.shape[1] - 6))
        seen[:, low : low + int(rng.integers(1, 6))] = 0
    return seen


def loss(odds: Tensor, to_hear: Tensor, patient: bool) -> Tensor:
    """Return the loss: every "stop" is to be heard somewhere in its time, nothing else anywhere."""
    too_soon = -3 if patient else -1
    heard = []
    for number in range(int(to_hear.max()) + 1):
        within = to_hear == number
        best = odds.masked_fill(~within, -1e4).topk(3, dim=1).values
        said = within.sum(dim=1) >= 3
        heard.append(functional.softplus(-best[said]).mean(dim=1))
    wrong = functional.softplus(odds) * ((to_hear == -1) | (to_hear == too_soon))
    hardest = wrong.topk(HARDEST, dim=1).values.mean(dim=1)
    return torch.cat(heard).mean() + 2.0 * hardest.mean() + 0.5 * wrong.mean()


def train(work: Path, path: Path) -> None:
    """Train the network on the windows and export it; goes on from the last checkpoint."""
    torch.set_num_threads(1)
    pool = Pool(work)
    torch.manual_seed(SEED)
    network = stop_network.StopNetwork()
    for number, (steps, rate, patience) in enumerate(ROUNDS):
        torch.manual_seed(SEED + number)
        optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=1e-3)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, rate, total_steps=steps, pct_start=0.1
        )
        checkpoint, first = work / f"round-{number}.pt", 0
        if checkpoint.exists():
            state = torch.load(checkpoint)
            network.load_state_dict(state["network"])
            optimiser.load_state_dict(state["optimiser"])
            schedule.load_state_dict(state["schedule"])
            first = state["step"]
        network.train()
        average = 0.0
        for step in (bar := tqdm(range(first, steps), f"round {number + 1}", steps, initial=first)):
            seen, to_hear = pool.batch(np.random.default_rng([SEED + number, step]))
            optimiser.zero_grad()
            value = loss(network(seen), to_hear, step >= patience)
            value.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            average = float(value) if step == first else 0.98 * average + 0.02 * float(value)
            if (step + 1) % 250 == 0:
                bar.write(f"step {step + 1}: loss {average:.3f}")
                state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()}
                torch.save(
                    state | {"schedule": schedule.state_dict(), "step": step + 1}, checkpoint
                )
    stop_network.export(network.eval(), path)


def main() -> None:
    """Run one stage, or both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=MODEL_CACHE)
    parser.add_argument("--work", type=Path, default=material.CACHE / "stop-training")
    parser.add_argument("stage", choices=["windows", "train", "all"], default="all", nargs="?")
    options = parser.parse_args()
    if options.stage in ("windows", "all"):
        draw(options.data, options.cache, options.work)
    if options.stage in ("train", "all"):
        train(options.work, PHRASES / "en" / NETWORK)


if __name__ == "__main__":
    main()
