"""Writes Kaldi's binary files: tokens, numbers, matrices, transition model, network.

Layouts as read by the Kaldi inside the ``vosk`` 0.3.45 wheel.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


class Writer:
    """Writes Kaldi's basic types to a binary file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.raw(b"\0B")

    def raw(self, data: bytes) -> None:
        """Write `data` as it is."""
        self.file.write(data)

    def token(self, *tokens: str) -> None:
        """Write tokens, each followed by a space."""
        for token in tokens:
            self.raw(token.encode() + b" ")

    def integer(self, value: int) -> None:
        """Write a 32-bit integer."""
        self.raw(b"\4" + struct.pack("<i", value))

    def real(self, value: float) -> None:
        """Write a single-precision number."""
        self.raw(b"\4" + struct.pack("<f", value))

    def double(self, value: float) -> None:
        """Write a double-precision number."""
        self.raw(b"\x08" + struct.pack("<d", value))

    def integers(self, values: Iterable[int]) -> None:
        """Write a vector of 32-bit integers."""
        array = np.fromiter(values, "<i4")
        self.raw(b"\4" + struct.pack("<i", len(array)) + array.tobytes())

    def vector(self, values: Array) -> None:
        """Write a float vector."""
        array = np.asarray(values, "<f4")
        self.token("FV")
        self.integer(len(array))
        self.raw(array.tobytes())

    def compressed(self, values: Array) -> None:
        """Write a matrix as 16-bit steps between its least and its greatest value."""
        array = np.asarray(values, np.float64)
        low = float(array.min())
        span = float(array.max()) - low or 1.0
        steps = np.round((array - low) / span * 65535).astype("<u2")
        self.token("CM2")
        self.raw(struct.pack("<ffii", low, span, *array.shape) + steps.tobytes())


class Topology:
    """States of a phone: each has the pdf of its first frame and that of its other frames."""

    def __init__(self, phones: Mapping[int, Sequence[tuple[int, int]]]) -> None:
        self.phones = phones
        self.tuples = sorted(
            (phone, state, first, later)
            for phone, states in phones.items()
            for state, (first, later) in enumerate(states)
        )
        self._numbers = {(t[0], t[1]): i for i, t in enumerate(self.tuples)}

    def transition(self, phone: int, state: int, stay: bool) -> int:
        """Return the transition id of staying in or leaving a state."""
        return 2 * self._numbers[phone, state] + (1 if stay else 2)

    def count(self) -> int:
        """Return the number of transition ids."""
        return 2 * len(self.tuples)

    def write(self, out: Writer, stay: float) -> None:
        """Write the transition model; `stay` is the probability of every self loop."""
        shapes = sorted({(len(s), s[0][0] == s[0][1]) for s in self.phones.values()})
        phones = sorted(self.phones)
        out.token("<TransitionModel>", "<Topology>")
        out.integers(phones)
        index = [-1] * (phones[-1] + 1)
        for phone, states in self.phones.items():
            index[phone] = shapes.index((len(states), states[0][0] == states[0][1]))
        out.integers(index)
        out.integer(-1)  # pdfs of staying and leaving differ
        out.integer(len(shapes))
        for count, shared in shapes:
            out.integer(count + 1)
            for state in range(count):
                out.integer(0)
                out.integer(0 if shared else 1)
                out.integer(2)
                for target, probability in ((state, stay), (state + 1, 1 - stay)):
                    out.integer(target)
                    out.real(probability)
            out.integer(-1)
            out.integer(-1)
            out.integer(0)
        out.token("</Topology>", "<Tuples>")
        out.integer(len(self.tuples))
        for entry in self.tuples:
            for value in entry:
                out.integer(value)
        out.token("</Tuples>", "<LogProbs>")
        logs = np.log(np.tile([stay, 1 - stay], len(self.tuples)))
        out.vector(np.concatenate([[0.0], logs]))
        out.token("</LogProbs>", "</TransitionModel>")


class Nnet3:
    """A network as configuration lines and components, in the order they are added."""

    def __init__(self, inputs: int) -> None:
        self.lines = [f"input-node name=input dim={inputs}"]
        self.components: list[tuple[str, Callable[[Writer], None]]] = []

    def affine(self, name: str, source: str, weights: Array, bias: Array) -> str:
        """Add y = Wx + b on the descriptor `source`; return the node's name."""

        def write(out: Writer) -> None:
            out.token("<FixedAffineComponent>", "<LinearParams>")
            out.compressed(weights)
            out.token("<BiasParams>")
            out.vector(bias)
            out.token("</FixedAffineComponent>")

        return self._node(name, source, write)

    def relu(self, name: str, source: str, dim: int) -> str:
        """Add a rectified linear layer; return the node's name."""

        def write(out: Writer) -> None:
            out.token("<RectifiedLinearComponent>", "<Dim>")
            out.integer(dim)
            for statistic in ("<ValueAvg>", "<DerivAvg>"):
                out.token(statistic)
                out.vector(np.zeros(0))
            out.token("<Count>")
            out.double(0.0)
            out.token("</RectifiedLinearComponent>")

        return self._node(name, source, write)

    def copy(self, name: str, source: str, dim: int) -> str:
        """Add a node that holds the value of a descriptor, such as a sum; return its name."""

        def write(out: Writer) -> None:
            out.token("<NoOpComponent>", "<Dim>")
            out.integer(dim)
            out.token("<BackpropScale>")
            out.real(1.0)
            out.token("</NoOpComponent>")

        return self._node(name, source, write)

    def _node(self, name: str, source: str, write: Callable[[Writer], None]) -> str:
        self.lines.append(f"component-node name={name} component={name} input={source}")
        self.components.append((name, write))
        return name

    def write(self, out: Writer, output: str, left: int, right: int) -> None:
        """Write the network and its context; no priors."""
        lines = [*self.lines, f"output-node name=output input={output} objective=linear"]
        out.token("<Nnet3>")
        out.raw(("\n" + "\n".join(lines) + "\n\n").encode())
        out.token("<NumComponents>")
        out.integer(len(self.components))
        for name, write in self.components:
            out.token("<ComponentName>", name)
            write(out)
        out.token("</Nnet3>", "<LeftContext>")
        out.integer(left)
        out.token("<RightContext>")
        out.integer(right)
        out.token("<Priors>")
        out.vector(np.zeros(0))
