"""Lattice-free maximum mutual information: the training criterion.

For each utterance the log probability of its own units (numerator) less that of any units at all
under a bigram of units (denominator) is maximised. Both are sums over all paths through hidden
Markov models, computed exactly by the forward-backward algorithm; the gradient with respect to
the network's outputs is the difference of the two occupancies. After Povey et al. 2016, "Purely
sequence-trained neural networks for ASR based on lattice-free MMI", with a full bigram in place of
the pruned n-gram graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from research.model import units
from research.model.units import GARBAGE_PAIR, LOG_HALF, SILENCE_PAIR, STAY, Pair
from voice_coach.hearing.commands.phones import GARBAGE_STATES

NEVER = -1e30
_TINY = 1e-30
PREDECESSORS = 6
SUCCESSORS = 5
START: Pair = (-1, -1)


@dataclass(frozen=True, slots=True)
class Token:
    """A unit in a numerator, the output frames it may cover; an optional one may be left out."""

    pair: Pair
    first: int
    last: int
    optional: bool = False


class Bigram:
    """Probabilities of one unit after another, with a little of the uniform mixed in."""

    def __init__(self, sequences: list[list[Pair]], smooth: float = 0.02) -> None:
        known = {p for sequence in sequences for p in sequence}
        self.pairs = sorted(known | {SILENCE_PAIR, GARBAGE_PAIR})
        self.index = {p: i for i, p in enumerate(self.pairs)}
        size = len(self.pairs)
        counts = np.zeros((size + 1, size))
        for sequence in sequences:
            before = size
            for p in sequence:
                counts[before, self.index[p]] += 1
                before = self.index[p]
        counts += 1e-3
        probability = counts / counts.sum(axis=1, keepdims=True)
        self.log = np.log((1 - smooth) * probability + smooth / size)
        self.index[START] = size

    def between(self, before: Pair, after: Pair) -> float:
        """Return log P(after | before)."""
        return float(self.log[self.index[before], self.index[after]])


def numerator(tokens: list[Token], bigram: Bigram) -> dict[str, NDArray[Any]]:
    """Return the hidden Markov model of `tokens` as arrays of arcs.

    ``pdf``, ``start``, ``final`` (S,); ``first``, ``last`` (S,), the frames a state may cover; and
    per state up to 6 incoming arcs, ``source`` and ``weight`` (S, 6), and up to 5 outgoing ones,
    ``target`` and ``out`` (S, 5).
    """
    pdf: list[int] = []
    arcs: list[tuple[int, int, float]] = []
    start: list[float] = []
    spans: list[tuple[int, int]] = []
    exits: list[tuple[Token, list[tuple[int, float]]]] = []
    for position, token in enumerate(tokens):
        first = len(pdf)
        entry = NEVER
        for back in range(position - 1, -2, -1):
            if back < 0:
                entry = bigram.between(START, token.pair)
                break
            before, leaving = exits[back]
            weight = bigram.between(before.pair, token.pair)
            arcs += [(state, first, log + weight) for state, log in leaving]
            if not before.optional:
                break
        if token.pair == GARBAGE_PAIR:
            for i in range(GARBAGE_STATES):
                pdf.append(units.GARBAGE_PDF)
                start.append(entry if i == 0 else NEVER)
                arcs.append((first + i, first + i, LOG_HALF))
                if i:
                    arcs.append((first + i - 1, first + i, LOG_HALF))
            leaving = [(first + GARBAGE_STATES - 1, LOG_HALF)]
        else:
            pdf += token.pair
            start += [entry, NEVER]
            arcs.append((first + 1, first + 1, LOG_HALF))
            arcs.append((first, first + 1, LOG_HALF))
            leaving = [(first, LOG_HALF), (first + 1, LOG_HALF)]
        exits.append((token, leaving))
        spans += [(token.first, token.last)] * (len(pdf) - first)
    size = len(pdf)
    final = np.full(size, NEVER, np.float32)
    for token, leaving in reversed(exits):
        for state in range(
            leaving[0][0] if token.pair != GARBAGE_PAIR else leaving[0][0] - 2, leaving[-1][0] + 1
        ):
            final[state] = 0
        if not token.optional:
            break
    model: dict[str, NDArray[Any]] = {
        "pdf": np.array(pdf, np.int64), "start": np.array(start, np.float32), "final": final,
        "first": np.array(spans, np.int64)[:, 0], "last": np.array(spans, np.int64)[:, 1],
        "source": np.zeros((size, PREDECESSORS), np.int64),
        "weight": np.full((size, PREDECESSORS), NEVER, np.float32),
        "target": np.zeros((size, SUCCESSORS), np.int64),
        "out": np.full((size, SUCCESSORS), NEVER, np.float32),
    }  # fmt: skip
    incoming = np.zeros(size, int)
    outgoing = np.zeros(size, int)
    for source, target, weight in arcs:
        model["source"][target, incoming[target]] = source
        model["weight"][target, incoming[target]] = weight
        model["target"][source, outgoing[source]] = target
        model["out"][source, outgoing[source]] = weight
        incoming[target] += 1
        outgoing[source] += 1
    return model


def batch_numerators(models: list[dict[str, NDArray[Any]]]) -> dict[str, Tensor]:
    """Stack numerators of different sizes, padded with states that are never reached."""
    size = max(len(m["pdf"]) for m in models)
    stacked = {}
    fills = dict.fromkeys(("pdf", "first", "last", "source", "target"), 0.0)
    fills |= dict.fromkeys(("start", "final", "weight", "out"), NEVER)
    for name, fill in fills.items():
        parts = []
        for model in models:
            pad = [(0, size - len(model["pdf"]))] + [(0, 0)] * (model[name].ndim - 1)
            parts.append(np.pad(model[name], pad, constant_values=fill))
        stacked[name] = torch.from_numpy(np.stack(parts))
    return stacked


class Denominator:
    """The hidden Markov model of any units in any order."""

    def __init__(self, bigram: Bigram) -> None:
        first: list[int] = []
        leaving: list[list[tuple[int, float]]] = []
        pdf: list[int] = []
        for p in bigram.pairs:
            first.append(len(pdf))
            if p == GARBAGE_PAIR:
                pdf += [units.GARBAGE_PDF] * GARBAGE_STATES
                leaving.append([(len(pdf) - 1, STAY)])
            else:
                pdf += p
                leaving.append([(len(pdf) - 2, STAY), (len(pdf) - 1, STAY)])
        transitions = np.zeros((len(pdf), len(pdf)))
        for number, p in enumerate(bigram.pairs):
            a = first[number]
            if p == GARBAGE_PAIR:
                for i in range(GARBAGE_STATES):
                    transitions[a + i, a + i] += STAY
                    if i:
                        transitions[a + i - 1, a + i] += STAY
            else:
                transitions[a + 1, a + 1] += STAY
                transitions[a, a + 1] += STAY
            for state, probability in leaving[number]:
                transitions[state, first] += probability * np.exp(bigram.log[number])
        start = np.zeros(len(pdf))
        start[first] = np.exp(bigram.log[-1])
        self.pdf = torch.tensor(pdf)
        self.transitions = torch.tensor(transitions, dtype=torch.float32)
        self.start = torch.tensor(start, dtype=torch.float32)

    def forward_backward(self, outputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return log probability (B,) and occupancy (B, T, pdfs) of `outputs` (B, T, pdfs)."""
        shift = outputs.amax(dim=2, keepdim=True)
        likely = (outputs - shift).clamp(min=-60).exp()[:, :, self.pdf].transpose(0, 1).contiguous()
        frames = likely.shape[0]
        alphas = torch.empty_like(likely)
        total = shift.sum(dim=(1, 2)).double()
        alpha = self.start * likely[0]
        for t in range(frames):
            if t:
                alpha = (alpha @ self.transitions) * likely[t]
            norm = alpha.sum(dim=1, keepdim=True)
            total += norm.squeeze(1).double().log()
            alpha = alpha / norm
            alphas[t] = alpha
        beta = torch.ones_like(alpha)
        back = self.transitions.T.contiguous()
        for t in range(frames - 1, -1, -1):
            if t < frames - 1:
                beta = (beta * likely[t + 1]) @ back
            beta = beta / (alphas[t] * beta).sum(dim=1, keepdim=True)
            alphas[t] *= beta
        occupancy = torch.zeros_like(outputs)
        occupancy.index_add_(2, self.pdf, alphas.transpose(0, 1))
        return total.float(), occupancy


