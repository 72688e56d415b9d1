"""Reads the network of a model folder back, so that it can be trained further without the cache.

What a model folder does not hold is made anew: batch norms are measured on training windows (in
the folder they are part of the weights), and the output per frame, needed in training alone,
begins as the output per sequence.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from research.model import export, features
from research.model.augment import Windows
from research.model.network import WIDTH, Network
from research.model.units import GARBAGE_PDF

_AFFINE = re.compile(rb"<ComponentName> (\S+) <FixedAffineComponent> <LinearParams> CM2 ")
_BIAS = b"<BiasParams> FV \4"
_WINDOWS = 400

Layer = tuple[NDArray[np.float32], NDArray[np.float32]]


def layers(path: Path) -> dict[str, Layer]:
    """Return weights and bias of every affine layer in ``final.mdl``, as `export` writes them."""
    data = path.read_bytes()
    found: dict[str, Layer] = {}
    at = 0
    while match := _AFFINE.search(data, at):
        low, span, rows, columns = struct.unpack_from("<ffii", data, match.end())
        start = match.end() + 16
        steps = np.frombuffer(data, "<u2", rows * columns, start).reshape(rows, columns)
        at = start + 2 * steps.size + len(_BIAS) + 4
        bias = np.frombuffer(data, "<f4", rows, at)
        found[match[1].decode()] = (low + steps * np.float32(span / 65535), bias)
    return found


def restored(path: Path, windows: Windows) -> Network:
    """Return the network in ``final.mdl`` at `path`; `windows` tell what its layers see."""
    known = layers(path)
    weights, bias = known["in"]
    network = Network()
    sample = torch.from_numpy(np.stack([windows.window(i)[0] for i in range(_WINDOWS)]))
    network.mean.copy_(sample.mean((0, 1)))
    network.scale.copy_(1 / sample.std((0, 1)))
    taps = weights.reshape(WIDTH, -1, features.BINS) @ features.dct()
    bias = bias + (taps * network.mean.numpy()).sum(axis=(1, 2))
    _set(network.input, ((taps / network.scale.numpy()).reshape(WIDTH, -1), bias))
    for number, block in enumerate(network.blocks):
        narrow = torch.from_numpy(known[f"b{number}.narrow"][0])
        block.narrow.weight.data = torch.cat(narrow.split(WIDTH, dim=1), dim=0)
        _set(block.wide, known[f"b{number}.wide"])
    weights, bias = known["scores"]
    bias = bias.copy()
    bias[GARBAGE_PDF] -= export.GARBAGE_BIAS
    _set(network.output, (weights, bias))
    _set(network.frame_output, (weights, bias))
    with torch.no_grad():
        _measure_norms(network, sample)
    network.eval()
    return network


def _set(linear: nn.Linear, layer: Layer) -> None:
    linear.weight.data, linear.bias.data = (torch.tensor(part) for part in layer)


def _measure_norms(network: Network, sample: Tensor) -> None:
    """Let every norm undo what it measures, so that the network stays the same function."""

    def undo(norm: nn.BatchNorm1d, given: tuple[Tensor]) -> Tensor:
        variance, mean = torch.var_mean(given[0], dim=0)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.copy_(mean)
        return given[0]

    norms = [network.input_norm, *(block.norm for block in network.blocks)]
    hooks = [norm.register_forward_hook(lambda n, given, _: undo(n, given)) for norm in norms]
    network.eval()(sample)
    for hook in hooks:
        hook.remove()
