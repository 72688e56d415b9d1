"""Sentences as paths through the smallest automaton that accepts them and nothing else.

A recogniser that knows which word may follow which, and no more, also hears "how do I doing", for
"do I" and "I doing" are both said. Where each word is told apart by what may come after it, the
pairs of words are the sentences.
"""

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

_END: Final = ""

Word: TypeAlias = tuple[str, int]
"""A word and which of its namesakes it is, counted from 0: what may follow it tells them apart."""

_Node: TypeAlias = dict[str, "_Node"]


def paths(sentences: Iterable[str]) -> Mapping[str, tuple[Word, ...]]:
    """Return the path of each of `sentences`: the only ones that their pairs of words make up."""
    texts = tuple(dict.fromkeys(sentences))
    root: _Node = {}
    for text in texts:
        node = root
        for word in text.split():
            node = node.setdefault(word, {})
        node[_END] = {}
    states: dict[tuple[tuple[str, int], ...], int] = {}
    state_of: dict[int, int] = {}
    _number(root, states, state_of)
    namesakes: dict[str, dict[int, int]] = {}
    found = {}
    for text in texts:
        node, path = root, []
        for word in text.split():
            node = node[word]
            known = namesakes.setdefault(word, {})
            path.append((word, known.setdefault(state_of[id(node)], len(known))))
        found[text] = tuple(path)
    return found


def _number(
    node: _Node, states: dict[tuple[tuple[str, int], ...], int], state_of: dict[int, int]
) -> int:
    """Give `node` and those below it their states: one, where the same may follow."""
    following = ((word, _number(after, states, state_of)) for word, after in node.items())
    state = states.setdefault(tuple(sorted(following)), len(states))
    state_of[id(node)] = state
    return state
