"""The detector's network for training, and its export with the normalisation folded in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from research.model import features
from voice_coach.hearing.commands.stop_network import LAGS

CHANNELS = 48
INPUTS = features.BINS + len(LAGS)
SHAPES = ((5, 1), (4, 1), (4, 2), (4, 4), (4, 6), (1, 1))
"""Taps and dilation of each layer, in frames of 10 ms before the first and of 20 ms after it."""


class StopNetwork(nn.Module):
    """Causal convolutions, each but the first and the last around a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        sizes = [INPUTS, *[CHANNELS] * (len(SHAPES) - 1), 1]
        self.convolutions = nn.ModuleList(
            nn.Conv1d(sizes[n], sizes[n + 1], taps, dilation=dilation, stride=1 if n else 2)
            for n, (taps, dilation) in enumerate(SHAPES)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(CHANNELS) for _ in SHAPES[:-1])

    def forward(self, seen: Tensor) -> Tensor:
        """Return the logarithms of the odds, (batch, frames), of inputs (batch, 2 frames, seen)."""
        frames = seen.transpose(1, 2)
        for number, convolution in enumerate(self.convolutions):
            taps, dilation = SHAPES[number]
            # The first layer's newest frame is the second of its hop.
            left = (taps - 1) * dilation - (0 if number else 1)
            out = convolution(functional.pad(frames, (left, 0)))
            if number < len(self.norms):
                out = functional.relu(self.norms[number](out))
                if number:
                    out = out + frames
                if self.training:
                    out = functional.dropout(out, 0.05)
            frames = out
        return frames[:, 0]


def export(network: StopNetwork, path: Path) -> None:
    """Write the weights into `path`, half precision, normalisation folded in."""
    stored: dict[str, Any] = {
        "bank": features.mel_bank().astype(np.float16),
        "shapes": np.array(SHAPES, np.int8),
    }
    with torch.no_grad():
        for number, convolution in enumerate(network.convolutions):
            weights, bias = convolution.weight, convolution.bias
            if number < len(network.norms):
                norm = network.norms[number]
                gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                weights = weights * gain[:, None, None]
                bias = (bias - norm.running_mean) * gain + norm.bias
            # (outputs, inputs, taps) to (taps * inputs, outputs)
            flat = weights.permute(2, 1, 0).reshape(-1, weights.shape[0])
            stored[f"weights-{number}"] = flat.numpy().astype(np.float16)
            stored[f"bias-{number}"] = bias.numpy().astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **stored)
