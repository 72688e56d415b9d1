"""Listens for "stop" beside the recogniser: by a network that knows this word alone.

The recogniser hears "stop" as one sentence among many, and now and then as another word. The
network hears nothing else, but it hears no words around it either. So it is believed at once only
where it is all but certain; where it merely finds it likely, the recogniser must not have made
anything better of the sound.

The network hears each hop of an utterance once, when somebody first asks for what comes after it;
its scores are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands.decoder import UNKNOWN, Word
from voice_coach.hearing.commands.phrasebook import Phrases
from voice_coach.hearing.commands.sentence import Sentence
from voice_coach.hearing.commands.stop_network import Floats, StopNetwork, StopWeights
from voice_coach.hearing.commands.utterance import Utterance

CLEAR: Final = 0.95
"""Score from which "stop" is believed before the recogniser has had its say."""
LIKELY: Final = 0.87
"""Score from which it is believed where the recogniser has found nothing better."""
_DECIDED: Final = 0.5
"""Logarithm of the odds from which the network need not hear more of a word."""
_LISTEN: Final = 4
"""Hops between two times that the network listens: what it costs is mostly its being called."""
_PAUSE: Final = to_samples(0.16)
"""Silence after the word in which the recogniser catches up with it."""
_LONGEST_PAUSE: Final = to_samples(0.4)
_ALONE: Final = to_samples(0.4)
"""Voice before the word that may be noise or a hesitation, but not "don't" or "the bus"."""
_LAST: Final = to_samples(1.0)
"""Voice after which no "stop" can stand alone any more, so that it need not be listened for."""
_LATER: Final = to_samples(0.1)
"""By how much later than the end of the word the network is surest of it, about."""
_LATEST: Final = to_samples(0.24)
"""The same at most."""
_DOUBT: Final = 0.01
"""The network may always be wrong."""
_LENGTH: Final = to_samples(0.25)
"""How long the word sounds, at least."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A "stop", as the phrases mean it, and the network's score."""

    sentence: Sentence
    score: float


class StopSpotter:
    """Listens to one utterance after the other.

    Parameters
    ----------
    phrases
        What the word means, and in which mode it takes effect at once.
    word
        The word that the network knows.
    weights
        What the network has learnt.
    """

    def __init__(self, phrases: Phrases, word: str, weights: StopWeights) -> None:
        self._phrases = phrases
        self._word = word
        self._network = StopNetwork(weights)
        self.begin()

    def begin(self) -> None:
        """Start another utterance."""
        self._network.reset()
        self._scores: Floats = np.zeros(0, np.float32)
        self._listened = 0
        """Hops of it that have been listened to."""
        self._likely: Stop | None = None

    def listen(self, utterance: Utterance, mode: str) -> Stop | None:
        """Hear what is new in `utterance`; return the "stop" with which it ends, if it is clear."""
        heard = len(utterance.hops)
        if heard - self._listened < _LISTEN:
            return None
        listened, self._listened = self._listened, heard
        if utterance.voiced * BLOCK > _LAST:
            return None
        scores = self._scored(utterance)[listened:]
        best = int(scores.argmax())
        score = float(scores[best])
        if score < LIKELY or (self._likely and score < self._likely.score):
            return None
        match = self._phrases.match(self._word, mode)
        if match is None or match.intent not in self._phrases.urgent:
            return None
        end = utterance.end - BLOCK * (len(scores) - 1 - best) - _LATER
        start = end - _LENGTH
        before = max(0, start - utterance.first_voice)
        if before * utterance.voiced_share(utterance.first_voice, start) > _ALONE:
            return None
        self._likely = Stop(Sentence(match, (Word(self._word, start, end),)), score)
        return self._likely if score >= CLEAR else None

    def take_left_over(self, utterance: Utterance) -> Stop | None:
        """Hand over a likely "stop" once, when the voice has paused after it."""
        likely = self._likely
        if likely is None or utterance.silence < _PAUSE:
            return None
        self._likely = None
        return likely if utterance.end - likely.sentence.end <= _LONGEST_PAUSE else None

    def log_odds(self, utterance: Utterance, words: Sequence[Word]) -> float:
        """Return the natural logarithm of the odds that every "stop" among `words` is one."""
        stops = (word for word in words if word.text == self._word)
        return min((self._log_odds(utterance, word) for word in stops), default=0.0)

    def undecided(self, utterance: Utterance, words: Sequence[Word]) -> Word | None:
        """Return the last "stop" among `words`, if the network may yet come to find it likely."""
        last = next((word for word in reversed(words) if word.text == self._word), None)
        if last is None or utterance.end >= last.end + _LATEST:
            return None
        return last if self._log_odds(utterance, last) < _DECIDED else None

    def resembles(self, words: Sequence[Word]) -> bool:
        """Whether what the recogniser makes of the sound is "stop" or nothing that it knows."""
        return all(word.text in (self._word, UNKNOWN) for word in words)

    def _log_odds(self, utterance: Utterance, word: Word) -> float:
        first, last = ((at - utterance.start) // BLOCK for at in (word.start, word.end + _LATEST))
        scores = self._scored(utterance)[max(0, first) : last]
        score = np.clip(scores.max(initial=0.0), _DOUBT, 1 - _DOUBT)
        return float(np.log(score / (1 - score)))

    def _scored(self, utterance: Utterance) -> Floats:
        """Return the score of each hop of `utterance`; only those that are new cost anything."""
        unheard = utterance.hops[len(self._scores) :]
        if unheard:
            sound = np.concatenate(unheard).astype(np.float32) / np.float32(32768)
            self._scores = np.concatenate([self._scores, self._network.accept(sound)])
        return self._scores
