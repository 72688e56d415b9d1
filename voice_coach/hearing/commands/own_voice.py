"""What we are saying ourselves, and when: whether words in the microphone's sound are ours."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.hearing.commands.decoder import Word

_TAIL: Final = to_samples(0.3)
"""Our words may be recognised this much later than we said them (reverberation, latency)."""
_WORD_JITTER: Final = to_samples(0.6)
"""How far a word of ours may lie from its place by letter count in its sentence."""
_STANDS_OUT: Final = 0.15
"""Share of a sentence in which it must stand out of our echo while we are speaking."""
_STANDS_OUT_OF_TONE: Final = 0.35
"""The same while only a tone sounds: short, and easily taken for a vowel."""


@dataclass(slots=True)
class _Saying:
    start: int
    end: int
    words: tuple[str, ...]

    def meets(self, start: int, end: int) -> bool:
        """Whether it, or its reverberation, is to be heard within [`start`, `end`)."""
        return self.start < self.end and self.start < end and start < self.end + _TAIL


class OwnVoice:
    """What we are saying and when, by announcement."""

    def __init__(self) -> None:
        self._sayings: deque[_Saying] = deque(maxlen=64)

    def announce(self, start: int, end: int, text: str) -> None:
        """Note that we say `text` over [`start`, `end`); a tone has no text."""
        words = "".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split()
        self._sayings.append(_Saying(start, end, tuple(words)))

    def cut(self, at: int) -> None:
        """Note that our speech fell silent at `at`; nothing announced for later is said."""
        for saying in self._sayings:
            if saying.end > at:
                kept = (at - saying.start) / max(1, saying.end - saying.start)
                count = int(np.ceil(max(0.0, kept) * len(saying.words)))
                saying.words, saying.end = saying.words[:count], max(saying.start, at)

    def during(self, start: int, end: int) -> bool:
        """Whether we sound, in words or tones, over [`start`, `end`) or just before."""
        return any(saying.meets(start, end) for saying in self._sayings)

    def talking(self, start: int, end: int) -> bool:
        """Whether we say words over [`start`, `end`) or just before."""
        return any(saying.meets(start, end) and saying.words for saying in self._sayings)

    def says(self, word: str, start: int, end: int) -> bool:
        """Whether `word`, heard over [`start`, `end`), may be one that we say about then."""
        for saying in self._sayings:
            letters = sum(map(len, saying.words)) + len(saying.words)
            place = 0
            for own in saying.words:
                begin = saying.start + (saying.end - saying.start) * place // max(1, letters)
                place += len(own) + 1
                close = saying.start + (saying.end - saying.start) * place // max(1, letters)
                near = begin - _WORD_JITTER < end and start < close + _WORD_JITTER + _TAIL
                if own == word and near:
                    return True
        return False

    def is_somebody_else(self, words: Sequence[Word], standing_out: float) -> bool:
        """Whether `words` are neither what we are saying nor made out of our echo.

        Parameters
        ----------
        words
            A sentence of ours, as it was heard.
        standing_out
            Share of it in which a voice stands out of what we play.
        """
        start, end = words[0].start, words[-1].end
        if not self.during(start, end):
            return True
        if not self.talking(start, end):
            return standing_out >= _STANDS_OUT_OF_TONE
        # What only sounds like a word of ours may be that word, in our own mouth.
        ours = all(self.says(word.text, word.start, word.end) for word in words)
        return standing_out >= _STANDS_OUT and not ours
