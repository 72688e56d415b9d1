"""The network of phones for training, and its export with the normalisation folded in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from research.model import features
from voice_coach.hearing.commands.phones import PHONES
from voice_coach.hearing.commands.stop_network import LAGS

CHANNELS = 224
INPUTS = features.BINS + len(LAGS)
OUTPUTS = len(PHONES) + 1
FIRST_TAPS = 6
"""Frames of 10 ms that the first layer joins, every second time."""
DILATIONS = (1, 1, 2, 2, 4, 4)
"""Hops of 20 ms by which each further layer looks back and ahead."""


class PhoneNetwork(nn.Module):
    """Convolutions that look both ways, each but the first and the last around a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv1d(INPUTS, CHANNELS, FIRST_TAPS, stride=2)
        self.blocks = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, 3, dilation=dilation, padding=dilation)
            for dilation in DILATIONS
        )
        self.last = nn.Conv1d(CHANNELS, OUTPUTS, 1)
        self.norms = nn.ModuleList(nn.BatchNorm1d(CHANNELS) for _ in range(1 + len(DILATIONS)))

    def forward(self, seen: Tensor, lengths: Tensor) -> Tensor:
        """Return log probabilities, (batch, hops, phones + 1), of inputs (batch, 2 hops, seen).

        Beyond the `lengths` of the sounds, in hops, there is nothing at all, in every layer.
        """
        side = FIRST_TAPS // 2 - 1
        out = self.first(functional.pad(seen.transpose(1, 2), (side, side)))
        within = (torch.arange(out.shape[2], device=out.device)[None, :] < lengths[:, None])[
            :, None, :
        ].float()
        frames = functional.relu(self.norms[0](out)) * within
        for convolution, norm in zip(self.blocks, self.norms[1:], strict=True):
            out = functional.relu(norm(convolution(frames)))
            out = functional.dropout(out, 0.1, self.training)
            frames = (out + frames) * within
        return functional.log_softmax(self.last(frames).transpose(1, 2), dim=2)


def export(network: PhoneNetwork, path: Path) -> None:
    """Write the weights into `path`, half precision, normalisation folded in."""
    stored: dict[str, Any] = {
        "bank": features.mel_bank().astype(np.float16),
        "phones": np.array(PHONES),
        "shapes": np.array([(FIRST_TAPS, 1), *((3, d) for d in DILATIONS), (1, 1)], np.int8),
    }
    with torch.no_grad():
        every = [network.first, *network.blocks, network.last]
        for number, convolution in enumerate(every):
            weights, bias = convolution.weight, convolution.bias
            if number < len(network.norms):
                norm = network.norms[number]
                gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                weights = weights * gain[:, None, None]
                bias = (bias - norm.running_mean) * gain + norm.bias
            # (outputs, inputs, taps) to (taps * inputs, outputs)
            flat = weights.permute(2, 1, 0).reshape(-1, weights.shape[0])
            stored[f"weights-{number}"] = flat.cpu().numpy().astype(np.float16)
            stored[f"bias-{number}"] = bias.cpu().numpy().astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **stored)
