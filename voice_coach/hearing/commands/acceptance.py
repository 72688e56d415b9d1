"""Whether what the recogniser came up with is believed.

First the words: exactly a sentence of the mode, fillers aside. Then a confidence of our own:
how much better the sentence fits than the best thing that means something else.
"""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from voice_coach.clock import to_samples, to_seconds
from voice_coach.hearing.commands.decoder import UNKNOWN, Hypothesis, Word
from voice_coach.hearing.commands.phrasebook import Match, Phrases

Cost = Literal["strict", "normal", "lenient"]

_NO_RIVAL: Final = 8.0
"""Lead, in natural-logarithm units, of a sentence without any rival in the list."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of ``acceptance.toml``."""

    threshold: dict[Cost, float]
    scale: float
    """What the recogniser's scores are divided by."""
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

    @property
    def text(self) -> str:
        """The sentence as it was said, fillers included."""
        return " ".join(word.text for word in self.words)


class Acceptance:
    """Reads hypotheses as sentences of a mode."""

    def __init__(self, phrases: Phrases, settings: Settings | None = None) -> None:
        self._phrases = phrases
        self._settings = load() if settings is None else settings

    def read(self, hypotheses: Sequence[Hypothesis], mode: str) -> Reading | None:
        """Return the most likely sentence among `hypotheses`, however unlikely."""
        found = [(self._sentence(one, mode), one) for one in hypotheses]
        best = next(((reading, one) for reading, one in found if reading), None)
        if best is None:
            return None
        (match, words), hypothesis = best
        rivals = [one.score for other, one in found if other is None or other[0] != match]
        lead = hypothesis.score - max(rivals) if rivals else _NO_RIVAL
        return Reading(match, words, self._confidence(lead, words))

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

    def _confidence(self, lead: float, words: Sequence[Word]) -> float:
        quickest, slowest = self._settings.letter
        seconds = to_seconds(sum(map(_length, words)))
        letters = sum(len(word.text) for word in words)
        if not quickest * letters <= seconds <= slowest * letters:
            return 0.0
        return 1.0 / (1.0 + math.exp(-lead / self._settings.scale))


def _length(word: Word) -> int:
    return word.end - word.start
