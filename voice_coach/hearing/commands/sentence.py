"""A sentence that is listened for, as it was heard."""

from dataclasses import dataclass

from voice_coach.hearing.commands.decoder import Word
from voice_coach.hearing.commands.meanings import Match


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was said, and what it means."""

    match: Match
    words: tuple[Word, ...]
    """Its words, at least one, without unknown sound around them."""

    @property
    def text(self) -> str:
        """The sentence as it was said, fillers included."""
        return " ".join(word.text for word in self.words)

    @property
    def start(self) -> int:
        """Stream position of its first sample."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Stream position after its last sample."""
        return self.words[-1].end
