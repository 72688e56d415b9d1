"""Trains the network of phones, which vouches for what the recogniser reads.

    python -m research.commands.train_phones [--work FOLDER] [--device cuda] [gather|train|all]

Needs what ``research/model/requirements.txt`` lists. Stages, each kept in the work folder and taken
up again where it was left:

* ``gather``: lets voices speak and the teacher listen (a quarter of an hour).
* ``train``: trains the network and exports it: nine minutes on a data centre's GPU, days on two
  ordinary cores. It is as well stopped earlier: after a tenth of the steps the losses are within
  half of where they end.
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from research.commands import phone_network
from research.commands.phone_network import PhoneNetwork
from research.commands.phone_windows import BLANK, Batch, Material, Plan, Planner, Windows
from research.places import DATA, MODEL_CACHE, ROOT
from voice_coach.hearing.commands.stop_network import LAGS

SEED = 7
BATCH = 256
STEPS, RATE = 21_000, 3e-3
TEACHER = 0.5
"""Weight of the teacher's answers beside that of known phones."""
SPOKEN = 6.0
"""Weight of the moments in which the teacher hears a phone: it hears one in ten of them."""
RIVALS = 0.5
"""Weight of telling the phones from those that are nearly the same."""
DECAY = 0.999
"""Of the mean of the weights so far, a step."""
_AHEAD = 48
"""Batches planned before they are needed."""

_planner: list[Planner] = []


def seen(energies: Tensor) -> Tensor:
    """Return what the network sees of energies, as `stop_network.inputs` does."""
    loudness = energies.mean(dim=2)
    padded = torch.cat([loudness[:, :1].expand(-1, LAGS[-1]), loudness], dim=1)
    changes = [loudness - padded[:, LAGS[-1] - lag : padded.shape[1] - lag] for lag in LAGS]
    return 0.25 * torch.cat([energies - loudness[:, :, None], torch.stack(changes, dim=2)], dim=2)


def losses(log_probs: Tensor, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return the losses by the known phones, beside their rivals, and by the teacher's answers."""
    windows, sequences, most = batch.targets.shape
    counts = batch.counts.reshape(-1)
    spelt = functional.ctc_loss(
        log_probs.transpose(0, 1).repeat_interleave(sequences, dim=1),
        batch.targets.reshape(-1, most),
        batch.hops.repeat_interleave(sequences),
        counts,
        blank=BLANK,
        reduction="none",
        zero_infinity=True,
    ).reshape(windows, sequences)
    known = batch.counts[:, 0] > 0
    per_phone = spelt[:, 0] / batch.counts[:, 0].clamp(min=4)
    told = functional.log_softmax(-spelt, dim=1)[:, 0]
    share = known.sum().clamp(min=1)
    within = torch.arange(log_probs.shape[1], device=log_probs.device) < batch.hops[:, None]
    weight = batch.heard.sum(dim=2) * (1 + SPOKEN * (1 - batch.heard[:, :, BLANK])) * within
    differs = -(batch.heard * log_probs).sum(dim=2)
    taught = (differs * weight).sum() / weight.sum().clamp(min=1)
    return (per_phone * known).sum() / share, -(told * known).sum() / share, taught


def _prepare(path: Path) -> None:
    _planner.append(Planner(Material.load(path), SEED))


def _plan(number: int) -> Plan:
    return _planner[0].plan(number, BATCH)


def plans(path: Path, first: int, last: int, workers: int) -> Iterator[Plan]:
    """Yield the plans from `first` on, made by other processes ahead of time."""
    with ProcessPoolExecutor(workers, initializer=_prepare, initargs=(path,)) as pool:
        ahead: list[Future[Plan]] = []
        for number in range(first, last):
            ahead.append(pool.submit(_plan, number))
            if len(ahead) > _AHEAD:
                yield ahead.pop(0).result()
        for future in ahead:
            yield future.result()


def train(work: Path, path: Path, device: torch.device, workers: int, seconds: float) -> None:
    """Train from where the last run ended, at most for `seconds`, and export into `path`.

    The rate falls to nothing when all steps are done, or the time is over.
    """
    torch.manual_seed(SEED)
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    network = PhoneNetwork().to(device)
    mean = copy.deepcopy(network)
    windows = Windows(Material.load(work / "material.npz"), device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-2)
    checkpoint, first = work / "phones.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device)
        network.load_state_dict(state["network"])
        mean.load_state_dict(state["mean"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    network.train()
    average = np.zeros(3)
    began, reached = time.monotonic(), first
    coming = plans(work / "material.npz", first, STEPS, workers)
    for step, plan in enumerate(tqdm(coming, initial=first, total=STEPS, mininterval=20), first):
        elapsed = (time.monotonic() - began) / seconds
        done = max(step / STEPS, elapsed)
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, step / 500) * 0.5 * (1 + math.cos(math.pi * done))
        with torch.no_grad():
            batch = windows.draw(plan)
            inputs = _hide(seen(batch.energies))
        optimiser.zero_grad()
        spelt, told, taught = losses(network(inputs, batch.hops), batch)
        (spelt + RIVALS * told + TEACHER * taught).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        with torch.no_grad():
            keep = min(DECAY, step / (step + 100))
            for old, new in zip(
                mean.state_dict().values(), network.state_dict().values(), strict=True
            ):
                old.copy_(old * keep + new * (1 - keep) if old.is_floating_point() else new)
        if step % 20 == 0:
            values = np.array([float(one.detach()) for one in (spelt, told, taught)])
            average = values if step == first else 0.9 * average + 0.1 * values
        if step % 500 == 0:
            print(f"step {step}: {average.round(3)} {time.monotonic() - began:.0f} s")
        if step % 2000 == 1999:
            _save(checkpoint, network, mean, optimiser, step + 1)
        reached = step + 1
    _save(checkpoint, network, mean, optimiser, reached)
    phone_network.export(mean.eval(), path)


def _save(
    path: Path,
    network: PhoneNetwork,
    mean: PhoneNetwork,
    optimiser: torch.optim.Optimizer,
    step: int,
) -> None:
    state = {"network": network.state_dict(), "mean": mean.state_dict(), "step": step}
    torch.save(state | {"optimiser": optimiser.state_dict()}, path)


def _hide(inputs: Tensor) -> Tensor:
    """Hide some moments."""
    windows, frames, _ = inputs.shape
    places = torch.arange(frames, device=inputs.device)
    shown = torch.ones((windows, frames), device=inputs.device)
    for _ in range(2):
        at = torch.randint(frames, (windows, 1), device=inputs.device)
        long = torch.randint(0, 9, (windows, 1), device=inputs.device)
        shown *= ~((places >= at) & (places < at + long))
    return inputs * shown[:, :, None]


def main() -> None:
    """Run one stage, or both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=MODEL_CACHE / "phones")
    parser.add_argument("--device", type=torch.device, default=torch.device("cpu"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("stage", choices=["gather", "train", "all"], default="all", nargs="?")
    options = parser.parse_args()
    if options.stage in ("gather", "all") and not (options.work / "material.npz").exists():
        from research.commands import phone_material  # noqa: PLC0415  (speaks and listens)

        phone_material.gather(options.data, options.work, SEED).save(options.work / "material.npz")
    if options.stage in ("train", "all"):
        train(
            options.work,
            ROOT / "models" / "en" / "phones.npz",
            options.device,
            options.workers,
            options.seconds,
        )


if __name__ == "__main__":
    main()
