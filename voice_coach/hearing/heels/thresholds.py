"""The limits between counted and rejected, chosen on development sessions by a command."""

from functools import lru_cache
from importlib import resources

import msgspec


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``research/heels/choose.py`` chose, and wrote into ``thresholds.json``."""

    at_once: float
    """Logarithm of the odds from which a sound is counted in its window at once."""
    likely: float
    """The same from which it is counted at its second look."""
    unsure: float
    """The same from which one that is not counted leaves it open whether the heels landed."""
    hearable_db: float
    """Least margin at which a set is listened to, in dB."""
    reason: str
    """Why these, in words and figures."""


@lru_cache(maxsize=1)
def load() -> Thresholds:
    """Return the limits that ship."""
    data = resources.files("voice_coach.hearing.heels").joinpath("thresholds.json")
    return msgspec.json.decode(data.read_bytes(), type=Thresholds)
