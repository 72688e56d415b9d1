"""When the words of a line are said in its clip.

A synthesiser says of most words where they begin (`Mark`). A word ends where the next one begins,
or where the clip falls silent before that. Words between two marks, such as the two of
"twenty-one", are each said to take all of the time between them: times are bounds, and what is
bounded loosely is still bounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.samples import Samples
from voice_coach.timed_word import TimedWord

_WINDOW: Final = to_samples(0.01)
_SILENT_DB: Final = -30.0
"""A word is over where nothing more comes that is louder than this, to its own loudest 10 ms."""
_JITTER: Final = to_samples(0.5)
"""How far a word may lie from its place by letter count, where nothing better is known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The word that begins with character `offset` of a text is said from sample `at` on."""

    offset: int
    at: int


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of `text` as an ear would write them."""
    return tuple("".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split())


def by_marks(text: str, marks: Sequence[Mark], sound: Samples) -> tuple[TimedWord, ...]:
    """Return when the words of `text` are said in `sound`.

    `marks` are those of the synthesiser, in samples of `sound`; without any, the words are placed
    by their letters.
    """
    if not marks:
        return by_letters(text, len(sound))
    found: list[TimedWord] = []
    # What stands before the first mark is said with it.
    offsets = [0, *(mark.offset for mark in marks[1:]), len(text)]
    starts = [min(max(0, mark.at), len(sound)) for mark in marks] + [len(sound)]
    for number, begin in enumerate(starts[:-1]):
        end = _falls_silent(sound, begin, starts[number + 1])
        said = words_of(text[offsets[number] : offsets[number + 1]])
        found += [TimedWord(word, begin, end) for word in said]
    return tuple(found)


def by_letters(text: str, length: int) -> tuple[TimedWord, ...]:
    """Return within what bounds the words of `text` are said in a clip of `length` samples."""
    words = words_of(text)
    letters = sum(map(len, words)) + len(words)
    found: list[TimedWord] = []
    place = 0
    for word in words:
        begin = length * place // letters
        place += len(word) + 1
        end = length * place // letters
        found.append(TimedWord(word, max(0, begin - _JITTER), min(length, end + _JITTER)))
    return tuple(found)


def _falls_silent(sound: Samples, begin: int, end: int) -> int:
    """Return where in [`begin`, `end`) the word that begins there is over."""
    count = (end - begin) // _WINDOW
    if count < 1:
        return end
    windows = sound[begin : begin + count * _WINDOW].reshape(count, _WINDOW)
    power = np.mean(windows.astype(np.float64) ** 2, axis=1)
    loud = np.flatnonzero(power >= power.max() * 10 ** (_SILENT_DB / 10))
    return min(end, begin + (int(loud[-1]) + 1) * _WINDOW)
