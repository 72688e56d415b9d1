"""What is said just after a command: a command of its own, or only the rest of that one."""

from dataclasses import dataclass
from typing import Final

from voice_coach.clock import to_samples
from voice_coach.hearing.commands.meanings import Match
from voice_coach.hearing.commands.phrasebook import Phrases
from voice_coach.hearing.commands.sentence import Sentence

_AFTERWARDS: Final = to_samples(1.0)
"""What is said so soon after a command may still belong to it ("... please")."""
_VARIATION: Final = 0.6
"""Confidence that another sentence of the same intent needs just after one: the rest of "stop now"
sounds like "ouch", which is lenient as well."""


@dataclass(frozen=True, slots=True)
class _Answered:
    sentence: Sentence
    mode: str

    def is_recent(self, at: int) -> bool:
        """Whether what begins at `at` may still belong to it."""
        return at - self.sentence.end < _AFTERWARDS

    def is_varied_by(self, match: Match) -> bool:
        """Whether `match` is something else of the same intent."""
        return self.sentence.match != match and self.sentence.match.intent == match.intent


class LastCommand:
    """Knows the last command, until nothing more can belong to it.

    Parameters
    ----------
    phrases
        What the commands mean.
    """

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._answered: _Answered | None = None

    def is_remnant(self, sentence: Sentence, confidence: float) -> bool:
        """Whether `sentence`, with so little confidence, is the rest of the last one, misheard."""
        before = self._answered
        if before is None or not before.is_recent(sentence.start):
            return False
        return before.is_varied_by(sentence.match) and confidence < _VARIATION

    def is_repeated(self, sentence: Sentence) -> bool:
        """Whether `sentence` is the last command heard twice, or its end ("stop" "now")."""
        before = self._answered
        if before is None or not before.is_recent(sentence.start):
            return False
        if before.sentence.match != sentence.match:
            return False
        twice = sentence.start < before.sentence.end  # by the recogniser and by the network
        return twice or self._continues(before, sentence.text)

    def ends_with(self, text: str, start: int) -> bool:
        """Whether `text`, which is no sentence, only ends the last command, if it is at `start`."""
        before = self._answered
        if before is None or not before.is_recent(start):
            return False
        return self._continues(before, text)

    def note(self, sentence: Sentence, mode: str) -> None:
        """Note that `sentence` was the last command, said in `mode`."""
        self._answered = _Answered(sentence, mode)

    def _continues(self, before: _Answered, text: str) -> bool:
        """Whether the last command, with `text` after it, still means the same."""
        whole = f"{before.sentence.text} {text}"
        return self._phrases.match(whole, before.mode) == before.sentence.match
