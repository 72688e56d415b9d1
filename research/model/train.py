"""Trains the network: mutual information over sequences, plus cross entropy of frames.

Resumable: the state after every few hundred steps is kept, and windows follow from their number.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, Dataset

from research.model.augment import Windows
from research.model.mmi import Denominator, MutualInformation, batch_numerators
from research.model.network import Network

AVERAGE = 0.995
"""Share kept by the running average of the weights, which is what is exported."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train: `cool` is the number of last steps, with a falling rate."""

    steps: int
    cool: int
    batch: int = 32
    rate: float = 2.5e-3
    frame_weight: float = 0.15
    output_decay: float = 2e-5
    weight_decay: float = 1e-3
    every: int = 100


Batch: TypeAlias = tuple[torch.Tensor, torch.Tensor, dict[str, torch.Tensor]]
"""Features, the unit of every frame, and what is said in each window."""


class _Batches(Dataset):
    def __init__(self, windows: Windows, batch: int, first: int, last: int) -> None:
        self.windows, self.batch, self.first, self.last = windows, batch, first, last

    def __len__(self) -> int:
        return self.last - self.first

    def __getitem__(self, index: int) -> Batch:
        start = (self.first + index) * self.batch
        drawn = [self.windows.window(start + i) for i in range(self.batch)]
        features = torch.from_numpy(np.stack([d[0] for d in drawn]))
        targets = torch.from_numpy(np.stack([d[1] for d in drawn]))
        return features, targets, batch_numerators([d[2] for d in drawn])


def _rate(plan: Plan, step: int) -> float:
    warm = min(1.0, (step + 1) / 150)
    return plan.rate * warm * min(1.0, (plan.steps - step) / max(plan.cool, 1))


def kept(path: Path) -> dict[str, torch.Tensor]:
    """Return the weights kept at `path`, averaged over its training."""
    weights: dict[str, torch.Tensor] = torch.load(path, weights_only=True)["average"]
    return weights


def mean(shares: Mapping[Path, float]) -> dict[str, torch.Tensor]:
    """Return the mean of the weights kept at several paths, each with its share (1 in all)."""
    every = [(share, kept(path)) for path, share in shares.items()]
    return {
        name: sum(share * weights[name].float() for share, weights in every).to(first.dtype)
        for name, first in every[0][1].items()
    }


def network_of(weights: dict[str, torch.Tensor]) -> Network:
    """Return the network with `weights`, ready to be used."""
    network = Network()
    network.load_state_dict(weights)
    network.eval()
    return network


def train(
    windows: Windows, plan: Plan, path: Path, start: dict[str, torch.Tensor] | None = None
) -> None:
    """Train to the end of `plan`, continuing from `path` where it exists, else from `start`."""
    torch.set_num_threads(1)
    torch.manual_seed(windows.seed)
    network = Network()
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=plan.rate, weight_decay=plan.weight_decay
    )
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE), use_buffers=True)
    step = 0
    if path.exists():
        state = torch.load(path, weights_only=True)
        network.load_state_dict(state["network"])
        average.module.load_state_dict(state["average"])
        average.n_averaged.fill_(state["step"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    elif start is not None:
        network.load_state_dict(start)
    if step >= plan.steps:
        return
    denominator = Denominator(windows.bigram or windows.learn_bigram())
    if step == 0 and start is None:
        sample = torch.from_numpy(np.concatenate([windows.window(i)[0] for i in range(300)]))
        network.mean.copy_(sample.mean(0))
        network.scale.copy_(1 / sample.std(0))
    data = _Batches(windows, plan.batch, step, plan.steps)
    loader = DataLoader(data, batch_size=None, num_workers=1, prefetch_factor=6)
    for losses in _steps(network, optimiser, denominator, plan, iter(loader), step=step):
        step += 1
        average.update_parameters(network)
        if step % 20 == 0:
            print(f"{time.strftime('%H:%M:%S')} step {step}/{plan.steps} {losses}", flush=True)
        if step % plan.every == 0 or step == plan.steps:
            draft = path.with_suffix(".draft")
            state = {"network": network.state_dict(), "average": average.module.state_dict(),
                     "optimiser": optimiser.state_dict(), "step": step}  # fmt: skip
            torch.save(state, draft)
            draft.rename(path)


def _steps(
    network: Network,
    optimiser: torch.optim.Optimizer,
    denominator: Denominator,
    plan: Plan,
    batches: Iterator[Batch],
    *,
    step: int,
) -> Iterator[str]:
    """Make one step per batch; yield a line on the losses, averaged over about 100 steps."""
    network.train()
    sequence_mean = frame_mean = correct_mean = 0.0
    for count, (features, targets, numerators) in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = _rate(plan, step + count)
        with torch.autocast("cpu", torch.bfloat16):
            outputs, frames = network(features)
        sequence = MutualInformation.apply(outputs, denominator, numerators)
        frame = functional.cross_entropy(frames.flatten(0, 1), targets.flatten())
        decay = plan.output_decay * outputs.square().sum(2).mean()
        loss = sequence + plan.frame_weight * frame + decay
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        share = max(0.01, 1 / (count + 1))
        correct = (frames.argmax(2) == targets).float().mean().item()
        sequence_mean += share * (sequence.item() - sequence_mean)
        frame_mean += share * (frame.item() - frame_mean)
        correct_mean += share * (correct - correct_mean)
        yield f"mmi {sequence_mean:.4f} frames {frame_mean:.3f} right {correct_mean:.3f}"
