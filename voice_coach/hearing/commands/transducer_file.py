"""Writes and reads the decoding graphs of a model, in the binary format of OpenFst.

Vosk wants two kinds: a plain one whose arcs lie in one table ("const"), and one that is looked
ahead in while it is composed with a grammar ("olabel_lookahead"): the same, and beside it for each
state the words that can come next. In our graphs that is every word, from everywhere.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Arc: TypeAlias = tuple[int, int, int, int, float]
"""From which state, to which, what is heard, what it means (0 for nothing), at which cost."""

_MAGIC: Final = 2125659606
_ADDITION: Final = 446681434
_GRAPH: Final = 0x6595656A0001
_GRAMMAR: Final = 0x65955A950001
"""What OpenFst knows of a graph of ours, and of a list of words, without looking."""
_STATE: Final = np.dtype(
    [("final", "<f4"), ("at", "<u4"), ("arcs", "<u4"), ("silent", "<u4"), ("mute", "<u4")]
)
_ARC: Final = np.dtype([("heard", "<i4"), ("means", "<i4"), ("cost", "<f4"), ("to", "<i4")])


def _header(kind: bytes, version: int, known: int, *, start: int, states: int, arcs: int) -> bytes:
    names = b"".join(struct.pack("<i", len(name)) + name for name in (kind, b"standard"))
    numbers = struct.pack("<iiQqqq", version, 0, known, start, states, arcs)
    return struct.pack("<i", _MAGIC) + names + numbers


_OUTER: Final = _header(b"olabel_lookahead", 1, _GRAPH, start=-1, states=0, arcs=0)
_INNER: Final = _header(b"const", 2, _GRAPH, start=0, states=0, arcs=0)
"""How a graph begins, and what is in it; of the latter all but its size, which is its end."""
_SIZE: Final = struct.Struct("<qqq")


class NotOursError(Exception):
    """A file is not of the kind that is written here."""


@dataclass(frozen=True, slots=True)
class Transducer:
    """A graph as it lies in the file."""

    start: int
    states: npt.NDArray[np.void]
    arcs: npt.NDArray[np.void]

    def leaving(self, state: int) -> npt.NDArray[np.void]:
        """Return the arcs that leave `state`."""
        row = self.states[state]
        return self.arcs[int(row["at"]) : int(row["at"]) + int(row["arcs"])]


def transducer(arcs: Sequence[Arc], final: Iterable[int]) -> Transducer:
    """Return the graph of `arcs`, which begins in state 0 and may end in the states `final`."""
    table = np.zeros(len(arcs), _ARC)
    columns = np.array(arcs, np.float64).reshape(-1, 5)
    source = columns[:, 0].astype(np.int64)
    for name, column in (("to", 1), ("heard", 2), ("means", 3), ("cost", 4)):
        table[name] = columns[:, column]
    order = np.lexsort((table["heard"], table["means"], source))
    table, source = table[order], source[order]
    states = np.zeros(int(max(source.max(), table["to"].max())) + 1, _STATE)
    states["final"] = np.inf
    states["final"][list(final)] = 0.0
    states["arcs"] = np.bincount(source, minlength=len(states))
    states["at"] = np.concatenate([[0], np.cumsum(states["arcs"])[:-1]])
    states["silent"] = np.bincount(source[table["heard"] == 0], minlength=len(states))
    states["mute"] = np.bincount(source[table["means"] == 0], minlength=len(states))
    return Transducer(0, states, table)


def write_grammar(path: Path, graph: Transducer) -> None:
    """Write a list of words at `path`."""
    path.write_bytes(_plain(graph, _GRAMMAR))


def write_graph(path: Path, graph: Transducer, words: int) -> None:
    """Write a graph in which each of `words` words, counted from 1, can come next everywhere."""
    everything = struct.pack("<qiii", 1, 1, words + 2, words + 1)
    ahead = struct.pack("<??i q", False, False, words + 1, len(graph.states))
    path.write_bytes(
        _OUTER
        + struct.pack("<i", _ADDITION)
        + _plain(graph, _GRAPH)
        + struct.pack("<???", True, False, True)
        + ahead
        + everything * len(graph.states)
    )


def read_graph(path: Path) -> Transducer:
    """Return the graph at `path`; NotOursError unless it is one that is written here."""
    content = path.read_bytes()
    head = _OUTER + struct.pack("<i", _ADDITION) + _INNER[: -_SIZE.size]
    if not content.startswith(head) or len(content) < len(head) + _SIZE.size:
        raise NotOursError
    start, states, arcs = _SIZE.unpack_from(content, len(head))
    at = len(head) + _SIZE.size
    try:
        rows = np.frombuffer(content, _STATE, states, at)
        table = np.frombuffer(content, _ARC, arcs, at + rows.nbytes)
    except ValueError:
        raise NotOursError from None
    return Transducer(start, rows, table)


def _plain(graph: Transducer, known: int) -> bytes:
    states, arcs = graph.states, graph.arcs
    header = _header(b"const", 2, known, start=graph.start, states=len(states), arcs=len(arcs))
    return header + states.tobytes() + arcs.tobytes()
