"""What came of one kind of trial: how often it was tried, what went wrong, and what was lost."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """Of one kind of trial; `faults` are counted by what they are, `lost` is what is gone."""

    what: str
    tried: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    more: str = ""
    """What else there is to say."""

    @property
    def is_well(self) -> bool:
        """Whether nothing went wrong, and nothing was lost."""
        return not self.faults and not self.lost

    def row(self) -> str:
        """Return the row of the table."""
        wrong = sum(self.faults.values())
        return f"| {self.what} | {self.tried} | {wrong} | {self.lost} | {self.more} |"
