"""Which sentences are listened for in which mode, and what each of them means.

The phrase file is hassil's (templates, lists, expansion rules, skip words) with keys of our own:
`stop` is the word by which alone everything is stopped, `called` are the forms in which a name may
be said, and `decoys` gives for words of the sentences others that sound like them and mean nothing.
Some of an intent's sentences may cost something else than the rest: their block says so in its
`metadata`. Which intents belong to which mode, and what they cost, is not the language's to say
(:mod:`~voice_coach.hearing.commands.listening`).
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self, cast

from hassil.errors import HassilError
from hassil.intents import Intent, IntentData, Intents
from hassil.parser import ParseError
from hassil.recognize import recognize

from voice_coach.errors import UserError
from voice_coach.hearing.commands import sampling
from voice_coach.hearing.commands.listening import Listening
from voice_coach.hearing.commands.phrase_file import (
    Cost,
    check_costs,
    decoys_of,
    normal,
    parse,
    read,
    stop_word_of,
)

PHRASES: Final = Path(__file__).with_name("phrases")
"""Folder of the shipped languages, each a folder with its phrases and its network for "stop"."""

_FILE: Final = "phrases.yaml"
NETWORK: Final = "stop.npz"
"""The network of a language that knows its word for "stop", beside its phrases."""

_LARGEST: Final = 4000
"""Sentences kept of one template; of a template that makes more, as many random ones."""

_WHOLE: Final = Listening()

_UNSPEAKABLE: Final = re.compile(r"[\d{]")
"""Digits (the same number comes as words, too) and the wildcards of foreign files."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a sentence means."""

    intent: str
    slots: Mapping[str, str] = field(default_factory=dict)
    cost: Cost = field(default="normal", compare=False)
    """What a mistake about it costs; two sentences of different cost may mean the same."""


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
        self._intents = parse(content, source)
        check_costs(self._intents, source)
        self._decoys = decoys_of(content, source)
        fillers = sorted(map(normal, self._intents.skip_words), key=len, reverse=True)
        self.skip_words: tuple[str, ...] = tuple(fillers)
        self._filler = (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, fillers))})\b") if fillers else None
        )
        self._sentences: Mapping[str, tuple[str, ...]] = {
            name: tuple(dict.fromkeys(self._sample(intent)))
            for name, intent in self._intents.intents.items()
        }
        texts = [*self.skip_words, *(text for every in self._sentences.values() for text in every)]
        self._known = frozenset(word for text in texts for word in text.split())
        self._listening = listening
        self._modes = {
            mode: tuple(name for name in listening.intents(mode) if name in self._sentences)
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
        knows: Callable[[str], bool],
        languages: Path = PHRASES,
    ) -> Self:
        """Return the phrases of `language`, for instance ``en``, a folder in `languages`.

        `people` are the names by which a household calls those who have plans of their own; of the
        forms that a name has in this language, those are listened for whose words the recogniser
        `knows`.
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
                for said in (form.format(name=name) for form in content.get("called", ["{name}"]))
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
        for intent in self._sentences:
            if intent not in wanted:
                raise UserError(f"In {self.source}, nobody listens for the intent {intent!r}.")

    @property
    def modes(self) -> tuple[str, ...]:
        """The listening modes; empty where all is listened for, always."""
        return tuple(self._modes)

    def intents(self, mode: str) -> tuple[str, ...]:
        """Return the intents listened for in `mode`, in the order in which they are tried."""
        if not self._modes:
            return tuple(self._intents.intents)
        try:
            return self._modes[mode]
        except KeyError:
            known = ", ".join(self._modes)
            raise UserError(f"There is no mode {mode!r} to listen in; known: {known}.") from None

    def sentences_of(self, intent: str) -> tuple[str, ...]:
        """Return every sentence of `intent`, also those that mean something else in some mode."""
        return self._sentences[intent]

    def sentences(self, mode: str) -> tuple[str, ...]:
        """Return every sentence of `mode` without fillers (of a huge template, a sample)."""
        return tuple(self._meanings(frozenset(self.intents(mode))))

    def meanings(self, mode: str) -> Mapping[str, str]:
        """Return the sentences of `mode` with the intent of each, as :meth:`match` finds it."""
        meanings: dict[str, str] = {}
        for name in self.intents(mode):
            for sentence in self._sentences[name]:
                meanings.setdefault(sentence, name)
        return meanings

    def match(self, text: str, mode: str) -> Match | None:
        """Return what `text` means in `mode`; None unless the whole of it is a sentence."""
        return self._match(normal(text), self.intents(mode))

    def spoken(self, text: str) -> str:
        """Return `text` without the fillers that may stand anywhere in a sentence."""
        text = normal(text)
        return " ".join(self._filler.sub(" ", text).split()) if self._filler else text

    def may_continue(self, text: str, mode: str) -> bool:
        """Whether a longer sentence of `mode` begins with `text` and means something else."""
        return self._may_continue(normal(text), self.intents(mode))

    def begins(self, text: str, mode: str) -> bool:
        """Whether `text` is a sentence of `mode` or the beginning of one."""
        spoken = self.spoken(text)
        known = not spoken or spoken in self._continuations(self.intents(mode))
        return known or self.match(text, mode) is not None

    def decoys(self, mode: str) -> tuple[str, ...]:
        """Return what sounds like a sentence of `mode`, or is one elsewhere, and is none."""
        words = {word for sentence in self.sentences(mode) for word in sentence.split()}
        alike = (text for word, texts in self._decoys.items() if word in words for text in texts)
        other_modes = (name for name in self.modes if name != mode)
        elsewhere = (text.split()[0] for name in other_modes for text in self.sentences(name))
        return tuple(text for text in dict.fromkeys([*alike, *elsewhere]) if text not in words)

    def words(self) -> frozenset[str]:
        """Return every word that a sentence or a filler of the file may hold."""
        return self._known

    @lru_cache(maxsize=4096)  # noqa: B019 - a phrase file lives as long as the program
    def _may_continue(self, text: str, names: tuple[str, ...]) -> bool:
        if text in self.skip_words:
            return True
        meant = self._match(text, names)
        longer = self._continuations(names).get(self.spoken(text), ())
        return any(self._match(sentence, names) != meant for sentence in longer)

    @lru_cache(maxsize=4096)  # noqa: B019 - a phrase file lives as long as the program
    def _match(self, text: str, names: tuple[str, ...]) -> Match | None:
        if not text or not self._known >= set(text.split()):
            return None
        chosen = Intents(
            language=self._intents.language,
            intents={name: self._intents.intents[name] for name in names},
            slot_lists=self._intents.slot_lists,
            expansion_rules=self._intents.expansion_rules,
            settings=self._intents.settings,
        )
        # Each filler is also left out alone: "okay coach" is one, but in "I am okay, coach"
        # only "coach" is.
        present = [filler for filler in self.skip_words if filler in text]
        choices = [present, *([filler] for filler in present if len(present) > 1)]
        attempts = (
            recognize(text, chosen, skip_words=fillers, language=chosen.language)
            for fillers in choices
        )
        found = next((attempt for attempt in attempts if attempt), None)
        if found is None:
            return None
        slots = {name: str(entity.value) for name, entity in found.entities.items()}
        return Match(found.intent.name, slots, self._cost(found.intent.name, found.intent_data))

    def _cost(self, intent: str, block: IntentData) -> Cost:
        """Return what a mistake costs about a sentence of `block`, one of those of `intent`."""
        if block.metadata and "cost" in block.metadata:
            return cast(Cost, block.metadata["cost"])
        if intent in self._listening.strict:
            return "strict"
        return "lenient" if intent in self._listening.lenient else "normal"

    @lru_cache(maxsize=64)  # noqa: B019 - as above
    def _meanings(self, names: frozenset[str]) -> dict[str, str]:
        """Return sentence -> intent for the intents `names`, in the order of the file."""
        meanings: dict[str, str] = {}
        for name, sentences in self._sentences.items():
            if name in names:
                meanings |= {text: name for text in sentences if text not in meanings}
        return meanings

    def _sample(self, intent: Intent) -> Iterator[str]:
        """Yield the sentences of the templates of `intent`, leaving out what cannot be said."""
        random_numbers = random.Random(0)
        try:
            for block in intent.data:
                context = sampling.Context(
                    lists={**self._intents.slot_lists, **block.slot_lists},
                    rules={**self._intents.expansion_rules, **block.expansion_rules},
                    language=self._intents.language,
                )
                for sentence in block.sentences:
                    drawn = sampling.sentences(
                        sentence.expression, context, _LARGEST, random_numbers
                    )
                    texts = (normal(text) for text in drawn)
                    yield from (text for text in texts if text and not _UNSPEAKABLE.search(text))
        except (HassilError, ParseError) as error:
            raise UserError(
                f"The phrase file {self.source} has a faulty template: {error}."
            ) from error

    @lru_cache(maxsize=64)  # noqa: B019 - as above
    def _continuations(self, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Beginning of a sentence -> the longer sentences that begin so."""
        longer: dict[str, list[str]] = {}
        for text in self._meanings(frozenset(names)):
            for words in {tuple(text.split()), tuple(self.spoken(text).split())}:
                for count in range(1, len(words)):
                    longer.setdefault(" ".join(words[:count]), []).append(text)
        return {beginning: tuple(texts) for beginning, texts in longer.items()}
