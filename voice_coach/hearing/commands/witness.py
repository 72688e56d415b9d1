"""A second witness: whether the phones in the sound are those of the words that were read.

The recogniser listens for our sentences, and makes the best of what it hears. The witness knows no
sentences: it hears phones (`phone_network.py`), and is asked how well those of the claimed words
explain them (`phone_alignment.py`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands import word_graph
from voice_coach.hearing.commands.decoder import Word
from voice_coach.hearing.commands.phone_alignment import Floats, lay_over
from voice_coach.hearing.commands.phone_network import PhoneWeights, log_probabilities
from voice_coach.samples import Samples

Pronunciations = Mapping[str, Sequence[Sequence[str]]]
"""Of each word, the phones of every way to say it."""

_AROUND: Final = to_samples(0.5) // BLOCK
"""Hops before and after the words that are listened to."""
_BESIDE: Final = to_samples(0.3) // BLOCK
"""Hops before and after the words in which other phones are counted."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the witness says of words."""

    fit: float
    """How much worse than the best phones those of the words fit: a natural logarithm per phone."""
    worst: float
    """The same of the phone that fits worst."""
    before: float
    """About how many phones are heard right before the words."""
    after: float
    """About how many right after them."""


class Witness:
    """Listens for phones.

    Parameters
    ----------
    weights
        What its network has learnt.
    pronunciations
        How words are said; it knows nothing about any others.
    """

    def __init__(self, weights: PhoneWeights, pronunciations: Pronunciations) -> None:
        self._weights = weights
        self._numbers = {phone: number for number, phone in enumerate(weights.phones)}
        self._pronunciations = pronunciations

    @classmethod
    def of_model(cls, folder: Path, words: Collection[str]) -> Self | None:
        """Return the witness that comes with the model in `folder`, for claims made of `words`.

        None where there is none, as beside the stock models.
        """
        weights = PhoneWeights.of_model(folder)
        if weights is None:
            return None
        return cls(weights, word_graph.read(folder / "graph", words))

    def testify(self, sound: Samples, start: int, words: Sequence[Word]) -> Statement | None:
        """Return what it thinks of `words`; None where it does not know one of them.

        Parameters
        ----------
        sound
            Whole hops, of which the first sample is at `start` of the stream.
        """
        chains = self._chains(words)
        hops = len(sound) // BLOCK
        first, last = ((at - start) // BLOCK for at in (words[0].start, words[-1].end))
        begin, end = max(0, first - _AROUND), min(hops, last + _AROUND)
        if chains is None or end - begin < 2:
            return None
        heard = log_probabilities(self._weights, sound[begin * BLOCK : end * BLOCK])
        first, last = first - begin, last - begin
        fit = lay_over(heard, chains, first, last)
        if fit is None:
            return None
        return Statement(
            fit=fit.phones,
            worst=fit.worst,
            before=_count(heard[max(0, first - _BESIDE) : first]),
            after=_count(heard[last : last + _BESIDE]),
        )

    def _chains(self, words: Sequence[Word]) -> list[list[list[int]]] | None:
        """Return of each word the phones of each pronunciation, by their numbers."""
        chains = []
        for word in words:
            known = self._pronunciations.get(word.text, ())
            if not known:
                return None
            chains.append([[self._numbers[phone] for phone in one] for one in known])
        return chains


def _count(heard: Floats) -> float:
    """Return about how many phones are heard."""
    return float(np.sum(1 - np.exp(heard[:, -1])))
