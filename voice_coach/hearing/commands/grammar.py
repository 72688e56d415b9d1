"""What a decoder is told to listen for, and how likely each of it is.

Vosk counts which word follows which in the list it is given, and hears any chain of such pairs. A
model made for the product has several copies of its words, so that each copy can be followed by
what may follow it in a sentence (`automaton`), and by nothing else. A sentence that stands there
twice is twice as likely: the weights are how often people are expected to say what.
"""

import random
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from voice_coach.errors import UserError
from voice_coach.hearing.commands.automaton import Namesakes, Place, cover, draw, sentences
from voice_coach.hearing.commands.command_model import CommandModel
from voice_coach.hearing.commands.decoder import UNKNOWN, Decoder
from voice_coach.hearing.commands.phrasebook import Phrases

_PER_INTENT: Final = 150
"""Every intent is equally likely, however many sentences it has: about this many entries each."""
_LISTED: Final = 1000
"""Of an intent that has more sentences than this, enough are listed that every pair of words is."""
_FILLERS: Final = 2
"""Every filler before each first word, and after each last one, this often."""
_SENTENCE: Final = "..."
"""Stands for any sentence, beside a filler."""
_DECOYS: Final = 0.4
_OTHER: Final = 0.001
"""Share of the decoys and of other speech, in relation to the sentences."""


def grammar(phrases: Phrases, mode: str, model: CommandModel) -> tuple[str, ...]:
    """Return what to listen for in `mode`: sentences, fillers around them, decoys, beginnings."""
    namesakes = _namesakes(phrases, mode)

    def spelt(text: str) -> str:
        path = namesakes.path(text.split())
        return " ".join(model.copy(*word) for word in path if word[0] != _SENTENCE)

    by_intent: dict[str, list[str]] = {}
    known: set[str] = set()
    for intent in phrases.intents(mode):
        new = [
            text for text in _listed(phrases.automaton(intent), namesakes.root) if text not in known
        ]
        known.update(new)
        by_intent[intent] = [spelt(text) for text in new]
    sentences = [text for every in by_intent.values() for text in every]
    listed = [text for every in by_intent.values() for text in _repeated(every, _PER_INTENT)]
    # Only pairs of words are counted: one sentence for each first and each last word will do.
    first = {sentence.split()[0]: sentence for sentence in sentences}
    last = {sentence.split()[-1]: sentence for sentence in sentences}
    for filler in phrases.skip_words:
        before, after = spelt(_before(filler)), spelt(_after(filler))
        listed += _FILLERS * [f"{before} {sentence}" for sentence in first.values()]
        listed += _FILLERS * [f"{sentence} {after}" for sentence in last.values()]
    decoys = [text for text in phrases.decoys(mode) if all(map(model.knows, text.split()))]
    # What has only begun ("how ...") must not look like the nearest thing that is out ("help").
    decoys += [word for word in first if word not in sentences]
    count = len(listed)
    listed += _repeated(decoys, round(_DECOYS * count))
    listed += _repeated([UNKNOWN, UNKNOWN, f"{UNKNOWN} {UNKNOWN}"], round(_OTHER * count))
    return tuple(listed)


def decoders(phrases: Phrases, model: CommandModel) -> Mapping[str, Decoder]:
    """Return the decoder of each mode; modes with the same grammar share one."""
    by_grammar: dict[tuple[str, ...], Decoder] = {}
    by_mode = {}
    for mode in phrases.modes or ("",):
        listed = grammar(phrases, mode, model)
        if listed not in by_grammar:
            by_grammar[listed] = Decoder(model, listed)
        by_mode[mode] = by_grammar[listed]
    return by_mode


def copies(phrases: Phrases) -> Counter[str]:
    """Return how many copies of each word tell all the sentences of `phrases` apart."""
    most: Counter[str] = Counter()
    for mode in phrases.modes or ("",):
        most |= _namesakes(phrases, mode).counts()
    del most[_SENTENCE]
    return most


def _namesakes(phrases: Phrases, mode: str) -> Namesakes:
    """Return the words of `mode`, of its sentences and of the fillers before and after them."""
    automata = [phrases.automaton(intent) for intent in phrases.intents(mode)]
    fillers = [mark(one) for mark in (_before, _after) for one in phrases.skip_words]
    return Namesakes(phrases.together(*automata, sentences=fillers))


def _listed(root: Place, among: Place) -> Iterable[str]:
    """Return the sentences from `root` on; of very many, those that hold every pair of words.

    And some at random, so that there are as many as of other intents. `among` is where the
    sentences of all intents begin.
    """
    if root.count <= _LISTED:
        return sentences(root)
    random_numbers = random.Random(0)
    covering = list(cover(root, among, random_numbers))
    covering += [draw(root, random_numbers) for _ in range(_LISTED - len(covering))]
    return covering


def _before(filler: str) -> str:
    return f"{filler} {_SENTENCE}"


def _after(filler: str) -> str:
    return f"{_SENTENCE} {filler}"


def _repeated(texts: list[str], count: int) -> Iterable[str]:
    """Return `texts` over and over, to about `count` entries."""
    return texts * max(1, round(count / len(texts))) if texts else ()


def unknown_words(phrases: Phrases, model: CommandModel) -> tuple[str, ...]:
    """Return the words of `phrases` that `model` cannot recognise."""
    return tuple(sorted(word for word in phrases.words() if not model.knows(word)))


def check_words(phrases: Phrases, model: CommandModel) -> None:
    """Raise UserError naming the words of `phrases` that `model` cannot recognise."""
    unknown = unknown_words(phrases, model)
    if unknown:
        raise UserError(
            f"The recogniser model {model.name!r} does not know {', '.join(map(repr, unknown))} in "
            f"{phrases.source}; teach it with 'voice-coach model add-words --phrases "
            f"{shlex.quote(phrases.source)}', or use other words or another model."
        )
