"""The way of "stop" past the recogniser: a network that knows this word alone, believed with care.

The recogniser hears "stop" as one sentence among many, and now and then as another word. The
network hears nothing else, but it hears no words around it either. So it is believed at once only
where it is all but certain; where it merely finds it likely, the recogniser must not have made
anything better of the sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands.decoder import UNKNOWN, Word
from voice_coach.hearing.commands.phrasebook import Match, Phrases
from voice_coach.hearing.commands.stop_network import Network, StopWord
from voice_coach.hearing.commands.utterance import Pcm, Utterance

STOP: Final = "stop"
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

    match: Match
    word: Word
    score: float


class StopPath:
    """Listens to one utterance after the other.

    Parameters
    ----------
    phrases
        What "stop" means, and in which mode it takes effect at once.
    """

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._weights = Network.load()
        self._network = StopWord(self._weights)
        self._unheard: list[Pcm] = []
        self._likely: Stop | None = None

    def begin(self, hops: Sequence[Pcm]) -> None:
        """Start an utterance with the hops that are known of it already."""
        self._network.reset()
        self._unheard = list(hops)
        self._likely = None

    def append(self, pcm: Pcm) -> None:
        """Take in one more hop of the utterance."""
        self._unheard.append(pcm)

    def listen(self, utterance: Utterance, mode: str) -> Stop | None:
        """Return the "stop" with which `utterance` ends now, if it is clear."""
        if len(self._unheard) < _LISTEN:
            return None
        if utterance.voiced * BLOCK > _LAST:
            self._unheard.clear()
            return None
        sound = np.concatenate(self._unheard).astype(np.float32) / np.float32(32768)
        self._unheard.clear()
        scores = self._network.accept(sound)
        best = int(scores.argmax())
        score = float(scores[best])
        if score < LIKELY or (self._likely and score < self._likely.score):
            return None
        match = self._phrases.match(STOP, mode)
        if match is None or match.intent not in self._phrases.urgent:
            return None
        end = utterance.end - BLOCK * (len(scores) - 1 - best) - _LATER
        start = end - _LENGTH
        before = max(0, start - utterance.first_voice)
        if before * utterance.voiced_share(utterance.first_voice, start) > _ALONE:
            return None
        self._likely = Stop(match, Word(STOP, start, end), score)
        return self._likely if score >= CLEAR else None

    def left_over(self, utterance: Utterance) -> Stop | None:
        """Return a likely "stop" once, when the voice has paused after it."""
        likely = self._likely
        if likely is None or utterance.silence < _PAUSE:
            return None
        self._likely = None
        return likely if utterance.end - likely.word.end <= _LONGEST_PAUSE else None

    def log_odds(self, utterance: Utterance, start: int, end: int) -> float:
        """Return the natural logarithm of the odds that [`start`, `end`) of it is the word."""
        sound = np.concatenate(utterance.hops).astype(np.float32) / np.float32(32768)
        scores = StopWord(self._weights).accept(sound)
        first, last = ((at - utterance.start) // BLOCK for at in (start, end + _LATEST))
        score = np.clip(scores[max(0, first) : last].max(initial=0.0), _DOUBT, 1 - _DOUBT)
        return float(np.log(score / (1 - score)))

    def is_undecided(self, utterance: Utterance, word: Word) -> bool:
        """Whether the network may still come to find `word` likely, which has only just ended."""
        if utterance.end >= word.end + _LATEST:
            return False
        return self.log_odds(utterance, word.start, word.end) < _DECIDED

    @staticmethod
    def resembles(words: Sequence[Word]) -> bool:
        """Whether what the recogniser makes of the sound is "stop" or nothing that it knows."""
        return all(word.text in (STOP, UNKNOWN) for word in words)
