"""Texts that teach the network to tell the product's words from words that sound like them.

A confusable word differs from one of the product's in one phone (two where the word is long), or
only goes on where that one ends ("stop", "stopping"). Synthetic voices say such words alone, and
in the product's phrases in place of the word they resemble; and, as often, the phrases themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from research.model import lexicon
from voice_coach.hearing.commands.phones import Lexicon, Pronunciation

_SHORTEST = 3
"""Phones of the shortest word that has confusable words; nearly anything resembles "a"."""
_LONG = 6
"""Phones of a word from which two may differ."""
_ENDING = 2
"""Phones by which a word may go on."""
_ALONE, _WITHIN = 0.35, 0.3


def distance(one: Pronunciation, other: Pronunciation) -> int:
    """Return how many phones must be changed, added or left out to turn one into the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            diagonal, row[j] = row[j], min(diagonal + (a != b), row[j] + 1, row[j - 1] + 1)
    return row[-1]


def alike(target: Pronunciation, other: Pronunciation) -> bool:
    """Whether `other` may be taken for `target`, without being the same."""
    if other[: len(target)] == target and len(other) - len(target) <= _ENDING:
        return other != target
    allowed = 2 if len(target) >= _LONG else 1
    if abs(len(target) - len(other)) > allowed:
        return False
    return 0 < distance(target, other) <= allowed


def confusable(words: set[str], known: Lexicon) -> dict[str, list[str]]:
    """Return for each of `words` the others in `known` that sound like it, but not the same."""
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        targets = [p for p in known[word] if len(p) >= _SHORTEST]
        near = [
            other
            for other, pronunciations in known.items()
            if other not in words
            and not set(pronunciations) & set(known[word])
            and any(alike(t, p) for t in targets for p in pronunciations)
        ]
        if near:
            found[word] = near
    return found


def sentences(seed: int) -> Iterator[str]:
    """Yield confusable words, phrases with one of them, and phrases as they are, without end."""
    rng = np.random.default_rng([seed, 4])
    own, _ = lexicon.prompts()
    known = lexicon.build_lexicon()
    words = sorted(known)
    near = confusable({word for phrase in own for word in phrase.split()}, known)
    targets = sorted(near)
    while True:
        kind = rng.random()
        phrase = own[rng.integers(len(own))].split()
        places = [i for i, word in enumerate(phrase) if word in near]
        if kind < _ALONE:
            others = near[targets[rng.integers(len(targets))]]
            phrase = [others[rng.integers(len(others))]]
            if rng.random() < _WITHIN:
                phrase.insert(int(rng.integers(2)), words[rng.integers(len(words))])
        elif kind < 2 * _ALONE and places:
            place = places[rng.integers(len(places))]
            others = near[phrase[place]]
            phrase[place] = others[rng.integers(len(others))]
        yield " ".join(phrase)
