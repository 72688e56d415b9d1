"""What a sentence means, and what it may still become: read along the graph of its template.

Several readings are followed at once, the preferred first: of an earlier intent, of a template
that stands earlier in its block, of an alternative that stands earlier in its template. Where two
of them come to the same place in the same block, all that follows is the same, and the preferred
alone goes on. Fillers may stand between any two words.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeAlias

from hassil.util import check_excluded_context, check_required_context

from voice_coach.hearing.commands.phrase_file import Cost
from voice_coach.hearing.commands.templates import Said, State

_FAR: Final = 2000
"""Continuations of a sentence that are looked at; a sentence that has more may mean more."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a sentence means."""

    intent: str
    slots: Mapping[str, str] = field(default_factory=dict)
    cost: Cost = field(default="normal", compare=False)
    """What a mistake about it costs; two sentences of different cost may mean the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Sentences that mean the same but for what their lists say."""

    intent: str
    start: State
    slots: Mapping[str, str]
    """Filled in whatever is said."""
    cost: Cost
    requires: Mapping[str, Any] = field(default_factory=dict)
    excludes: Mapping[str, Any] = field(default_factory=dict)
    """The context that values of lists must bring along, and must not."""
    keywords: frozenset[str] = frozenset()
    """Words of which one must be said, if there are any."""

    def match(self, said: Iterable[Said], words: Sequence[str]) -> Match | None:
        """Return what a sentence of `words` means that says `said`; None where it may not."""
        if self.keywords and self.keywords.isdisjoint(words):
            return None
        context = {key: value for one in said for key, value in one.context.items()}
        if self.requires and not check_required_context(dict(self.requires), context):
            return None
        if self.excludes and not check_excluded_context(dict(self.excludes), context):
            return None
        slots = {one.slot: one.value for one in said if one.slot}
        return Match(self.intent, {**self.slots, **slots}, self.cost)


_Reading: TypeAlias = tuple[int, State, tuple[Said, ...]]
"""The number of a block, where it has been read to, and what it has said so far."""


class Meanings:
    """Reads sentences of some blocks.

    Parameters
    ----------
    blocks
        The blocks, the preferred first.
    fillers
        What may stand anywhere, each as its words.
    urgent
        Intents that take effect as soon as their words are out.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        fillers: Iterable[Sequence[str]],
        urgent: Collection[str] = (),
    ) -> None:
        self._blocks = tuple(blocks)
        self._urgent = frozenset(urgent)
        self._fillers = tuple(map(tuple, fillers))
        self._start: list[_Reading] = [(at, one.start, ()) for at, one in enumerate(blocks)]

    @lru_cache(maxsize=4096)  # noqa: B019 - asked many times a second; lives as long as the program
    def match(self, words: tuple[str, ...]) -> Match | None:
        """Return what `words` mean; None unless they are a whole sentence."""
        return self._match(self._read(words), words) if words else None

    @lru_cache(maxsize=4096)  # noqa: B019 - as above
    def begins(self, words: tuple[str, ...]) -> bool:
        """Whether a sentence begins with `words`, or is them."""
        return bool(self._read(words))

    @lru_cache(maxsize=4096)  # noqa: B019 - as above
    def may_continue(self, words: tuple[str, ...]) -> bool:
        """Whether a longer sentence begins with `words` and means something else.

        "No" is not waited for because "no stop" begins with it: that stop is heard by itself.
        """
        if not words:
            return False
        readings = self._read(words)
        meant = self._match(readings, words)
        waiting = [(readings, tuple(words))]
        known = set()
        while waiting:
            readings, said = waiting.pop()
            for word, following in self._following(readings):
                if following in known:
                    continue
                known.add(following)
                longer = (*said, word)
                match = self._match(following, longer)
                differs = match is not None and match != meant
                if differs and meant is not None:
                    differs = not self._is_heard_alone(match, longer[len(words) :])
                if differs or len(known) > _FAR:
                    return True
                waiting.append((following, longer))
        return False

    def _is_heard_alone(self, match: Match | None, words: Sequence[str]) -> bool:
        """Whether `words`, the end of a sentence that means `match`, mean it and do not wait."""
        urgent = match is not None and match.intent in self._urgent
        return urgent and self.match(words) == match

    def _read(self, words: Sequence[str]) -> tuple[_Reading, ...]:
        """Return all readings of `words`."""
        at: list[list[_Reading]] = [[] for _ in range(len(words) + 1)]
        at[0] = self._start
        for place, word in enumerate(words):
            readings = _preferred(at[place])
            if not readings:
                continue
            at[place + 1] += _step(readings, word)
            for filler in self._fillers:
                if tuple(words[place : place + len(filler)]) == filler:
                    at[place + len(filler)] += readings
        return _preferred(at[-1])

    def _following(
        self, readings: Sequence[_Reading]
    ) -> Iterator[tuple[str, tuple[_Reading, ...]]]:
        words = dict.fromkeys(word for _, state, _ in readings for word in state.arcs)
        return ((word, _preferred(_step(readings, word))) for word in words)

    def _match(self, readings: Iterable[_Reading], words: Sequence[str]) -> Match | None:
        ended = [one for one in readings if one[1].end is not None]
        for number, state, said in sorted(ended, key=lambda one: one[0]):
            match = self._blocks[number].match((*said, *(state.end or ())), words)
            if match is not None:
                return match
        return None


def _step(readings: Iterable[_Reading], word: str) -> list[_Reading]:
    """Return the readings that go on with `word`."""
    return [
        (number, target, (*before, *said))
        for number, state, before in readings
        for target, said in state.arcs.get(word, ())
    ]


def _preferred(readings: Iterable[_Reading]) -> tuple[_Reading, ...]:
    """Return `readings` without those that another has come to the same place before."""
    found: dict[tuple[int, int], _Reading] = {}
    for reading in readings:
        found.setdefault((reading[0], id(reading[1])), reading)
    return tuple(found.values())
