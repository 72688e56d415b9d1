"""Writes the trained network as a model folder for Vosk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from research.model import features
from research.model.kaldi_format import Nnet3, Topology, Writer
from research.model.lexicon import build_lexicon, with_copies
from research.model.network import LEFT, RIGHT, SPLICE, STRIDE, WIDTH, Network
from research.model.units import GARBAGE_PAIR, GARBAGE_PDF, SILENCE_PAIR, STAY, pair
from voice_coach.hearing.commands import phones, word_graph

# The settings of the decoder. Chunks of 0.24 s (a third less work
# than 0.15 s); end of speech as the stock small models have it.
DECODER = {
    "min-active": 100, "max-active": 400, "beam": 8.0, "lattice-beam": 4.0,
    "acoustic-scale": 1.0, "frame-subsampling-factor": STRIDE, "frames-per-chunk": 24,
    "endpoint.silence-phones": phones.SILENCE,
    "endpoint.rule2.min-trailing-silence": 0.5,
    "endpoint.rule3.min-trailing-silence": 0.75,
    "endpoint.rule4.min-trailing-silence": 1.0,
}  # fmt: skip
GARBAGE_BIAS = 0.5
WORD_COST = 0.0
UNKNOWN_COST = 0.0


def _folded(linear: nn.Linear, norm: nn.BatchNorm1d) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias of `linear` followed by `norm`."""
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    weights = linear.weight * scale[:, None]
    bias = (linear.bias - norm.running_mean) * scale + norm.bias
    return weights.detach().numpy(), bias.detach().numpy()


def _offset(node: str, frames: int) -> str:
    return f"Offset({node}, {STRIDE * frames})" if frames else node


def topology() -> Topology:
    """Return the states of every phone, in the numbering of the word graph."""
    states = {
        phones.SILENCE: [SILENCE_PAIR],
        phones.GARBAGE: [GARBAGE_PAIR] * phones.GARBAGE_STATES,
    }
    for number, (phone, place) in phones.names().items():
        first, last = place in ("begin", "singleton"), place in ("end", "singleton")
        states[number] = [pair(phone, first, last)]
    return Topology(states)


def write_network(network: Network, path: Path, garbage_bias: float) -> None:
    """Write ``final.mdl``; `garbage_bias` is added to the garbage score of every frame."""
    network = network.eval()
    nnet = Nnet3(features.BINS)
    weights, bias = _folded(network.input, network.input_norm)
    # Undo the cosine transform and the scaling of the input within the first layer.
    taps = weights.reshape(WIDTH, 2 * SPLICE + 1, features.BINS)
    scaled = taps * network.scale.numpy()
    bias = bias - (scaled * network.mean.numpy()).sum(axis=(1, 2))
    weights = (scaled @ features.dct().T).reshape(WIDTH, -1)
    spliced = ", ".join(f"Offset(input, {i})" if i else "input" for i in range(-SPLICE, SPLICE + 1))
    node = nnet.affine("in", f"Append({spliced})", weights, bias)
    node = nnet.relu("in.relu", node, WIDTH)
    for number, block in enumerate(network.blocks):
        parts = [_offset(node, shift - block.now) for shift in block.shifts]
        narrow = block.joined().detach().numpy()
        inner = nnet.affine(f"b{number}.narrow", f"Append({', '.join(parts)})", narrow,
                            np.zeros(len(narrow)))  # fmt: skip
        inner = nnet.affine(f"b{number}.wide", inner, *_folded(block.wide, block.norm))
        inner = nnet.relu(f"b{number}.relu", inner, WIDTH)
        node = nnet.copy(f"b{number}", f"Sum({node}, {inner})", WIDTH)
    bias = network.output.bias.detach().numpy().copy()
    bias[GARBAGE_PDF] += garbage_bias
    node = nnet.affine("scores", node, network.output.weight.detach().numpy(), bias)
    with path.open("wb") as file:
        out = Writer(file)
        topology().write(out, STAY)
        nnet.write(out, node, LEFT, RIGHT)


def write_model(
    network: Network | None,
    folder: Path,
    garbage_bias: float = GARBAGE_BIAS,
    word_cost: float = WORD_COST,
    unknown_cost: float = UNKNOWN_COST,
) -> None:
    """Write the whole model folder: ``am/``, ``conf/`` and ``graph/``.

    Without a `network`, the one that is in the folder stays: its words change alone.
    """
    for name in ("am", "conf", "graph"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if network:
        write_network(network, folder / "am" / "final.mdl", garbage_bias)
    for name, options in (("mfcc.conf", features.CONFIG), ("model.conf", DECODER)):
        lines = "".join(f"--{option}={value}\n" for option, value in options.items())
        (folder / "conf" / name).write_text(lines)
    lexicon = with_copies(build_lexicon())
    word_graph.write(lexicon, folder / "graph", word_cost=word_cost, unknown_cost=unknown_cost)
