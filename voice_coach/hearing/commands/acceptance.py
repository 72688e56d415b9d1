"""Whether what the recogniser came up with is believed.

First the words: exactly a sentence of the mode, fillers aside. Then a confidence of our own, a
logistic regression on how much better the sentence, with all others that mean the same, fits than
the best thing that means something else, than the best string of its words that means nothing, and
than the best string of any words; how sure the network that knows "stop" alone is of a "stop" in
it; how much of it stands out of the room; whether the voice goes on after it, or went on before it;
and whether it is a single word, as most mistakes are, or three or more, as hardly any is. Its
weights come from ``research/commands/fit.py``.
"""

import math
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from voice_coach.clock import to_samples, to_seconds
from voice_coach.hearing.commands.decoder import UNKNOWN, Hypothesis, Word
from voice_coach.hearing.commands.phrasebook import Cost, Match, Phrases
from voice_coach.hearing.commands.stop_spotter import STOP

_LEAD_LIMIT: Final = 3.0
"""Lead beyond which more does not count, natural logarithm; also that of a lack of rivals."""
_ANY_WORDS_LIMIT: Final = 6.0
"""The same for the lead over any words, each of which is less likely than a sentence."""
_STOP_LIMIT: Final = 4.0
"""Logarithm of the odds beyond which a "stop" does not become more certain, or less."""

Features = tuple[float, float, float, float, float, float, float, float, float]
"""Lead over other meanings, over nonsense and over any words, logarithm of the odds of a "stop"
where there is one, share that stands out, share of the moment after it, and of that before it, in
which the voice goes on, 1 for a single word, 1 for three words or more."""


class Evidence:
    """What else is known of the sound in which a sentence was found; here, nothing."""

    def standing_out(self, start: int, end: int) -> float:
        """Return in what share of [`start`, `end`) a voice stands out."""
        return 1.0

    def goes_on(self, start: int, end: int) -> float:
        """Return in what share of the moment after `end` the voice goes on as loud as before it."""
        return 0.0

    def went_before(self, start: int, end: int) -> float:
        """Return in what share of the moment before `start` the voice is as loud as after it."""
        return 0.0

    def any_words(self) -> float:
        """Return how well the best string of any words fits (natural logarithm)."""
        return -math.inf

    def stop(self, start: int, end: int) -> float:
        """Return the natural logarithm of the odds that [`start`, `end`) is the word "stop"."""
        return 0.0


_NOTHING_ELSE: Final = Evidence()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of ``acceptance.toml``."""

    threshold: dict[Cost, float]
    over_us: float
    """The threshold of normal cost while we are talking ourselves."""
    weights: Features
    bias: float
    noise: float
    """Seconds of unknown sound before or after a sentence that do not spoil it."""
    pause: float
    """Seconds of silence by which earlier speech does not belong to a sentence."""
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
        evidence: Evidence = _NOTHING_ELSE,
    ) -> Reading | None:
        """Return the most likely sentence among `hypotheses`, however unlikely.

        `evidence` is asked only where there is one: that takes time.
        """
        found = [(self._sentence(one, mode), one) for one in hypotheses]
        sentence = next((sentence for sentence, _ in found if sentence), None)
        if sentence is None:
            return None
        match, words = sentence
        # Several sentences may mean it ("no", "nope"): what counts is whether it was one of them.
        fit = _sum(one.score for other, one in found if other and other[0] == match)
        others = [one for other, one in found if other is None or other[0] != match]
        # The recogniser joins words of different sentences ("no I am that"), as nobody would.
        nonsense = {one for one in others if self._is_nonsense(one, mode)}
        rivals = [one for one in others if one not in nonsense]
        stops = [evidence.stop(word.start, word.end) for word in words if word.text == STOP]
        stop = min(stops, default=0.0)
        letters = sum(len(word.text) for word in words)
        seconds = to_seconds(sum(map(_length, words)))
        features = (
            _lead(fit, rivals),
            _lead(fit, nonsense),
            _held(fit - evidence.any_words(), _ANY_WORDS_LIMIT),
            _held(stop, _STOP_LIMIT),
            _standing_out(words, evidence),
            evidence.goes_on(words[0].start, words[-1].end),
            evidence.went_before(words[0].start, words[-1].end),
            float(len(words) == 1),
            float(len(words) >= 3),
        )
        quickest, slowest = self._settings.letter
        possible = quickest * letters <= seconds <= slowest * letters
        confidence = self._confidence(features) if possible else 0.0
        return Reading(match, words, confidence, features)

    def believes(self, reading: Reading, *, idle: bool = False, talking: bool = False) -> bool:
        """Whether `reading` is certain enough for what a mistake would cost.

        Nothing is costly to miss while the product is `idle`; while it is `talking`, what is
        neither costly to miss nor to believe may have been made out of its echo.
        """
        cost = reading.match.cost
        if idle and cost == "lenient":
            cost = "normal"
        if talking and cost == "normal":
            return reading.confidence >= self._settings.over_us
        return reading.confidence >= self._settings.threshold[cost]

    def _sentence(self, hypothesis: Hypothesis, mode: str) -> tuple[Match, tuple[Word, ...]] | None:
        words = self.without_noise(hypothesis.words)
        match = self._phrases.match(" ".join(word.text for word in words), mode)
        return (match, words) if match else None

    def _is_nonsense(self, hypothesis: Hypothesis, mode: str) -> bool:
        """Whether all its words are ours, without being a sentence."""
        texts = [word.text for word in hypothesis.words]
        known = self._phrases.words().issuperset(texts)
        return bool(texts) and known and self._phrases.match(" ".join(texts), mode) is None

    def without_noise(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """Return `words` without short unknown sounds at either end, or what a pause sets off."""
        longest, pause = to_samples(self._settings.noise), to_samples(self._settings.pause)
        kept = list(words)
        while len(kept) > 1 and kept[0].text == UNKNOWN and kept[1].start - kept[0].end >= pause:
            del kept[0]
        for place in (0, -1):
            if kept and kept[place].text == UNKNOWN and _length(kept[place]) <= longest:
                del kept[place]
        return tuple(kept)

    def _confidence(self, features: Features) -> float:
        weights = self._settings.weights
        evidence = sum(w * f for w, f in zip(weights, features, strict=True)) + self._settings.bias
        return 1.0 / (1.0 + math.exp(-evidence))


def _lead(fit: float, rivals: Collection[Hypothesis]) -> float:
    if not rivals:
        return _LEAD_LIMIT
    return _held(fit - max(rival.score for rival in rivals), _LEAD_LIMIT)


def _sum(scores: Iterable[float]) -> float:
    """Return the logarithm of the sum of what `scores` are the logarithms of."""
    best, *others = sorted(scores, reverse=True)
    return best + math.log1p(sum(math.exp(score - best) for score in others))


def _standing_out(words: Sequence[Word], evidence: Evidence) -> float:
    """Return in what share of `words` a voice stands out; the pauses between them do not count."""
    shares = (evidence.standing_out(word.start, word.end) * _length(word) for word in words)
    return sum(shares) / max(1, sum(map(_length, words)))


def _held(lead: float, limit: float) -> float:
    return min(max(lead, -limit), limit)


def _length(word: Word) -> int:
    return word.end - word.start
