"""The levels of the programme, read from ``levels.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from voice_coach.programme.tempo import Tempo, spelt_out

_FILE = Path(__file__).with_name("levels.toml")


class Range(NamedTuple):
    """Two whole numbers, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class MoveUp:
    """What must lie behind a person before the next level is offered."""

    weeks: int
    sessions: int


class Dose(NamedTuple):
    """What one session asks for."""

    sets: int
    repetitions: int

    @property
    def total(self) -> int:
        """Repetitions of the whole session."""
        return self.sets * self.repetitions


@dataclass(frozen=True, slots=True)
class Level:
    """One row of the programme; ``levels.toml`` says what each field means.

    `cap` is the most repetitions of one day. The file leaves it out: it is the high end of the
    range unless a prescription lowers it.
    """

    name: str
    repetitions: Range
    sets: Range
    sessions_per_week: Range
    sessions_per_step: int
    rest_days: int
    rest: float
    tempo: Tempo
    move_up: MoveUp | None = None
    cap: int = 0

    def __post_init__(self) -> None:
        for name in ("repetitions", "sets", "sessions_per_week"):
            low, high = getattr(self, name)
            if not 1 <= low <= high:
                raise ValueError(f"{name} of {self.name}: {low}-{high} is not a range from 1 up")
        if not self.cap:
            object.__setattr__(self, "cap", self.repetitions.high * self.sets.high)

    def steps(self) -> tuple[Dose, ...]:
        """Return the doses from the low to the high end, each more than the one before.

        Repetitions grow first; a set is added at the low number of repetitions, so that no step
        is a leap. Doses above the cap are left out; the lowest is always there, cut to the cap.
        """
        doses = [
            Dose(sets, repetitions)
            for sets in range(self.sets.low, self.sets.high + 1)
            for repetitions in range(self.repetitions.low, self.repetitions.high + 1)
        ]
        climbing = [doses[0]]
        for dose in doses[1:]:
            if climbing[-1].total < dose.total <= self.cap:
                climbing.append(dose)
        climbing[0] = within(climbing[0], self.cap)
        return tuple(climbing)


def within(dose: Dose, most: int) -> Dose:
    """Return `dose` with whole sets taken off, then repetitions, until it fits `most` (>= 1)."""
    sets = min(dose.sets, most // dose.repetitions)
    return Dose(sets, dose.repetitions) if sets else Dose(1, most)


class _LevelsFile(msgspec.Struct, forbid_unknown_fields=True):
    levels: tuple[Level, ...]


@cache
def load_levels() -> tuple[Level, ...]:
    """Return the shipped levels, easiest first."""
    content = spelt_out(tomllib.loads(_FILE.read_text(encoding="utf-8")))
    return msgspec.convert(content, _LevelsFile).levels
