"""Sentences as the smallest automaton that accepts them and nothing else.

A recogniser that knows which word may follow which, and no more, also hears "how do I doing", for
"do I" and "I doing" are both said. Where each word is told apart by what may come after it, the
pairs of words are the sentences. The automaton is made from the graph of the templates, from its
end to its beginning; nothing has to be written out, however many sentences there are.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from voice_coach.hearing.commands.templates import State

_LARGEST: Final = 100_000
"""Places of one automaton."""

Word: TypeAlias = tuple[str, int]
"""A word and which of its namesakes it is, counted from 0: what may follow it tells them apart."""


class TooLargeError(Exception):
    """The sentences differ in so many ways that no automaton of them can be made."""


@dataclass(slots=True, eq=False)
class Place:
    """Where one may be in a sentence: all places after which the same may follow are one."""

    ends: bool
    """Whether the sentence may be over here."""
    arcs: Mapping[str, Place] = field(default_factory=dict)
    count: int = 0
    """How many ways there are to go on, ending here among them."""


class Automata:
    """Makes automata that share their places."""

    def __init__(self) -> None:
        self._places: dict[tuple[bool, frozenset[tuple[str, int]]], Place] = {}
        self._of: dict[int, tuple[State, Place]] = {}
        self._together: dict[frozenset[Place], Place] = {}

    def of(self, state: State) -> Place:
        """Return the place from which the same may be said as from `state`."""
        if id(state) not in self._of:
            arcs = {
                word: self.together(self.of(target) for target, _ in ways)
                for word, ways in state.arcs.items()
            }
            self._of[id(state)] = state, self._place(state.end is not None, arcs)
        return self._of[id(state)][1]

    def together(self, places: Iterable[Place]) -> Place:
        """Return the place from which all may be said that may be said from any of `places`."""
        ordered = tuple(dict.fromkeys(places)) or (self._place(False, {}),)
        if len(ordered) == 1:
            return ordered[0]
        key = frozenset(ordered)
        if key not in self._together:
            words = dict.fromkeys(word for place in ordered for word in place.arcs)
            arcs = {
                word: self.together(place.arcs[word] for place in ordered if word in place.arcs)
                for word in words
            }
            self._together[key] = self._place(any(place.ends for place in ordered), arcs)
        return self._together[key]

    def spoken(self, place: Place) -> Place:
        """Return `place` without the sentence of no words."""
        return self._place(False, place.arcs)

    def sentence(self, words: Sequence[str]) -> Place:
        """Return the place from which `words` alone may be said."""
        place = self._place(True, {})
        for word in reversed(words):
            place = self._place(False, {word: place})
        return place

    def _place(self, ends: bool, arcs: Mapping[str, Place]) -> Place:
        key = ends, frozenset((word, id(place)) for word, place in arcs.items())
        if key not in self._places:
            if len(self._places) >= _LARGEST:
                raise TooLargeError
            count = ends + sum(place.count for place in arcs.values())
            self._places[key] = Place(ends, arcs, count)
        return self._places[key]


class Namesakes:
    """Numbers the words of an automaton so that their pairs make up its sentences, and no others.

    Parameters
    ----------
    root
        Where its sentences begin.
    """

    def __init__(self, root: Place) -> None:
        self.root: Final = root
        self._numbers: dict[str, dict[int, int]] = {}
        for place in places(root):
            for word, after in place.arcs.items():
                known = self._numbers.setdefault(word, {})
                known.setdefault(id(after), len(known))

    def path(self, words: Iterable[str]) -> tuple[Word, ...]:
        """Return the words of a sentence, each with its number."""
        place, path = self.root, []
        for word in words:
            place = place.arcs[word]
            path.append((word, self._numbers[word][id(place)]))
        return tuple(path)

    def counts(self) -> Counter[str]:
        """Return how many namesakes of each word there are."""
        return Counter({word: len(known) for word, known in self._numbers.items()})


def places(root: Place) -> Iterator[Place]:
    """Yield `root` and every place that can be reached from it, once each."""
    waiting, known = [root], {root}
    while waiting:
        place = waiting.pop()
        yield place
        for after in reversed(tuple(place.arcs.values())):
            if after not in known:
                known.add(after)
                waiting.append(after)


def words(root: Place) -> frozenset[str]:
    """Return every word of the sentences from `root` on."""
    return frozenset(word for place in places(root) for word in place.arcs)


def sentences(root: Place) -> Iterator[str]:
    """Yield every sentence from `root` on."""
    waiting = [(root, "")]
    while waiting:
        place, text = waiting.pop()
        if place.ends:
            yield text
        for word, after in reversed(tuple(place.arcs.items())):
            waiting.append((after, f"{text} {word}" if text else word))


def draw(root: Place, random_numbers: random.Random) -> str:
    """Return a random sentence: at every place, all ways to go on are equally likely."""
    place, words = root, []
    while place.arcs and not (place.ends and random_numbers.randrange(len(place.arcs) + 1) == 0):
        word = random_numbers.choice(tuple(place.arcs))
        words.append(word)
        place = place.arcs[word]
    return " ".join(words)


def cover(root: Place, among: Place, random_numbers: random.Random) -> Iterator[str]:
    """Yield sentences from `root` on in which all pairs of words stand that stand in any.

    `among` is where all sentences begin that are listened for, those from `root` among them. A word
    is another where it leads to another place there, as :class:`Namesakes` numbers them.
    """
    start = _Arrival(None, root, among)
    shortest: dict[_Arrival, str] = {start: ""}
    order = [start]
    for arrival in order:  # grows, the nearest first
        for word in arrival.place.arcs:
            if (following := arrival.after(word)) not in shortest:
                shortest[following] = f"{shortest[arrival]} {word}"
                order.append(following)
    # The words that have not led on yet from where one has arrived; None is the end.
    new: dict[_Arrival, list[str | None]] = {}
    for arrival in order:
        new[arrival] = list(arrival.ways())
        random_numbers.shuffle(new[arrival])
    for first in order:
        while new[first]:
            arrival, words = first, shortest[first].split()
            while True:
                unused = new[arrival]
                way = unused.pop() if unused else random_numbers.choice(arrival.ways())
                if way is None:
                    break
                words.append(way)
                arrival = arrival.after(way)
            yield " ".join(words)


class _Arrival(NamedTuple):
    """Where one is in a sentence, and in all of them, and the word that has led there."""

    word: str | None
    place: Place
    among: Place

    def after(self, word: str) -> _Arrival:
        """Return where `word` leads."""
        return _Arrival(word, self.place.arcs[word], self.among.arcs[word])

    def ways(self) -> tuple[str | None, ...]:
        """Return the words that lead on, and None if the sentence may end here."""
        return (*self.place.arcs, None) if self.place.ends else tuple(self.place.arcs)
