"""What came of one kind of trial: how often it was tried, what went wrong, and what was lost."""

import msgspec


class Outcome(msgspec.Struct):
    """Of one kind of trial; `faults` are counted by what they are, `lost` is what is gone."""

    what: str
    tried: int = 0
    faults: dict[str, int] = msgspec.field(default_factory=dict)
    lost: int = 0
    more: dict[str, float] = msgspec.field(default_factory=dict)
    """What else there is to count."""

    @property
    def is_well(self) -> bool:
        """Whether nothing went wrong, and nothing was lost."""
        return not self.faults and not self.lost

    def fault(self, what: str) -> None:
        """Take note of something that went wrong."""
        self.faults[what] = self.faults.get(what, 0) + 1

    def add(self, other: "Outcome") -> None:
        """Take in what came of further trials of the same kind."""
        self.tried += other.tried
        self.lost += other.lost
        for own, its in ((self.faults, other.faults), (self.more, other.more)):
            for name, number in its.items():
                own[name] = own.get(name, 0) + number  # type: ignore[assignment]

    def row(self, whole: float) -> str:
        """Return the row of the table; all that there is to try is the `whole`."""
        wrong = sum(self.faults.values())
        more = ", ".join(f"{number:,g} {name}" for name, number in self.more.items())
        return f"| {self.what} | {self.tried:,} of {whole:,g} | {wrong} | {self.lost} | {more} |"
