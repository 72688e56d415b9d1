"""What a landing came to: its level against the band for this person."""

from typing import Final

from voice_coach.programme.firmness import Band
from voice_coach.programme.ledger import Outcome

HYSTERESIS_DB: Final = 1.5
"""A level this close to an edge of the band is graded, but not remarked upon."""


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
