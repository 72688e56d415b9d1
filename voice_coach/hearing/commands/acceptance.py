"""Whether what the recogniser came up with is believed.

First the words: exactly a sentence of the mode, fillers aside. Then a confidence of our own, a
logistic regression on how much better the sentence fits than the best thing that means something
else, how much of it stands out of the room, how near its length is to what such words take, and
how long it is. Its weights come from ``scripts/commands/fit.py``.
"""

import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from voice_coach.clock import to_samples, to_seconds
from voice_coach.hearing.commands.decoder import UNKNOWN, Hypothesis, Word
from voice_coach.hearing.commands.phrasebook import Match, Phrases

Cost = Literal["strict", "normal", "lenient"]

_LEAD_LIMIT: Final = 3.0
"""Lead beyond which more does not count, natural logarithm; also that of a lack of rivals."""
_LETTER: Final = 0.09
"""Seconds that a letter usually takes."""
_LETTERS_LIMIT: Final = 15

Features = tuple[float, float, float, float]
"""Lead, share that stands out, deviation of the length, length in letters; each of order 1."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of ``acceptance.toml``."""

    threshold: dict[Cost, float]
    weights: Features
    bias: float
    noise: float
    """Seconds of unknown sound before or after a sentence that do not spoil it."""
    letter: tuple[float, float]
    """Seconds a letter takes at least, at most."""


def load() -> Settings:
    """Return the shipped settings."""
    text = Path(__file__).with_name("acceptance.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Settings)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence of the mode found among the hypotheses."""

    match: Match
    words: tuple[Word, ...]
    """The words of the sentence, without unknown sound around it."""
    confidence: float
    features: Features

    @property
    def text(self) -> str:
        """The sentence as it was said, fillers included."""
        return " ".join(word.text for word in self.words)


class Acceptance:
    """Reads hypotheses as sentences of a mode."""

    def __init__(self, phrases: Phrases, settings: Settings | None = None) -> None:
        self._phrases = phrases
        self._settings = load() if settings is None else settings

    def read(
        self,
        hypotheses: Sequence[Hypothesis],
        mode: str,
        standing_out: Callable[[int, int], float] = lambda start, end: 1.0,
    ) -> Reading | None:
        """Return the most likely sentence among `hypotheses`, however unlikely.

        `standing_out` tells in what share of the time between two positions a voice stands out.
        """
        found = [(self._sentence(one, mode), one) for one in hypotheses]
        best = next(((reading, one) for reading, one in found if reading), None)
        if best is None:
            return None
        (match, words), hypothesis = best
        rivals = [one.score for other, one in found if other is None or other[0] != match]
        lead = hypothesis.score - max(rivals) if rivals else _LEAD_LIMIT
        letters = sum(len(word.text) for word in words)
        seconds = to_seconds(sum(map(_length, words)))
        features = (
            min(max(lead, -_LEAD_LIMIT), _LEAD_LIMIT),
            standing_out(words[0].start, words[-1].end),
            abs(math.log(max(seconds, 0.01) / (letters * _LETTER))),
            min(letters, _LETTERS_LIMIT) / _LETTERS_LIMIT,
        )
        quickest, slowest = self._settings.letter
        possible = quickest * letters <= seconds <= slowest * letters
        confidence = self._confidence(features) if possible else 0.0
        return Reading(match, words, confidence, features)

    def believes(self, reading: Reading) -> bool:
        """Whether `reading` is certain enough for what a mistake would cost."""
        cost = self._phrases.cost(reading.match.intent)
        return reading.confidence >= self._settings.threshold[cost]

    def _sentence(self, hypothesis: Hypothesis, mode: str) -> tuple[Match, tuple[Word, ...]] | None:
        words = self.without_noise(hypothesis.words)
        match = self._phrases.match(" ".join(word.text for word in words), mode)
        return (match, words) if match else None

    def without_noise(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """Return `words` without short unknown sounds at either end."""
        longest = to_samples(self._settings.noise)
        kept = list(words)
        for place in (0, -1):
            if kept and kept[place].text == UNKNOWN and _length(kept[place]) <= longest:
                del kept[place]
        return tuple(kept)

    def _confidence(self, features: Features) -> float:
        weights = self._settings.weights
        evidence = sum(w * f for w, f in zip(weights, features, strict=True)) + self._settings.bias
        return 1.0 / (1.0 + math.exp(-evidence))


def _length(word: Word) -> int:
    return word.end - word.start
