"""Sentences as paths through the smallest automaton: their pairs of words make up nothing else."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from voice_coach.hearing.commands.automaton import (
    Automata,
    Namesakes,
    Place,
    Word,
    cover,
    draw,
    places,
)
from voice_coach.hearing.commands.automaton import sentences as every_sentence
from voice_coach.home.phrases import coach_phrases

START, END = ("<s>", 0), ("</s>", 0)
some_sentences = st.lists(
    st.lists(st.sampled_from(["do", "i", "it", "how", "doing"]), min_size=1, max_size=5).map(
        " ".join
    ),
    max_size=8,
)


def automaton(texts: Iterable[str]) -> Place:
    automata = Automata()
    return automata.together(automata.sentence(text.split()) for text in texts)


def paths(texts: Iterable[str]) -> Mapping[str, tuple[Word, ...]]:
    namesakes = Namesakes(automaton(texts))
    return {text: namesakes.path(text.split()) for text in texts}


def chains(found: list[tuple[Word, ...]], longest: int) -> set[str]:
    """Return all chains of the pairs in `found`, to `longest` words."""
    after: dict[Word, set[Word]] = defaultdict(set)
    for path in found:
        for one, other in pairwise((START, *path, END)):
            after[one].add(other)
    complete: set[str] = set()
    begun: list[tuple[Word, ...]] = [(START,)]
    while begun:
        chain = begun.pop()
        for following in after[chain[-1]]:
            if following == END:
                complete.add(" ".join(word for word, _ in chain[1:]))
            elif len(chain) <= longest:
                begun.append((*chain, following))
    return complete


@given(some_sentences)
def test_pairs_of_words_make_up_the_sentences_and_nothing_else(sentences: list[str]) -> None:
    assert chains(list(paths(sentences).values()), 7) == set(sentences)


@given(some_sentences)
def test_every_word_stays_what_it_is(sentences: list[str]) -> None:
    for text, path in paths(sentences).items():
        assert " ".join(word for word, _ in path) == text


def test_words_after_which_the_same_may_come_are_one() -> None:
    path_of = paths(["start now", "begin now", "start", "begin"])
    assert path_of["start now"][1] == path_of["begin now"][1]
    assert path_of["start"] == path_of["start now"][:1]


def test_how_do_i_is_no_way_to_doing() -> None:
    found = list(paths(["how do i do it", "how am i doing"]).values())
    assert "how do i doing" not in chains(found, 5)


@pytest.mark.parametrize("mode", coach_phrases().modes)
def test_a_mode_of_the_shipped_phrases_is_nothing_but_its_sentences(mode: str) -> None:
    sentences = coach_phrases().sentences(mode)
    longest = max(len(text.split()) for text in sentences)
    assert chains(list(paths(sentences).values()), longest + 1) == set(sentences)


@given(some_sentences)
def test_an_automaton_holds_its_sentences_once_each(sentences: list[str]) -> None:
    root = automaton(sentences)
    held = list(every_sentence(root))
    assert sorted(held) == sorted(set(sentences))
    assert root.count == len(held)


@given(some_sentences, some_sentences)
def test_automata_together_hold_the_sentences_of_both(one: list[str], other: list[str]) -> None:
    automata = Automata()
    parts = [automata.sentence(text.split()) for text in (*one, *other)]
    first = automata.together(parts[: len(one)])
    second = automata.together(parts[len(one) :])
    assert set(every_sentence(automata.together([first, second]))) == {*one, *other}


@given(some_sentences)
def test_no_two_places_are_followed_by_the_same(sentences: list[str]) -> None:
    follow = [frozenset(every_sentence(place)) for place in places(automaton(sentences))]
    assert len(follow) == len(set(follow))


@given(some_sentences.filter(bool), some_sentences, st.integers())
@example(["do", "do do do i", "i", "i do do i"], [], 0)
def test_a_cover_goes_every_way_that_the_sentences_go(
    sentences: list[str], others: list[str], seed: int
) -> None:
    among = automaton([*sentences, *others])
    covering = list(cover(automaton(sentences), among, random.Random(seed)))
    assert set(covering) <= set(sentences)
    namesakes = Namesakes(among)
    ways, gone = (
        {pair for text in texts for pair in pairwise((START, *namesakes.path(text.split()), END))}
        for texts in (sentences, covering)
    )
    assert gone == ways


@given(some_sentences.filter(bool), st.integers())
def test_what_is_drawn_is_a_sentence(sentences: list[str], seed: int) -> None:
    assert draw(automaton(sentences), random.Random(seed)) in sentences
