"""The tally: how many repetitions came to what. Whoever counts them counts them here."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from voice_coach.programme.ledger import Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """How many repetitions were prompted, and what they came to.

    What was prompted and never resolved is none of them.
    """

    prompted: int = 0
    good: int = 0
    """Landed as firmly as was wanted."""
    soft: int = 0
    hard: int = 0
    not_heard: int = 0
    unsure: int = 0
    """Perhaps heard: left open."""
    told: int = 0
    """Counted by the person, where nothing could be heard."""

    @classmethod
    def of(cls, outcomes: Iterable[Outcome | None] | Mapping[Outcome | None, int]) -> Self:
        """Return the tally of what each repetition came to, or of how many came to what."""
        count = Counter(outcomes)
        return cls(
            prompted=count.total(),
            good=count[Outcome.HEARD],
            soft=count[Outcome.SOFT],
            hard=count[Outcome.HARD],
            not_heard=count[Outcome.NOT_HEARD],
            unsure=count[Outcome.UNSURE],
            told=count[Outcome.TOLD],
        )

    @property
    def heard(self) -> int:
        """How many landings were heard, the soft and the hard ones included."""
        return self.good + self.soft + self.hard

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.prompted + other.prompted,
            self.good + other.good,
            self.soft + other.soft,
            self.hard + other.hard,
            self.not_heard + other.not_heard,
            self.unsure + other.unsure,
            self.told + other.told,
        )

    def table(self) -> dict[str, int]:
        """Return the counts by the names under which they are written."""
        return {
            "prompted": self.prompted,
            "heard": self.heard,
            "soft": self.soft,
            "hard": self.hard,
            "unsure": self.unsure,
            "told": self.told,
            "not_heard": self.not_heard,
        }
