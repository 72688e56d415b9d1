"""A landing, as the heel ear reports it; and why a sudden sound was one, or was not."""

from dataclasses import dataclass
from enum import StrEnum

from voice_coach.hearing.heels.comparison import Comparison


@dataclass(frozen=True, slots=True)
class Landing:
    """Heels that landed, or may have; positions are stream samples."""

    impact: int
    """Position of the impact."""
    decided: int
    """Position up to which sound was needed to decide."""
    level_db: float
    """Against the person's own calibration drops (0 = like them), else the built-in reference."""
    probability: float
    """That these were the person's heels, 0 to 1."""
    certain: bool
    """False for a sound that may have been the heels or something else."""
    late: bool = False
    """It was doubtful in its own window, and was decided by what followed."""
    gentle_db: float | None = None
    """How loud the gentle drop of the same calibration was, likewise; None without one."""


class Rejection(StrEnum):
    """Why a sudden sound was not counted."""

    UNSURE = "may have been the drops or something else"
    NOT_LIKE_THE_DROPS = "not like the drops of the calibration"
    OUTSIDE_WINDOW = "outside every listening window"
    ALREADY_COUNTED = "this window's repetition was counted already"
    BETTER_ONE_FOUND = "another sound in this window was more likely"
    REFRACTORY = "too soon after a counted thump"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sudden sound and what became of it: who asks why it was counted or not begins here."""

    landing: Landing
    rejected: Rejection | None
    """None when it was counted."""
    comparison: Comparison
    """What the judge went by."""

    @property
    def is_landing(self) -> bool:
        """Whether it is reported: the heels landed, or may have."""
        return self.rejected is None or self.rejected is Rejection.UNSURE
