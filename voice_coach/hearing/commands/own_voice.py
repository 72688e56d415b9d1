"""What we are saying ourselves, and when: whether words in the microphone's sound are ours."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from voice_coach.clock import to_samples
from voice_coach.hearing.commands.decoder import Word
from voice_coach.timed_word import TimedWord

_TAIL: Final = to_samples(0.3)
"""Our sound may be heard this much longer than we make it: reverberation, and the recogniser."""
_EARLY: Final = to_samples(0.1)
_LATE: Final = to_samples(0.15)
"""By how much earlier or later than it is said a word of ours may be recognised."""
_MOSTLY: Final = 0.5
"""Share of a word heard that lies within a word of ours where it may be that one."""
_STANDS_OUT: Final = 0.15
"""Share of a sentence in which it must stand out of our echo while we are speaking."""
_STANDS_OUT_CLEARLY: Final = 0.55
"""Share below which it may be made of what we are saying: whatever the ear made up out of our echo
and a splashing tap stood out less, and nearly all of it was not sure; people nearly always are."""
_STANDS_OUT_OF_TONE: Final = 0.35
"""The same while only a tone sounds: short, and easily taken for a vowel."""
_STANDS_OUT_OF_WORD: Final = 0.6
"""The same while we say those very words."""


@dataclass(slots=True)
class _Saying:
    start: int
    end: int
    words: tuple[TimedWord, ...]

    def meets(self, start: int, end: int) -> bool:
        """Whether it, or its reverberation, is to be heard within [`start`, `end`)."""
        return self.start < self.end and self.start < end and start < self.end + _TAIL


class OwnVoice:
    """What we are saying and when, by announcement."""

    def __init__(self) -> None:
        self._sayings: deque[_Saying] = deque(maxlen=64)

    def announce(self, start: int, end: int, words: Sequence[TimedWord]) -> None:
        """Note that we say `words` over [`start`, `end`); a tone has none."""
        self._sayings.append(_Saying(start, end, tuple(words)))

    def cut(self, at: int) -> None:
        """Note that our speech fell silent at `at`; nothing announced for later is said."""
        for saying in self._sayings:
            if saying.end > at:
                saying.end = max(saying.start, at)
                saying.words = tuple(
                    TimedWord(word.text, word.start, min(word.end, at))
                    for word in saying.words
                    if word.start < at
                )

    def during(self, start: int, end: int) -> bool:
        """Whether we sound, in words or tones, over [`start`, `end`) or just before."""
        return any(saying.meets(start, end) for saying in self._sayings)

    def talking(self, start: int, end: int) -> bool:
        """Whether we say words over [`start`, `end`) or just before."""
        return any(saying.meets(start, end) and saying.words for saying in self._sayings)

    def says(self, word: str, start: int, end: int) -> bool:
        """Whether `word`, heard over [`start`, `end`), may be one that we say just then."""
        for saying in self._sayings:
            for own in saying.words:
                if own.text == word:
                    shared = min(end, own.end + _LATE) - max(start, own.start - _EARLY)
                    if shared >= _MOSTLY * (end - start):
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
        return standing_out >= (_STANDS_OUT_OF_WORD if self.says_all(words) else _STANDS_OUT)

    def may_be_made_of_us(self, words: Sequence[Word], standing_out: float) -> bool:
        """Whether so little of `words` stands out of what we say that they may be ours, misheard.

        The parameters are those of `is_somebody_else`.
        """
        talking = self.talking(words[0].start, words[-1].end)
        return talking and standing_out < _STANDS_OUT_CLEARLY

    def says_all(self, words: Sequence[Word]) -> bool:
        """Whether all of `words`, as they were heard, may be those that we say just then."""
        return all(self.says(word.text, word.start, word.end) for word in words)
