"""Whether what the recogniser came up with is believed.

First the words: exactly a sentence of the mode, fillers aside. Then a confidence of our own, a
logistic regression on the :class:`Features` of the sentence: how well it fits, taken together with
all others that mean the same, beside everything else that may have been said; and what the sound
says. Most mistakes are single words, and hardly any has three. The weights come from
``research/commands/fit.py``.
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
from voice_coach.hearing.commands.evidence import Evidence
from voice_coach.hearing.commands.phrase_file import Cost
from voice_coach.hearing.commands.phrasebook import Phrases
from voice_coach.hearing.commands.sentence import Sentence
from voice_coach.hearing.commands.witness import Statement

_LEAD_LIMIT: Final = 3.0
"""Lead beyond which more does not count, natural logarithm; also that of a lack of rivals."""
_STOP_LIMIT: Final = 4.0
"""Logarithm of the odds beyond which a "stop" does not become less certain."""

_PHONES_LIMIT: Final = 6.0
_WORST_PHONE_LIMIT: Final = 12.0
"""What the witness finds worse than this counts no more."""
_UNHEARD: Final = Statement(fit=-0.2, worst=-1.5, before=0.0, after=0.0)
"""What is taken for words that no witness knows: nothing speaks against them."""

_NOTHING_ELSE: Final = Evidence()


class Features(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What speaks for a sentence and against it; or the weight of each of them."""

    over_other_meanings: float
    """By how much it fits better than what means something else (natural logarithm)."""
    over_nonsense: float
    """The same over our words in an order that means nothing."""
    stop: float
    """Logarithm of the odds that a "stop" in it is one, where the network doubts it; else 0."""
    standing_out: float
    """Share of it in which a voice stands out of the room."""
    goes_on: float
    """Share of the moment after it in which the voice goes on."""
    went_before: float
    """Share of the moment before it in which the voice was there already."""
    phones: float
    """By how much its phones fit worse than the best ones do, for the witness, per phone."""
    phones_share: float
    """The same as a share: 1 where they are as likely as the best ones."""
    worst_phone: float
    """The same of the phone that fits worst."""
    phones_before: float
    """Logarithm of about how many phones the witness hears right before it, and one more."""
    phones_after: float
    """The same after it."""
    single_word: float
    """1 where it is one word, fillers aside."""
    three_words: float
    """1 where it is three words or more, fillers aside."""

    def times(self, weights: "Features") -> float:
        """Return the sum of all features, each with its weight."""
        pairs = zip(msgspec.structs.astuple(weights), msgspec.structs.astuple(self), strict=True)
        return float(sum(weight * feature for weight, feature in pairs))


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What went on while a sentence was said."""

    idle: bool = False
    """Whether nothing did that could be stopped."""
    talking: bool = False
    """Whether we were saying something ourselves."""
    side_talk: float = 0.0
    """Seconds of what others have lately said, and not to us."""


_NOTHING_MEANWHILE: Final = Meanwhile()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of ``acceptance.toml``."""

    threshold: dict[Cost, float]
    over_us: float
    """The threshold of normal cost while we are talking ourselves."""
    idle: float
    """The threshold of normal and lenient cost while nothing goes on."""
    side_talk: float
    """The power of the seconds of side talk, and one more, with which the odds must grow."""
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
    """What the hypotheses of an utterance, the best first, mean in a mode."""

    mode: str
    hypotheses: tuple[Hypothesis, ...]
    sentences: tuple[Sentence | None, ...]
    """Of each hypothesis, the sentence that it is; None where it is none."""

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of the best hypothesis."""
        return self.hypotheses[0].words if self.hypotheses else ()

    @property
    def best(self) -> Sentence | None:
        """The sentence that the best hypothesis is."""
        return self.sentences[0] if self.sentences else None

    @property
    def likeliest(self) -> Sentence | None:
        """The sentence that the best hypothesis among the sentences is."""
        return next((sentence for sentence in self.sentences if sentence), None)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence, and how certain it is."""

    sentence: Sentence
    confidence: float
    features: Features


