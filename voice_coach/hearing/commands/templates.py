"""The templates of a phrase file as a graph: which word may follow which, and what it says.

A template is never written out as the sentences that it makes. It is built from its end to its
beginning, each part of it before what comes after it, so that parts before the same end share it.
Parts of words are joined first ("light[s]"); a state of the finished graph lies between two words.
Only what could say the same in ever more ways is bounded: ranges, permutations, rules in rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import RangeSlotList, SlotList, TextSlotList, TextSlotValue
from hassil.numbers import get_rbnf_engine

from voice_coach.errors import UserError
from voice_coach.hearing.commands.phrase_file import spelt

_LARGEST: Final = 200_000
"""Parts of all graphs of one phrase file; enough for hundreds of rich templates, and a second."""
_NUMBERS: Final = 10_000
"""Numbers of a range: each is spelt out, which takes a second for so many."""
_WORDINGS: Final = 1_000
"""Wordings of a list's value that has no `out`, each of which is a value of its own."""

_UNSPEAKABLE: Final = re.compile(r"[\d{]")
"""Digits (the same number comes as words, too) and what foreign files escape."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a value of a list says: the slot it fills, and the context it brings along."""

    slot: str
    value: str
    context: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(slots=True, eq=False)
class State:
    """A place between two words: what may follow, the likelier reading first."""

    arcs: dict[str, list[tuple[State, tuple[Said, ...]]]] = field(default_factory=dict)
    end: tuple[Said, ...] | None = None
    """What is said by ending here; None where no sentence ends."""


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What comes next, letter by letter: one of a text, a gap, a value said, a choice, the end."""

    kind: str
    what: Any = None
    after: _Part | None = None


_Key: TypeAlias = tuple[Any, ...]


class Builder:
    """Turns the templates of one phrase file into states.

    Parameters
    ----------
    source
        Where they come from, for error messages.
    language
        In which numbers are spelt out.
    """

    def __init__(self, source: str, language: str) -> None:
        self._source = source
        self._language = language
        self._parts: dict[_Key, _Part] = {}
        self._states: dict[int, State] = {}
        self._built: dict[_Key, _Part | None] = {}
        self._numbers: dict[_Key, tuple[tuple[str, str], ...]] = {}
        self._size = 0
        self._end = self._part("end")

    def state(
        self,
        templates: Iterable[Expression],
        lists: Mapping[str, SlotList],
        rules: Mapping[str, Sentence],
    ) -> State | None:
        """Return where the sentences of `templates` begin; None where they make none.

        `lists` and `rules` are what their names stand for. UserError where a name stands for
        nothing, a rule for itself, or all of it for more than can be listened for.
        """
        context = _Context(lists, rules)
        self._built.clear()  # the same rule may stand for something else now
        try:
            parts = [self._build(template, self._end, context) for template in templates]
            part = self._choice(parts)
            return None if part is None else self._state(part)
        except RecursionError:
            raise self._too_much("a template is nested too deeply or too long") from None

    def _too_much(self, why: str) -> UserError:
        return UserError(
            f"The phrase file {self._source} cannot be listened for: {why}. Make it simpler."
        )

    def _faulty(self, why: str) -> UserError:
        return UserError(f"The phrase file {self._source} has a faulty template: {why}.")

    def _grow(self, by: int = 1) -> None:
        self._size += by
        if self._size > _LARGEST:
            raise self._too_much(
                "its templates go together in too many ways (permutations, lists in a row without "
                "a space, rules within rules)"
            )

    def _part(self, kind: str, what: Any = None, after: _Part | None = None) -> _Part:
        """Return the one part of this kind: equal ones are the same."""
        key = (kind, tuple(map(id, what)) if kind == "choice" else repr(what), id(after))
        if key not in self._parts:
            self._grow()
            self._parts[key] = _Part(kind, what, after)
        return self._parts[key]

    def _choice(self, parts: Iterable[_Part | None]) -> _Part | None:
        known = tuple(dict.fromkeys(part for part in parts if part is not None))
        if len(known) < 2:
            return known[0] if known else None
        return self._part("choice", known)

    def _build(self, template: Expression, after: _Part, context: _Context) -> _Part | None:
        """Return `template` before `after`; None where it cannot be said."""
        key = (id(template), id(after))
        if key not in self._built:
            self._built[key] = self._built_of(template, after, context)
        return self._built[key]

    def _built_of(self, template: Expression, after: _Part, context: _Context) -> _Part | None:
        if isinstance(template, TextChunk):
            return self._text(template.original_text, after)
        if isinstance(template, Alternative):
            return self._choice([self._build(item, after, context) for item in template.items])
        if isinstance(template, Permutation):
            return self._permutation(
                frozenset(range(len(template.items))), template, after, context
            )
        if isinstance(template, Group):
            part: _Part | None = after
            for item in reversed(template.items):
                part = None if part is None else self._build(item, part, context)
            return part
        if isinstance(template, RuleReference):
            return self._rule(template.rule_name, after, context)
        assert isinstance(template, ListReference)
        return self._list(template, after, context)

    def _text(self, text: str, after: _Part) -> _Part | None:
        """Return `text` before `after`, gaps between words as such."""
        part = after
        for piece in reversed(re.findall(r"\s+|\S+", spelt(text))):
            if _UNSPEAKABLE.search(piece):
                return None
            part = self._part("gap" if piece.isspace() else "text", piece.strip(), part)
        return part

    def _permutation(
        self, rest: frozenset[int], template: Permutation, after: _Part, context: _Context
    ) -> _Part | None:
        """Return the items `rest` of `template` in any order, before `after`."""
        if not rest:
            return after
        key = (id(template), rest, id(after))
        if key not in self._built:
            self._grow()
            ways = []
            for number in sorted(rest):
                others = self._permutation(rest - {number}, template, after, context)
                item = template.items[number]
                ways.append(None if others is None else self._build(item, others, context))
            self._built[key] = self._choice(ways)
        return self._built[key]

    def _rule(self, name: str, after: _Part, context: _Context) -> _Part | None:
        if name not in context.rules:
            raise self._faulty(f"there is no rule <{name}>")
        if name in context.within:
            raise self._faulty(f"the rule <{name}> stands within itself")
        context.within.append(name)
        part = self._build(context.rules[name].expression, after, context)
        context.within.pop()
        return part

    def _list(self, reference: ListReference, after: _Part, context: _Context) -> _Part | None:
        name = reference.list_name
        values = context.lists.get(name)
        if values is None:
            inline = reference.get_inline_range()
            if inline is None:
                raise self._faulty(f"there is no list {{{name}}}")
            if inline[0] > inline[1] or not inline[2]:
                raise self._faulty(f"{{{name}}} leads nowhere")
            values = RangeSlotList(name, *inline)
        slot = None if reference.is_capture else reference.slot_name
        if isinstance(values, RangeSlotList):
            said = self._numbers_of(values)
            ways = [self._text(text, self._saying(slot, value, after)) for text, value in said]
            return self._choice(ways)
        if isinstance(values, TextSlotList):
            # A value without a choice is preferred, as it is by hassil.
            plain = sorted(values.values, key=lambda one: not isinstance(one.text_in, TextChunk))
            return self._choice([self._value(one, slot, after, context) for one in plain])
        return None  # a wildcard: anything, which cannot be listened for

    def _saying(
        self,
        slot: str | None,
        value: object,
        after: _Part,
        brought: Mapping[str, Any] | None = None,
    ) -> _Part:
        """Return `after`, where the value of a list has just been said."""
        if slot is None and not brought:
            return after
        if not isinstance(brought or {}, Mapping):
            raise self._faulty("the `context` of a value is no mapping")
        said = Said(slot or "", str(value), brought or {})
        return self._part("said", said, after)

    def _value(
        self, value: TextSlotValue, slot: str | None, after: _Part, context: _Context
    ) -> _Part | None:
        if value.value_out is not None:
            saying = self._saying(slot, value.value_out, after, value.context)
            return self._build(value.text_in, saying, context)
        whole = self._build(value.text_in, self._end, context)
        wordings = [] if whole is None else list(_texts(self._state(whole), _WORDINGS + 1))
        if len(wordings) > _WORDINGS:
            raise self._too_much("a value of a list has too many wordings without an `out`")
        said = ((text, self._saying(slot, text, after, value.context)) for text in wordings)
        return self._choice([self._text(text, part) for text, part in said])

    def _numbers_of(self, values: RangeSlotList) -> tuple[tuple[str, str], ...]:
        """Return the numbers of a range as they are said, each with its value."""
        language = values.words_language or self._language
        span = (values.start, values.stop, values.step)
        key = (*span, values.fraction_type, values.multiplier, values.words, language)
        if key in self._numbers:
            return self._numbers[key]
        count = (values.stop - values.start) // values.step + 1
        if count > _NUMBERS:
            raise self._too_much(
                f"{{{values.name}}} has {count} numbers, of which {_NUMBERS} are the most"
            )
        found: dict[tuple[str, str], None] = {}
        if values.words:
            try:
                engine = get_rbnf_engine(language)
            except (ValueError, AttributeError):
                raise self._too_much(
                    f"numbers in the language {language!r} are not known"
                ) from None
            for number in values.get_numbers():
                value = number if values.multiplier is None else number * values.multiplier
                for text in engine.format_number(number).text_by_ruleset.values():
                    found[text, str(value)] = None
        self._numbers[key] = tuple(found)
        return self._numbers[key]

    def _state(self, part: _Part) -> State:
        """Return the state in which `part` comes next: what words it begins with."""
        if id(part) in self._states:
            return self._states[id(part)]
        state = self._states[id(part)] = State()
        for word, said, after in self._words(part, "", ()):
            if after is None:
                state.end = said if state.end is None else state.end
                continue
            target = self._state(after)
            ways = state.arcs.setdefault(word, [])
            if all(known is not target for known, _ in ways):
                self._grow()
                ways.append((target, said))
        return state

    def _words(
        self, part: _Part, begun: str, said: tuple[Said, ...]
    ) -> Iterator[tuple[str, tuple[Said, ...], _Part | None]]:
        """Yield the next words from `part` on, what they say, and what comes after them.

        `begun` is what there is of the word already. The end comes as no word and nothing after.
        """
        if part.kind == "choice":
            for way in part.what:
                self._grow()
                yield from self._words(way, begun, said)
        elif part.kind == "end":
            yield (begun, said, self._end) if begun else ("", said, None)
        else:
            assert part.after is not None
            if part.kind == "text":
                yield from self._words(part.after, begun + part.what, said)
            elif part.kind == "said":
                yield from self._words(part.after, begun, (*said, part.what))
            elif begun:
                yield begun, said, part.after
            else:
                yield from self._words(part.after, begun, said)


@dataclass(slots=True)
class _Context:
    """What the names in a template stand for."""

    lists: Mapping[str, SlotList]
    rules: Mapping[str, Sentence]
    within: list[str] = field(default_factory=list)
    """The rules that are being built."""


def _texts(state: State, most: int) -> Iterator[str]:
    """Yield what may be said from `state` on, `most` sentences at most."""
    waiting = [(state, "")]
    while waiting and most:
        state, text = waiting.pop()
        if state.end is not None:
            most -= 1
            yield text
        for word, ways in reversed(state.arcs.items()):
            waiting += [(target, f"{text} {word}".strip()) for target, _ in ways]