def numerator_forward_backward(outputs: Tensor, model: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Return log probability (B,) and occupancy (B, T, pdfs) of the stacked numerators.

    In probabilities, each frame's scaled to a sum of 1; the log probability of a numerator that
    the outputs make impossible, or as good as, is minus infinity.
    """
    batch, frames, _ = outputs.shape
    size = model["pdf"].shape[1]
    time = torch.arange(frames)[:, None, None]
    scores = outputs.gather(2, model["pdf"][:, None].expand(-1, frames, -1)).transpose(0, 1)
    scores = scores.masked_fill((time < model["first"]) | (time > model["last"]), NEVER)
    shift = scores.amax(dim=2, keepdim=True).clamp(min=NEVER / 2)
    likely = (scores - shift).exp()
    source, target = model["source"].flatten(1), model["target"].flatten(1)
    arriving, leaving = model["weight"].exp(), model["out"].exp()
    total = shift.sum(dim=(0, 2)).double()
    alphas = torch.empty(frames, batch, size)
    alpha = model["start"].exp() * likely[0]
    for t in range(frames):
        if t:
            alpha = (alpha.gather(1, source).view(batch, size, -1) * arriving).sum(2) * likely[t]
        norm = alpha.sum(dim=1, keepdim=True)
        total += norm.squeeze(1).double().log()
        alpha = alpha / norm.clamp(min=_TINY)
        alphas[t] = alpha
    beta = model["final"].exp()
    total += (alpha * beta).sum(dim=1).double().log()
    for t in range(frames - 1, -1, -1):
        if t < frames - 1:
            following = beta * likely[t + 1]
            beta = (following.gather(1, target).view(batch, size, -1) * leaving).sum(2)
        alphas[t] *= beta
        norm = alphas[t].sum(dim=1, keepdim=True).clamp(min=_TINY)
        alphas[t] /= norm
        beta = beta / norm
    occupancy = torch.zeros_like(outputs)
    index = model["pdf"][:, None].expand(-1, frames, -1)
    occupancy.scatter_add_(2, index, alphas.transpose(0, 1))
    return total.float(), occupancy


class MutualInformation(torch.autograd.Function):
    """Negated criterion per frame; utterances whose numerator is impossible count nothing."""

    @staticmethod
    def forward(
        ctx: Any, outputs: Tensor, denominator: Denominator, numerators: dict[str, Tensor]
    ) -> Tensor:
        """Return the criterion of a batch, and keep its gradient."""
        own, own_occupancy = numerator_forward_backward(outputs, numerators)
        any_, any_occupancy = denominator.forward_backward(outputs)
        good = (own > NEVER / 2) & torch.isfinite(any_) & torch.isfinite(own)
        count = outputs.shape[1] * max(int(good.sum()), 1)
        gradient = (any_occupancy - own_occupancy) * good[:, None, None]
        ctx.save_for_backward(torch.nan_to_num(gradient) / count)
        return ((any_ - own) * good).nan_to_num().sum() / count

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None, None]:
        """Return the gradient of the outputs."""
        (gradient,) = ctx.saved_tensors
        return gradient * upstream, None, None
