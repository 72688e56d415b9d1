"""The sentences of a template: all of them, or a random sample where there are too many."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import factorial, prod

from hassil.errors import MissingListError, MissingRuleError
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
)
from hassil.intents import SlotList, TextSlotList
from hassil.sample import sample_expression
from hassil.util import normalize_whitespace


@dataclass(frozen=True, slots=True)
class Context:
    """What the names in a template stand for."""

    lists: Mapping[str, SlotList]
    rules: Mapping[str, Sentence]
    language: str


def sentences(
    template: Expression, context: Context, most: int, random_numbers: random.Random
) -> Iterable[str]:
    """Return all sentences of `template` if they are at most `most`, else `most` random ones."""
    if count(template, context) <= most:
        return _all(template, context)
    return (_draw(template, context, random_numbers) for _ in range(most))


def count(template: Expression, context: Context) -> int:
    """Return how many sentences `template` makes; the same one made twice counts twice."""
    if isinstance(template, Group):
        counts = [count(item, context) for item in template.items]
        if isinstance(template, Alternative):
            return sum(counts)
        return prod(counts) * (factorial(len(counts)) if isinstance(template, Permutation) else 1)
    if isinstance(template, RuleReference):
        return count(_rule(template, context), context)
    if isinstance(template, ListReference):
        values = _list(template, context)
        if isinstance(values, TextSlotList):
            return sum(count(value.text_in, context) for value in values.values)
        return len(list(_all(template, context)))
    return 1


def _draw(template: Expression, context: Context, random_numbers: random.Random) -> str:
    if isinstance(template, Group):
        items = list(template.items)
        if isinstance(template, Alternative):
            items = [random_numbers.choice(items)]
        elif isinstance(template, Permutation):
            random_numbers.shuffle(items)
        drawn = (_draw(item, context, random_numbers) for item in items)
        return str(normalize_whitespace("".join(drawn)))
    if isinstance(template, RuleReference):
        return _draw(_rule(template, context), context, random_numbers)
    if isinstance(template, ListReference):
        values = _list(template, context)
        if isinstance(values, TextSlotList):
            value = random_numbers.choice(values.values)
            return _draw(value.text_in, context, random_numbers)
        return random_numbers.choice(list(_all(template, context)))
    return next(iter(_all(template, context)))


def _all(template: Expression, context: Context) -> Iterable[str]:
    return sample_expression(
        template, dict(context.lists), dict(context.rules), language=context.language
    )


def _rule(reference: RuleReference, context: Context) -> Expression:
    try:
        return context.rules[reference.rule_name].expression
    except KeyError:
        raise MissingRuleError(f"there is no rule <{reference.rule_name}>") from None


def _list(reference: ListReference, context: Context) -> SlotList:
    try:
        return context.lists[reference.list_name]
    except KeyError:
        raise MissingListError(f"there is no list {{{reference.list_name}}}") from None
