"""Whether one heel keeps landing after the other: a hint for the therapist, and for nobody else."""

from collections.abc import Iterable
from statistics import median
from typing import Final

from voice_coach.programme.repetition import Repetition
from voice_coach.reports.words import ENGLISH, Language

ENOUGH: Final = 20
"""Landings of which it must be known."""

APART_MS: Final = 15.0
"""A shorter lag is none: the nearest walls sound as late."""

ALIKE_MS: Final = 8.0
"""Lags this near to their median are the same one."""


def hint(repetitions: Iterable[Repetition], words: Language = ENGLISH) -> str | None:
    """Return what is noticed of `repetitions`; None where the heels land together, or who knows.

    The same lag must have been heard in half of the landings of which anything is known.
    """
    known = [each.lag_ms for each in repetitions if each.lag_ms is not None]
    apart = [lag_ms for lag_ms in known if lag_ms >= APART_MS]
    if len(known) < ENOUGH or not apart:
        return None
    usual = median(apart)
    alike = sum(abs(lag_ms - usual) <= ALIKE_MS for lag_ms in apart)
    if 2 * alike < len(known):
        return None
    lag = round(usual / 5) * 5
    return str(words.figures.apart.format(alike=alike, known=len(known), lag=lag))