class Acceptance:
    """Reads hypotheses as sentences of a mode, and weighs the likeliest."""

    def __init__(self, phrases: Phrases, settings: Settings | None = None) -> None:
        self._phrases = phrases
        self._settings = load() if settings is None else settings

    def read(self, hypotheses: Sequence[Hypothesis], mode: str) -> Reading:
        """Return what `hypotheses` mean in `mode`."""
        sentences = tuple(self._sentence(one, mode) for one in hypotheses)
        return Reading(mode, tuple(hypotheses), sentences)

    def weigh(self, reading: Reading, evidence: Evidence = _NOTHING_ELSE) -> Weighed | None:
        """Return the likeliest sentence of `reading`, however unlikely, and how certain it is.

        `evidence` is asked only where there is one: that takes time.
        """
        sentence = reading.likeliest
        if sentence is None:
            return None
        features = self._features(sentence, reading, evidence)
        confidence = self._confidence(features) if self._is_speakable(sentence) else 0.0
        return Weighed(sentence, confidence, features)

    def believes(self, weighed: Weighed, meanwhile: Meanwhile = _NOTHING_MEANWHILE) -> bool:
        """Whether `weighed` is certain enough for what a mistake would cost."""
        return weighed.confidence >= self.threshold(weighed.sentence, meanwhile)

    def threshold(self, sentence: Sentence, meanwhile: Meanwhile = _NOTHING_MEANWHILE) -> float:
        """Return how certain `sentence` must be.

        While the product is idle, nothing is costly to miss. While it is talking, a sentence of
        normal cost needs more certainty: it may have been made out of the product's echo. While
        others talk to each other, all needs more that is not costly to miss.
        """
        cost = sentence.match.cost
        if meanwhile.idle and cost != "strict":
            return self._amid(self._settings.idle, meanwhile)
        if meanwhile.talking and cost == "normal":
            return self._amid(self._settings.over_us, meanwhile)
        threshold = self._settings.threshold[cost]
        return threshold if cost == "lenient" else self._amid(threshold, meanwhile)

    def is_sure(self, confidence: float, meanwhile: Meanwhile = _NOTHING_MEANWHILE) -> bool:
        """Whether so much `confidence` is enough for what is costly to believe wrongly."""
        return confidence >= self._amid(self._settings.threshold["strict"], meanwhile)

    def _amid(self, threshold: float, meanwhile: Meanwhile) -> float:
        """Return what `threshold` becomes where so much was said that was not said to us."""
        others = math.exp(self._settings.side_talk * math.log1p(meanwhile.side_talk))
        odds = others * threshold / (1.0 - threshold)
        return odds / (1.0 + odds)

    def _sentence(self, hypothesis: Hypothesis, mode: str) -> Sentence | None:
        words = self.without_noise(hypothesis.words)
        match = self._phrases.match(" ".join(word.text for word in words), mode)
        return Sentence(match, words) if match else None

    def _features(self, sentence: Sentence, reading: Reading, evidence: Evidence) -> Features:
        words = sentence.words
        found = list(zip(reading.sentences, reading.hypotheses, strict=True))
        # Several sentences may mean it ("no", "nope"): what counts is whether it was one of them.
        fit = _sum(one.score for other, one in found if other and other.match == sentence.match)
        others = [one for other, one in found if other is None or other.match != sentence.match]
        # The recogniser joins words of different sentences ("no I am that"), as nobody would.
        nonsense = {one for one in others if self._is_nonsense(one, reading.mode)}
        rivals = [one for one in others if one not in nonsense]
        heard = evidence.witness(words) or _UNHEARD
        # A filler is easily made up out of a noise, and vouches for nothing.
        length = len(self._phrases.spoken(sentence.text).split())
        return Features(
            over_other_meanings=_lead(fit, rivals),
            over_nonsense=_lead(fit, nonsense),
            stop=max(min(evidence.stop(words), 0.0), -_STOP_LIMIT),
            standing_out=_standing_out(words, evidence),
            goes_on=evidence.goes_on(sentence.start, sentence.end),
            went_before=evidence.went_before(sentence.start, sentence.end),
            phones=max(heard.fit, -_PHONES_LIMIT),
            phones_share=math.exp(heard.fit),
            worst_phone=max(heard.worst, -_WORST_PHONE_LIMIT),
            phones_before=math.log1p(heard.before),
            phones_after=math.log1p(heard.after),
            single_word=float(length == 1),
            three_words=float(length >= 3),
        )

    def _is_speakable(self, sentence: Sentence) -> bool:
        """Whether it can be said in the time that it took."""
        letters = sum(len(word.text) for word in sentence.words)
        seconds = to_seconds(sum(map(_length, sentence.words)))
        quickest, slowest = self._settings.letter
        return quickest * letters <= seconds <= slowest * letters

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
        odds = features.times(self._settings.weights) + self._settings.bias
        return 1.0 / (1.0 + math.exp(-odds))


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
