"""Which intents are listened for in which mode, and what a mistake about them costs.

The costs are data for every language, in `listening.toml`. The modes are handed in: whoever hears
need not know what for.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Self

import msgspec

_COSTS: Final = Path(__file__).with_name("listening.toml")


class Listening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is listened for; by default everything, always, at no special cost."""

    modes: dict[str, tuple[str, ...]] = {}
    """The intents of each mode; without any mode, all that a phrase file has."""
    strict: tuple[str, ...] = ()
    """Intents that are costly to believe wrongly."""
    lenient: tuple[str, ...] = ()
    """Intents that are costly to miss."""
    urgent: tuple[str, ...] = ()
    """Intents that take effect as soon as their words are out, not when the speech ends."""
    idle: tuple[str, ...] = ()
    """Modes in which, while we are silent, nothing is costly to miss."""
    precedence: tuple[str, ...] = ()
    """Intents that have a sentence which belongs to others as well, the first of all first."""
    precedence_in: dict[str, tuple[str, ...]] = {}
    """The precedence of single modes, in place of the other."""

    @classmethod
    def load(cls, modes: Mapping[str, Iterable[str]]) -> Self:
        """Return the shipped costs and precedence, for `modes`."""
        costs: dict[str, Any] = tomllib.loads(_COSTS.read_text(encoding="utf-8"))
        return msgspec.convert({**costs, "modes": modes}, cls)

    def intents(self, mode: str) -> tuple[str, ...]:
        """Return the intents of `mode` in the order in which they are tried; KeyError for none."""
        first = self.precedence_in.get(mode, self.precedence)
        rank = {intent: number for number, intent in enumerate(first)}
        return tuple(sorted(self.modes[mode], key=lambda intent: rank.get(intent, len(rank))))
