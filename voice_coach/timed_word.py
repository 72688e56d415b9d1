"""A word, and when it is said: how words travel between the rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word in small letters, said within [`start`, `end`) samples."""

    text: str
    start: int
    end: int

    def later(self, by: int) -> "TimedWord":
        """Return the word as it is said `by` samples later."""
        return TimedWord(self.text, self.start + by, self.end + by)

    def stretched(self, factor: float) -> "TimedWord":
        """Return the word as it is said where all takes `factor` times as long."""
        return TimedWord(self.text, round(self.start * factor), round(self.end * factor))
