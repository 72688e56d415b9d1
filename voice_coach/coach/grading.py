"""What a landing was worth: its level against the band that is prescribed.

Firmness is a prescription, not a score: a landing above the band is as wrong as one below.
"""

from dataclasses import replace
from typing import Final

from voice_coach.programme.ledger import Outcome
from voice_coach.programme.planner import Band

HYSTERESIS_DB: Final = 1.5
"""A level this close to an edge of the band is graded, but not remarked upon."""

TIGHTEST_DB: Final = -4.0
"""However little somebody's gentle drop differs from a good one, soft begins no higher, in dB."""


def of_person(band: Band, soft_shift_db: float) -> Band:
    """Return `band` with its lower edge moved to where soft begins for this person.

    A band is prescribed as for anybody; `soft_shift_db` says how far from the usual somebody's
    own gentle drop puts soft. An edge that is already as tight is left where it is.
    """
    edge = min(band.soft_below_db + soft_shift_db, max(band.soft_below_db, TIGHTEST_DB))
    return replace(band, soft_below_db=edge)


def grade(level_db: float, band: Band) -> Outcome:
    """Return what a landing at `level_db`, relative to the user's own drops, came to."""
    if level_db < band.soft_below_db:
        return Outcome.SOFT
    if level_db > band.hard_above_db:
        return Outcome.HARD
    return Outcome.HEARD


def is_clear(level_db: float, band: Band) -> bool:
    """Whether the level is far enough from both edges of the band to speak about."""
    return all(
        abs(level_db - edge) > HYSTERESIS_DB for edge in (band.soft_below_db, band.hard_above_db)
    )
