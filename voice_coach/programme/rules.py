"""The rules that hold at every level, read from ``rules.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from voice_coach.programme.tempo import Pace, spelt_out

_FILE = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, slots=True)
class Band:
    """The levels a thump should lie between, in dB relative to the person's calibration."""

    soft_below_db: float
    hard_above_db: float

    def __post_init__(self) -> None:
        if not self.soft_below_db < self.hard_above_db:
            raise ValueError("soft_below_db must be lower than hard_above_db")


@dataclass(frozen=True, slots=True)
class Firmness:
    """How firmly a person is to land; `asks_for_more`: a soft landing is answered."""

    band: Band
    asks_for_more: bool


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``rules.toml``, which says what each value means."""

    days_off: int
    screening_days: int
    soreness_days: int
    highest_by_word: str
    may_override: Mapping[str, bool]
    pace: Pace
    firmness: Mapping[str, Firmness]


@cache
def load_rules() -> Rules:
    """Return the shipped rules."""
    content = spelt_out(tomllib.loads(_FILE.read_text(encoding="utf-8")))
    return msgspec.convert(content, Rules)
