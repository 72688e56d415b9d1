"""The decoding graph: transition ids in, words out.

Words return to one state, from which silence may follow once, and leave from another; the word's
label is on its first arc, and words that end alike share their ends. Nothing needs determinising,
so there are no disambiguation symbols. OpenFst's label look-ahead ("olabel_lookahead") does the
pruning when the graph is composed with a run-time grammar. Following Kaldi's reordered convention
each arc carries the id of *leaving* the state whose first frame it stands for, and the loop of
*staying* sits on its destination.
"""

from __future__ import annotations

import math
import os
import subprocess
import tempfile
from pathlib import Path

from research.model.kaldi_format import Topology
from research.model.lexicon import PHONES, Lexicon
from research.model.units import GARBAGE_PAIR, GARBAGE_STATES, LOG_HALF, SILENCE_PAIR, pair
from voice_coach.hearing.commands.command_model import COPY_MARK

SILENCE_PHONE, GARBAGE_PHONE = 1, 2
SILENCE_COST = math.log(2)
UNKNOWN = "[unk]"
BETWEEN, READY = 0, 1
_LOOKAHEAD = "libfstlookahead.so"
_PLACES = {"begin": (True, False), "internal": (False, False), "end": (False, True),
           "singleton": (True, True)}  # fmt: skip


def phone_ids() -> dict[tuple[str, str], int]:
    """Return the number of each (phone, place in the word)."""
    names = [(phone, place) for phone in PHONES for place in _PLACES]
    return {name: number for number, name in enumerate(names, GARBAGE_PHONE + 1)}


def topology() -> Topology:
    """Return the states of every phone."""
    phones = {SILENCE_PHONE: [SILENCE_PAIR], GARBAGE_PHONE: [GARBAGE_PAIR] * GARBAGE_STATES}
    for (phone, place), number in phone_ids().items():
        phones[number] = [pair(phone, *_PLACES[place])]
    return Topology(phones)


class _Graph:
    """Arcs under construction; words end in state `BETWEEN` and begin in state `READY`."""

    def __init__(self) -> None:
        self.arcs: list[str] = []
        self.states = 2
        self.topology = topology()
        self.ids = phone_ids()
        self.shared: dict[tuple[str, ...], int] = {}

    def arc(self, source: int, target: int, transition: int, word: int, cost: float) -> None:
        """Add an arc; `transition` and `word` may be 0, for none."""
        self.arcs.append(f"{source} {target} {transition} {word} {cost:.4f}")

    def within(self, phone: int, number: int = 0) -> int:
        """Add the state in which a phone is being spoken, with its loop."""
        state = self.states
        self.states += 1
        self.arc(state, state, self.topology.transition(phone, number, stay=True), 0, -LOG_HALF)
        return state

    def enter(
        self,
        source: int,
        target: int,
        phone: int,
        number: int = 0,
        *,
        word: int = 0,
        cost: float = 0,
    ) -> None:
        """Add the arc of a phone's first frame."""
        transition = self.topology.transition(phone, number, stay=False)
        self.arc(source, target, transition, word, cost - LOG_HALF)

    def tail(self, phones: tuple[str, ...], place: str) -> int:
        """Return the state within the first of a word's last `phones`; words share them."""
        key = (place, *phones)
        if key not in self.shared:
            state = self.within(self.ids[phones[0], place])
            if rest := phones[1:]:
                following = "internal" if rest[1:] else "end"
                target = self.tail(rest, following)
                self.enter(state, target, self.ids[rest[0], following])
            else:
                self.arc(state, BETWEEN, 0, 0, 0)
            self.shared[key] = state
        return self.shared[key]


def build(lexicon: Lexicon, folder: Path, word_cost: float, unknown_cost: float) -> None:
    """Write ``graph/`` of the model: look-ahead graph, unigram, words, word boundaries.

    The costs, natural logarithms, are paid for every word and every ``[unk]``; they discourage
    insertions.
    """
    words = {"<eps>": 0, UNKNOWN: 1}
    graph = _Graph()
    graph.arc(BETWEEN, READY, 0, 0, SILENCE_COST)
    state = graph.within(SILENCE_PHONE)
    graph.enter(BETWEEN, state, SILENCE_PHONE, cost=SILENCE_COST)
    graph.arc(state, READY, 0, 0, 0)
    state = READY
    for number in range(GARBAGE_STATES):
        following = graph.within(GARBAGE_PHONE, number)
        label, cost = (words[UNKNOWN], unknown_cost) if number == 0 else (0, 0.0)
        graph.enter(state, following, GARBAGE_PHONE, number, word=label, cost=cost)
        state = following
    graph.arc(state, BETWEEN, 0, 0, 0)
    for word, pronunciations in lexicon.items():
        words[word] = len(words)
        for phones in pronunciations:
            place = "begin" if phones[1:] else "singleton"
            target = graph.tail(phones, place)
            phone = graph.ids[phones[0], place]
            graph.enter(READY, target, phone, word=words[word], cost=word_cost)
    graph.arcs += [str(BETWEEN), str(READY)]
    folder.mkdir(parents=True, exist_ok=True)
    relabelled = _look_ahead(graph.arcs, folder / "HCLr.fst")
    words = {word: relabelled.get(number, number) for word, number in words.items()}
    lines = sorted((number, word) for word, number in words.items())
    (folder / "words.txt").write_text("".join(f"{word} {number}\n" for number, word in lines))
    single = [n for n, word in lines if n and word != UNKNOWN and COPY_MARK not in word]
    unigram = [f"0 0 {n} {n} {math.log(len(single)):.4f}" for n in single]
    _run("fstcompile | fstarcsort --sort_type=ilabel | fstconvert --fst_type=const - "
         f"'{folder / 'Gr.fst'}'", [*unigram, "0"])  # fmt: skip
    (folder / "disambig_tid.int").write_text(f"{graph.topology.count() + 1}\n")
    (folder / "phones").mkdir(exist_ok=True)
    boundaries = [f"{SILENCE_PHONE} nonword", f"{GARBAGE_PHONE} singleton"]
    boundaries += [f"{number} {place}" for (_, place), number in graph.ids.items()]
    (folder / "phones" / "word_boundary.int").write_text("\n".join(boundaries) + "\n")


def _look_ahead(arcs: list[str], path: Path) -> dict[int, int]:
    """Compile `arcs` for look-ahead on words; return the words' new numbers."""
    with tempfile.TemporaryDirectory() as folder:
        # Debian ships the plug-in under a name that OpenFst does not look for.
        library = next(Path("/usr/lib").glob(f"*/{_LOOKAHEAD}"))
        (Path(folder) / "olabel_lookahead-fst.so").symlink_to(library)
        pairs = Path(folder) / "pairs"
        _run("fstcompile | fstarcsort --sort_type=olabel | fstconvert "
             f"--fst_type=olabel_lookahead --save_relabel_opairs='{pairs}' - '{path}'",
             arcs, library=folder)  # fmt: skip
        numbers = (line.split() for line in pairs.read_text().splitlines())
        return {int(old): int(new) for old, new in numbers}


def _run(command: str, lines: list[str], library: str = "") -> None:
    environment = os.environ | ({"LD_LIBRARY_PATH": library} if library else {})
    text = "\n".join(lines) + "\n"
    subprocess.run(["bash", "-o", "pipefail", "-c", command], input=text, text=True, check=True,
                   env=environment)  # fmt: skip
