"""What the thump ear reports: thumps, and why each candidate was counted or refused."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ThumpHeard:
    """A repetition that was heard; positions are stream samples."""

    at: int
    """Position of the impact."""
    decided: int
    """Position up to which sound was needed to decide."""
    level_db: float
    """Against the user's own calibration drops (0 = like them), else the built-in reference."""
    probability: float
    """That this was the user's heels, 0 to 1."""


class Refusal(StrEnum):
    """Why a sudden sound was not counted."""

    UNSURE = "may have been the drops or something else"
    NOT_LIKE_THE_DROPS = "not like the drops of the calibration"
    TOO_WEAK = "too weak to tell from the room"
    OUTSIDE_WINDOW = "outside every listening window"
    ALREADY_COUNTED = "this window's repetition was counted already"
    BETTER_ONE_FOUND = "another sound in this window was more likely"
    REFRACTORY = "too soon after a counted thump"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sudden sound that was considered, and what became of it."""

    at: int
    decided: int
    level_db: float
    probability: float
    refused: Refusal | None
    """None when it was counted."""
    detail: str
    """What spoke loudest for or against it, in words."""
