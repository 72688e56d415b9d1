"""The decoding graph of a model that the product makes: transition ids in, words out.

Words return to one state, from which silence may follow once, and leave from another; the word's
label is on its first arc, and words that end alike share their ends. Nothing needs determinising,
so there are no disambiguation symbols. OpenFst's label look-ahead does the pruning when the graph
is composed with a run-time grammar. Following Kaldi's reordered convention each arc carries the id
of *leaving* the state whose first frame it stands for, and the loop of *staying* sits on its
destination.
"""

import math
from collections.abc import Collection
from pathlib import Path
from typing import Final

from voice_coach.hearing.commands import phones, transducer_file
from voice_coach.hearing.commands.command_model import COPY_MARK
from voice_coach.hearing.commands.decoder import UNKNOWN
from voice_coach.hearing.commands.phones import Lexicon, Pronunciation
from voice_coach.hearing.commands.transducer_file import Arc, NotOursError

_HALF: Final = math.log(2)
"""Cost of leaving a state, and of staying: either is as likely."""
_SILENCE: Final = math.log(2)
"""Cost of a silence between two words, and of none."""
_BETWEEN, _READY = 0, 1


class _Graph:
    """Arcs under construction; words end in state `_BETWEEN` and begin in state `_READY`."""

    def __init__(self) -> None:
        self.arcs: list[Arc] = []
        self._states = 2
        self._shared: dict[tuple[str, ...], int] = {}

    def arc(self, source: int, target: int, heard: int, word: int, cost: float) -> None:
        """Add an arc; `heard` and `word` may be 0, for none."""
        self.arcs.append((source, target, heard, word, round(cost, 4)))

    def within(self, phone: int, state: int = 0) -> int:
        """Add the state in which a phone is being spoken, with its loop."""
        here = self._states
        self._states += 1
        self.arc(here, here, phones.transition(phone, state, stay=True), 0, _HALF)
        return here

    def enter(
        self,
        source: int,
        target: int,
        phone: int,
        *,
        state: int = 0,
        word: int = 0,
        cost: float = 0.0,
    ) -> None:
        """Add the arc of a phone's first frame."""
        self.arc(source, target, phones.transition(phone, state), word, cost + _HALF)

    def tail(self, rest: Pronunciation, place: str) -> int:
        """Return the state within the first of a word's last phones; words share them."""
        key = (place, *rest)
        if key not in self._shared:
            here = self.within(phones.number_of(rest[0], place))
            if after := rest[1:]:
                following = "internal" if after[1:] else "end"
                target = self.tail(after, following)
                self.enter(here, target, phones.number_of(after[0], following))
            else:
                self.arc(here, _BETWEEN, 0, 0, 0)
            self._shared[key] = here
        return self._shared[key]


def write(
    lexicon: Lexicon, folder: Path, *, word_cost: float = 0.0, unknown_cost: float = 0.0
) -> None:
    """Write ``graph/`` of the model into `folder`: graph, list of words, words, word boundaries.

    The costs, natural logarithms, are paid for every word and every ``[unk]``; they discourage
    insertions.
    """
    words = {"<eps>": 0, UNKNOWN: 1}
    graph = _Graph()
    graph.arc(_BETWEEN, _READY, 0, 0, _SILENCE)
    state = graph.within(phones.SILENCE)
    graph.enter(_BETWEEN, state, phones.SILENCE, cost=_SILENCE)
    graph.arc(state, _READY, 0, 0, 0)
    state = _READY
    for number in range(phones.GARBAGE_STATES):
        following = graph.within(phones.GARBAGE, number)
        label, cost = (words[UNKNOWN], unknown_cost) if number == 0 else (0, 0.0)
        graph.enter(state, following, phones.GARBAGE, state=number, word=label, cost=cost)
        state = following
    graph.arc(state, _BETWEEN, 0, 0, 0)
    for word, pronunciations in lexicon.items():
        words[word] = len(words)
        for said in dict.fromkeys(pronunciations):
            place = phones.place_of(0, len(said))
            target, phone = graph.tail(said, place), phones.number_of(said[0], place)
            graph.enter(_READY, target, phone, word=words[word], cost=word_cost)
    folder.mkdir(parents=True, exist_ok=True)
    whole = transducer_file.transducer(graph.arcs, (_BETWEEN, _READY))
    transducer_file.write_graph(folder / "HCLr.fst", whole, len(words) - 1)
    single = [n for word, n in words.items() if n > 1 and COPY_MARK not in word]
    cost = round(math.log(max(1, len(single))), 4)
    unigram = transducer_file.transducer([(0, 0, n, n, cost) for n in single], (0,))
    transducer_file.write_grammar(folder / "Gr.fst", unigram)
    lines = "".join(f"{word} {number}\n" for word, number in words.items())
    (folder / "words.txt").write_text(lines, encoding="utf-8")
    (folder / "disambig_tid.int").write_text(f"{phones.TRANSITIONS + 1}\n")
    (folder / "phones").mkdir(exist_ok=True)
    (folder / "phones" / "word_boundary.int").write_text(_boundaries())


def read(folder: Path, only: Collection[str] | None = None) -> Lexicon:
    """Return the words of the graph in `folder`, or `only` some, with their pronunciations.

    NotOursError where it is not a graph that is written here.
    """
    try:
        text = (folder / "words.txt").read_text(encoding="utf-8")
        boundaries = (folder / "phones" / "word_boundary.int").read_text(encoding="utf-8")
        graph = transducer_file.read_graph(folder / "HCLr.fst")
    except OSError:
        raise NotOursError from None
    if boundaries != _boundaries():
        raise NotOursError
    lines = (line.split() for line in text.splitlines())
    names = {int(number): word for word, number in lines if only is None or word in only}
    lexicon: Lexicon = {word: [] for number, word in sorted(names.items()) if number > 1}
    rest: dict[int, Pronunciation] = {_BETWEEN: ()}
    heard, means, to = (graph.arcs[name].tolist() for name in ("heard", "means", "to"))
    first, count = graph.states["at"].tolist(), graph.states["arcs"].tolist()

    def phones_after(state: int) -> Pronunciation:
        """Return the phones from within `state` to the end of the word."""
        if state not in rest:
            arcs = range(first[state], first[state] + count[state])
            (at,) = (arc for arc in arcs if to[arc] != state)
            phone = phones.phone_left_by(heard[at])
            rest[state] = (phone, *phones_after(to[at])) if phone else phones_after(to[at])
        return rest[state]

    try:
        for at in range(first[_READY], first[_READY] + count[_READY]):
            if means[at] > 1 and means[at] in names:
                phone = phones.phone_left_by(heard[at])
                assert phone is not None
                lexicon[names[means[at]]].append((phone, *phones_after(to[at])))
    except (AssertionError, KeyError, ValueError, RecursionError):
        raise NotOursError from None
    return lexicon


def _boundaries() -> str:
    lines = [f"{phones.SILENCE} nonword", f"{phones.GARBAGE} singleton"]
    lines += [f"{number} {place}" for number, (_, place) in phones.names().items()]
    return "\n".join(lines) + "\n"
