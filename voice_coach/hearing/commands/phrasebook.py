"""Which sentences are listened for in which mode, and what each of them means.

The phrase file is hassil's (templates, lists, expansion rules, skip words) with keys of our own:
`stop` is the word by which alone everything is stopped, `called` are the forms in which a name may
be said, and `decoys` gives for words of the sentences others that sound like them and mean nothing.
Some of an intent's sentences may cost something else than the rest: their block says so in its
`metadata`. Which intents belong to which mode, and what they cost, is not the language's to say
(:mod:`~voice_coach.hearing.commands.listening`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self, cast

from hassil.intents import Intent, IntentData, Intents

from voice_coach.errors import UserError
from voice_coach.hearing.commands import automaton
from voice_coach.hearing.commands.automaton import Automata, Place, TooLargeError
from voice_coach.hearing.commands.listening import Listening
from voice_coach.hearing.commands.meanings import Block, Match, Meanings
from voice_coach.hearing.commands.phrase_file import (
    Cost,
    check_costs,
    decoys_of,
    normal,
    parse,
    read,
    sentences_of,
    stop_word_of,
)
from voice_coach.hearing.commands.templates import Builder

PHRASES: Final = Path(__file__).with_name("phrases")
"""Folder of the shipped languages, each a folder with its phrases and its network for "stop"."""

_FILE: Final = "phrases.yaml"
NETWORK: Final = "stop.npz"
"""The network of a language that knows its word for "stop", beside its phrases."""

_WHOLE: Final = Listening()


class Phrases:
    """The sentences of one phrase file.

    Parameters
    ----------
    content
        The parsed file.
    source
        Where it came from, for error messages.
    listening
        What is listened for when, and what it costs; by default all of it, always. Intents for
        which the file has no sentences are left out.
    stop_network
        The network that knows the word for "stop", if there is one.
    """

    def __init__(
        self,
        content: Mapping[str, Any],
        source: str,
        listening: Listening = _WHOLE,
        *,
        stop_network: Path | None = None,
    ) -> None:
        self.source = source
        self.stop_word = stop_word_of(content, source)
        self.stop_network = stop_network if self.stop_word else None
        intents = parse(content, source)
        check_costs(intents, source)
        self._decoys = decoys_of(content, source)
        fillers = sorted(filter(None, map(normal, intents.skip_words)), key=len, reverse=True)
        self.skip_words: tuple[str, ...] = tuple(fillers)
        self._filler = (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, fillers))})\b") if fillers else None
        )
        self._listening = listening
        builder = Builder(source, intents.language)
        self._blocks = {
            name: tuple(self._built(intent, intents, builder))
            for name, intent in intents.intents.items()
        }
        self._automata = Automata()
        self._begins = {name: self._together(of) for name, of in self._blocks.items()}
        words = (word for of in self._begins.values() for word in automaton.words(of))
        self._known = frozenset([*words, *(word for one in fillers for word in one.split())])
        self._modes = {
            mode: tuple(name for name in listening.intents(mode) if name in self._blocks)
            for mode in listening.modes
        }
        self.idle = listening.idle
        self.urgent = listening.urgent

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a phrase file to be listened for whole; UserError says what is wrong with it."""
        return cls(read(path), str(path))

    @classmethod
    def for_language(
        cls,
        language: str,
        listening: Listening,
        people: Iterable[str] = (),
        *,
        sounds_like: Mapping[str, str] | None = None,
        knows: Callable[[str], bool],
        languages: Path = PHRASES,
    ) -> Self:
        """Return the phrases of `language`, for instance ``en``, a folder in `languages`.

        `people` are the names by which a household calls those who have plans of their own; of the
        forms that a name has in this language, those are listened for whose words the recogniser
        `knows`. For a name that `sounds_like` other words, those are listened for in its place.
        """
        path = languages / language / _FILE
        if not path.is_file():
            known = ", ".join(sorted(file.parent.name for file in languages.glob(f"*/{_FILE}")))
            raise UserError(f"There are no phrases for the language {language!r}; known: {known}.")
        content = read(path)
        content.setdefault("lists", {})["person"] = {
            "values": [
                {"in": said, "out": name}
                for name in people
                for said in (
                    form.format(name=(sounds_like or {}).get(name, name))
                    for form in content.get("called", ["{name}"])
                )
                if all(map(knows, said.split()))
            ]
        }
        network = path.with_name(NETWORK)
        phrases = cls(
            content, str(path), listening, stop_network=network if network.is_file() else None
        )
        phrases.check_intents()
        return phrases

    def check_intents(self) -> None:
        """Raise UserError where the file has sentences for an intent that no mode listens for."""
        wanted = {intent for intents in self._modes.values() for intent in intents}
        for intent in self._blocks:
            if intent not in wanted:
                raise UserError(f"In {self.source}, nobody listens for the intent {intent!r}.")

    @property
    def modes(self) -> tuple[str, ...]:
        """The listening modes; empty where all is listened for, always."""
        return tuple(self._modes)

    def intents(self, mode: str) -> tuple[str, ...]:
        """Return the intents listened for in `mode`, in the order in which they are tried."""
        if not self._modes:
            return tuple(self._blocks)
        try:
            return self._modes[mode]
        except KeyError:
            known = ", ".join(self._modes)
            raise UserError(f"There is no mode {mode!r} to listen in; known: {known}.") from None

    def automaton(self, intent: str) -> Place:
        """Return the place from which every sentence of `intent` may be said, and no other.

        Those are among them that mean something else in some mode.
        """
        return self._begins[intent]

    def together(self, *places: Place, sentences: Iterable[str] = ()) -> Place:
        """Return the place from which all may be said that may be said from `places`.

        And `sentences`, which need not be any of the file's.
        """
        alone = (self._automata.sentence(text.split()) for text in sentences)
        return self._bounded(lambda: self._automata.together([*places, *alone]))

    def sentences_of(self, intent: str) -> Iterator[str]:
        """Yield every sentence of `intent`, also those that mean something else in some mode."""
        return automaton.sentences(self.automaton(intent))

    def sentences(self, mode: str) -> tuple[str, ...]:
        """Return every sentence of `mode` without fillers: of a foreign file, perhaps millions."""
        return tuple(self.meanings(mode))

    def meanings(self, mode: str) -> Mapping[str, str]:
        """Return the sentences of `mode` with the intent of each, as :meth:`match` finds it."""
        meanings: dict[str, str] = {}
        for name in self.intents(mode):
            for sentence in self.sentences_of(name):
                meanings.setdefault(sentence, name)
        return meanings

    def match(self, text: str, mode: str) -> Match | None:
        """Return what `text` means in `mode`; None unless the whole of it is a sentence."""
        return self._meanings(self.intents(mode)).match(tuple(normal(text).split()))

    def spoken(self, text: str) -> str:
        """Return `text` without the fillers that may stand anywhere in a sentence."""
        text = normal(text)
        return " ".join(self._filler.sub(" ", text).split()) if self._filler else text

    def may_continue(self, text: str, mode: str) -> bool:
        """Whether a longer sentence of `mode` begins with `text` and means something else."""
        return self._meanings(self.intents(mode)).may_continue(tuple(normal(text).split()))

    def begins(self, text: str, mode: str) -> bool:
        """Whether `text` is a sentence of `mode` or the beginning of one."""
        return self._meanings(self.intents(mode)).begins(tuple(normal(text).split()))

    def decoys(self, mode: str) -> tuple[str, ...]:
        """Return what sounds like a sentence of `mode`, or is one elsewhere, and is none."""
        words = {
            word for name in self.intents(mode) for word in automaton.words(self._begins[name])
        }
        alike = (text for word, texts in self._decoys.items() if word in words for text in texts)
        other_modes = (name for name in self.modes if name != mode)
        elsewhere = (
            word
            for other in other_modes
            for name in self.intents(other)
            for word in self._begins[name].arcs
        )
        return tuple(text for text in dict.fromkeys([*alike, *elsewhere]) if text not in words)

    def words(self) -> frozenset[str]:
        """Return every word that a sentence or a filler of the file may hold."""
        return self._known

    @lru_cache(maxsize=64)  # noqa: B019 - a phrase file lives as long as the program
    def _meanings(self, names: tuple[str, ...]) -> Meanings:
        """Return who reads the sentences of the intents `names`, preferred in this order."""
        blocks = [block for name in names for block in self._blocks[name]]
        return Meanings(blocks, map(str.split, self.skip_words), self.urgent)

    def _cost(self, intent: str, block: IntentData) -> Cost:
        """Return what a mistake costs about a sentence of `block`, one of those of `intent`."""
        if block.metadata and "cost" in block.metadata:
            return cast(Cost, block.metadata["cost"])
        if intent in self._listening.strict:
            return "strict"
        return "lenient" if intent in self._listening.lenient else "normal"

    def _built(self, intent: Intent, intents: Intents, builder: Builder) -> Iterator[Block]:
        """Yield the blocks of `intent`, leaving out what cannot be said."""
        for block in intent.data:
            start = builder.state(
                [sentence.expression for sentence in sentences_of(block, self.source)],
                {**intents.slot_lists, **block.slot_lists},
                {**intents.expansion_rules, **block.expansion_rules},
            )
            if start is not None:
                yield Block(
                    intent=intent.name,
                    start=start,
                    slots={name: str(value) for name, value in block.slots.items()},
                    cost=self._cost(intent.name, block),
                    requires=block.requires_context,
                    excludes=block.excludes_context,
                    keywords=frozenset(block.required_keywords or ()),
                )

    def _together(self, blocks: Iterable[Block]) -> Place:
        """Return the place from which every sentence of `blocks` may be said."""
        automata = self._automata

        def make() -> Place:
            return automata.spoken(automata.together([automata.of(one.start) for one in blocks]))

        return self._bounded(make)

    def _bounded(self, make: Callable[[], Place]) -> Place:
        """Return what is made, or raise UserError where that is too much."""
        try:
            return make()
        except (TooLargeError, RecursionError):
            raise UserError(
                f"The phrase file {self.source} cannot be listened for: its sentences are too "
                f"long, or differ in too many ways. Make its templates simpler."
            ) from None
