"""Grading a landing inside the prescribed firmness band, relative to the user's own drops."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HYSTERESIS_DB: Final = 1.0
"""How far beyond a limit the level must go before the grade of the last landing changes, in dB."""


class Landing(StrEnum):
    """How a landing compares with the band."""

    SOFT = "soft"
    GOOD = "good"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Band:
    """The levels of a good landing, in dB relative to the user's calibration drops."""

    soft_below: float = -6.0
    hard_above: float = 6.0


def grade(level_db: float, band: Band | None = None, previous: Landing | None = None) -> Landing:
    """Return how a landing of `level_db` is graded.

    Parameters
    ----------
    level_db : float
        Relative to the user's own calibration drops, in dB.
    band : Band, optional
        The prescribed firmness; the default band when None.
    previous : Landing, optional
        The grade of the landing before: it is kept until the level is `HYSTERESIS_DB` beyond
        the limit, so that drops near a limit are not told one thing and then the other.
    """
    band = band or Band()
    soft, hard = band.soft_below, band.hard_above
    if previous is not None:
        soft += HYSTERESIS_DB if previous is Landing.SOFT else -HYSTERESIS_DB
        hard += -HYSTERESIS_DB if previous is Landing.HARD else HYSTERESIS_DB
    if level_db < soft:
        return Landing.SOFT
    return Landing.HARD if level_db > hard else Landing.GOOD
