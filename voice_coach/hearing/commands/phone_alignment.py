"""Claimed phones laid over those that are heard, and how much worse they fit than the best ones.

Every moment costs what the claimed phone, or the nothing between two phones, is less likely in it
than whatever is likeliest; so what fits best costs nothing. The claim is laid so that it costs the
least (a Viterbi search): it may begin and end a little sooner or later than given, and each word
may be said in any of its ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK, to_samples

Floats = npt.NDArray[np.float32]

_MARGIN: Final = to_samples(0.16) // BLOCK
"""Hops by which words may begin and end sooner or later than claimed."""
_IMPOSSIBLE: Final = np.float32(-1e9)
_WORST: Final = np.float32(-12.0)
"""Logarithm below which no moment counts any less likely."""


@dataclass(frozen=True, slots=True)
class PhoneFit:
    """How well a claim fits what is heard; natural logarithms, 0 at best and below 0."""

    phones: float
    """How much worse than the best phones the claimed ones fit, per phone."""
    worst: float
    """The same of the phone that fits worst."""


@dataclass(frozen=True, slots=True)
class _Lattice:
    """The states through which the claimed words lead: phones, and nothing between them."""

    labels: npt.NDArray[np.int64]
    before: npt.NDArray[np.int64]
    """States from which each may be reached, itself first; -1 pads."""
    phone: npt.NDArray[np.int64]
    """Number of the phone within the claim; -1 where it is nothing."""
    opens: npt.NDArray[np.bool_]
    closes: npt.NDArray[np.bool_]


def _lattice(chains: Sequence[Sequence[Sequence[int]]], nothing: int) -> _Lattice:
    labels: list[int] = []
    before: list[list[int]] = []
    phone: list[int] = []
    opens: list[bool] = []

    def state(label: int, sources: Sequence[int], number: int, is_first: bool = False) -> int:
        labels.append(label)
        before.append([len(before), *sources])
        phone.append(number)
        opens.append(is_first)
        return len(labels) - 1

    ends: list[int] = []
    place = 0
    for number, ways in enumerate(chains):
        gap = [state(nothing, ends, -1)] if number else []
        reached = []
        for way in ways:
            sources = [*ends, *gap]
            for at, label in enumerate(way):
                here = state(label, sources, place + at, is_first=number == 0 and at == 0)
                follows = way[at + 1] if at + 1 < len(way) else None
                between = state(nothing, [here], -1) if follows is not None else None
                sources = [one for one in (here, between) if one is not None]
                if follows == label:
                    sources = sources[1:]
            reached.append(here)
        place += max(map(len, ways))
        ends = reached
    most = max(map(len, before))
    padded = [sources + [-1] * (most - len(sources)) for sources in before]
    closes = np.zeros(len(labels), bool)
    closes[ends] = True
    return _Lattice(np.array(labels), np.array(padded), np.array(phone), np.array(opens), closes)


def lay_over(
    heard: Floats, chains: Sequence[Sequence[Sequence[int]]], first: int, last: int
) -> PhoneFit | None:
    """Return how well the claim fits when it is laid over the sound, or None where it cannot be.

    Parameters
    ----------
    heard
        Log probability of each phone, and last of nothing, in each hop: shape (hops, phones + 1).
    chains
        Of each claimed word, the phones of each way to say it.
    first, last
        Hops at which the words begin and end, about.
    """
    heard = np.maximum(heard - heard.max(axis=1, keepdims=True), _WORST)
    nothing = heard.shape[1] - 1
    lattice = _lattice(chains, nothing)
    cost = heard[:, lattice.labels]
    hops, states = cost.shape
    earliest, latest = max(0, first - _MARGIN), min(hops, last + _MARGIN)
    score = np.full(states + 1, _IMPOSSIBLE, np.float32)  # the last is what pads
    came = np.zeros((hops, states), np.int64)
    best, best_at, best_state = float(_IMPOSSIBLE), -1, -1
    rows = np.arange(states)
    for at in range(earliest, latest):
        sources = score[lattice.before]
        chosen = sources.argmax(axis=1)
        score[:states] = sources[rows, chosen]
        came[at] = lattice.before[rows, chosen]
        if at <= first + _MARGIN:  # beginning here is as good as having begun
            anew = lattice.opens & (score[:states] < 0)
            score[:states][anew] = 0
            came[at][anew] = -1
        score[:states] += cost[at]
        if at >= last - _MARGIN - 1:
            ends = np.where(lattice.closes, score[:states], _IMPOSSIBLE)
            state = int(ends.argmax())
            if ends[state] >= best:
                best, best_at, best_state = float(ends[state]), at, state
    if best <= _IMPOSSIBLE / 2:
        return None
    per_phone: dict[int, float] = {}
    at, state = best_at, best_state
    latest_phone = int(lattice.phone[state])
    while state >= 0:
        if lattice.phone[state] >= 0:
            latest_phone = int(lattice.phone[state])
        per_phone[latest_phone] = per_phone.get(latest_phone, 0.0) + float(cost[at, state])
        state, at = int(came[at, state]), at - 1
    return PhoneFit(phones=best / len(per_phone), worst=min(per_phone.values()))
