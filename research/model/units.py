"""What the network tells apart: sub-phone units, their numbers and their hidden Markov models.

A phone is seen as one of three units after its place in the word (first, inner, last), because
onsets and endings of words sound differently; a unit has two outputs ("pdfs") of the network, one
for its first 30 ms frame and one for all that follow, if any. A phone that is a whole word takes
the former from the first-unit and the latter from the last-unit. Silence is a unit of its own, and
so is *garbage*: three states sharing one pdf, trained to be as likely as the best phones for any
word whatever (see `augment`); it is what ``[unk]`` is made of.
"""

from __future__ import annotations

import math

from voice_coach.hearing.commands.phones import PHONES

SILENCE = len(PHONES) * 3
GARBAGE = SILENCE + 1
UNITS = GARBAGE + 1
GARBAGE_PDF = 2 * GARBAGE
PDFS = GARBAGE_PDF + 1
FIRST, INNER, LAST = 0, 1, 2

STAY = 0.5
"""Probability that a state is kept for another frame; of leaving it, the rest."""
LOG_HALF = math.log(STAY)

_PHONE_NUMBER = {phone: number for number, phone in enumerate(PHONES)}

Pair = tuple[int, int]
"""A unit as its pdfs: of the first frame and of the others."""

SILENCE_PAIR: Pair = (2 * SILENCE, 2 * SILENCE + 1)
GARBAGE_PAIR: Pair = (GARBAGE_PDF, GARBAGE_PDF)


def pair(phone: str, first: bool, last: bool) -> Pair:
    """Return the pdfs of `phone` at its place in the word."""
    base = 3 * _PHONE_NUMBER[phone]
    one = base + (FIRST if first else LAST if last else INNER)
    two = base + (LAST if last else FIRST if first else INNER)
    return 2 * one, 2 * two + 1


def word_pairs(phones: list[str] | tuple[str, ...]) -> list[Pair]:
    """Return the units of a word with the given pronunciation."""
    last = len(phones) - 1
    return [pair(phone, i == 0, i == last) for i, phone in enumerate(phones)]
