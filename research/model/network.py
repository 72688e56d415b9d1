"""The acoustic network: a factorised time-delay network of residual blocks, in PyTorch.

Each block joins the frame with one earlier and one later, squeezes them through a narrow linear
layer and widens them again (after Povey et al. 2018, "Semi-orthogonal low-rank matrix
factorization for deep neural networks", without the orthogonality constraint). The look-ahead is
0.22 s, the memory 0.52 s.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from research.model.features import BINS
from research.model.units import PDFS

STRIDE = 3
SPLICE = 4
WIDTH, NECK = 256, 96
# Per block: frames of 30 ms looked back and ahead.
OFFSETS = ((1, 1), (1, 1), (2, 1), (3, 1), (3, 1), (3, 1), (3, 0))
LEFT = SPLICE + STRIDE * sum(back for back, _ in OFFSETS)
RIGHT = SPLICE + STRIDE * sum(ahead for _, ahead in OFFSETS)


class Block(nn.Module):
    """x + ReLU(norm(wide(narrow(frames back, now, ahead))))."""

    def __init__(self, back: int, ahead: int) -> None:
        super().__init__()
        self.shifts = (0, back, back + ahead) if ahead else (0, back)
        self.now, self.lost = back, back + ahead
        self.narrow = nn.Linear(WIDTH, len(self.shifts) * NECK, bias=False)
        self.wide = nn.Linear(NECK, WIDTH)
        self.norm = nn.BatchNorm1d(WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, frames, width) to the frames whose neighbours are all there."""
        count = x.shape[1] - self.lost
        # Narrowing first and shifting after is the same as the reverse, but moves less memory.
        taps = self.narrow(x).split(NECK, dim=2)
        parts = [
            tap[:, shift : shift + count] for tap, shift in zip(taps, self.shifts, strict=True)
        ]
        y = self.wide(sum(parts[1:], parts[0]))
        y = self.norm(y.float().flatten(0, 1)).view(y.shape)
        return x[:, self.now : self.now + count] + torch.relu(y)

    def joined(self) -> Tensor:
        """Return the narrow layer's weights as applied to the frames side by side."""
        return torch.cat(self.narrow.weight.split(NECK, dim=0), dim=1)


class Network(nn.Module):
    """Log mel energies (batch, frames, 40) at 10 ms to scores (batch, frames, pdfs) at 30 ms."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(BINS))
        self.register_buffer("scale", torch.ones(BINS))
        self.input = nn.Linear((2 * SPLICE + 1) * BINS, WIDTH)
        self.input_norm = nn.BatchNorm1d(WIDTH)
        self.blocks = nn.ModuleList(Block(back, ahead) for back, ahead in OFFSETS)
        self.output = nn.Linear(WIDTH, PDFS)
        self.frame_output = nn.Linear(WIDTH, PDFS)

    def hidden(self, features: Tensor) -> Tensor:
        """Return the last hidden layer."""
        x = (features - self.mean) * self.scale
        x = x.unfold(1, 2 * SPLICE + 1, STRIDE).transpose(2, 3).flatten(2)
        x = self.input(x)
        x = torch.relu(self.input_norm(x.float().flatten(0, 1)).view(x.shape))
        for block in self.blocks:
            x = block(x)
        return x

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return the sequence scores and the frame scores."""
        x = self.hidden(features)
        return self.output(x).float(), self.frame_output(x).float()
