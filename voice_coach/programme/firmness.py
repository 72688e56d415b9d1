"""How firmly to land: between which levels, and where soft begins for one person.

Levels are in dB relative to the person's own calibration drops. Firmness is a prescription, not
a score: a landing above the band is as wrong as one below. The bands themselves are in
``rules.toml``; what is soft and what is hard is said here and there, and nowhere else.
"""

from dataclasses import dataclass, replace
from typing import Final

USUAL_GENTLE_DB: Final = -12.0
"""A gentle drop is usually so much fainter than a good one; the bands are made for that."""

SHARE: Final = 0.5
"""By this share of what their gentle drop differs from the usual, soft begins elsewhere."""

OWN_SHIFT_DB: Final = (-3.0, 2.0)
"""However gentle the gentle drop was, soft begins by no more than this lower or higher."""

TIGHTEST_DB: Final = -4.0
"""It begins no higher than this, unless a band that does was prescribed."""


@dataclass(frozen=True, slots=True)
class Band:
    """The levels a landing should lie between, in dB relative to the person's calibration."""

    soft_below_db: float
    hard_above_db: float

    def __post_init__(self) -> None:
        if not self.soft_below_db < self.hard_above_db:
            raise ValueError("soft_below_db must be lower than hard_above_db")

    def of_person(self, gentle_db: float | None) -> "Band":
        """Return the band for somebody whose gentle drop was at `gentle_db`; None is unknown.

        The lower edge moves to where soft begins for them.
        """
        own = self.soft_below_db + soft_shift_db(gentle_db)
        return replace(self, soft_below_db=min(own, max(self.soft_below_db, TIGHTEST_DB)))


@dataclass(frozen=True, slots=True)
class Firmness:
    """How firmly a person is to land; `asks_for_more`: a soft landing is answered."""

    band: Band
    asks_for_more: bool


def soft_shift_db(gentle_db: float | None) -> float:
    """Return how far from the usual soft begins for a person, in dB; below 0 is softer.

    With the moderate band it is half way to their gentle drop, within limits.
    """
    if gentle_db is None:
        return 0.0
    lowest, highest = OWN_SHIFT_DB
    return min(max(SHARE * (gentle_db - USUAL_GENTLE_DB), lowest), highest)
