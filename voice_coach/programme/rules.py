"""The rules that hold at every level, read from ``rules.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from voice_coach.programme.firmness import Firmness
from voice_coach.programme.tempo import Pace, spelt_out

_FILE = Path(__file__).with_name("rules.toml")


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
