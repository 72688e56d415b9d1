"""Whether what has been said so far is a sentence that needs no more."""

from typing import Final

from voice_coach.hearing.commands.acceptance import Reading
from voice_coach.hearing.commands.decoder import UNKNOWN
from voice_coach.hearing.commands.phrasebook import Phrases
from voice_coach.hearing.commands.sentence import Sentence

_ABOUT_AS_WELL: Final = 1.5
"""An urgent sentence waits for the pause after it where the beginning of a longer one fits at most
this much worse (natural logarithm). By the pause it is plain which of the two was said."""


class Completeness:
    """Finds the sentences that can be answered before anybody knows that they are over."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def is_urgent(self, text: str, mode: str) -> bool:
        """Whether `text` is a sentence that waits for no pause."""
        words = [word for word in text.split() if word != UNKNOWN]
        match = self._phrases.match(" ".join(words), mode)
        return match is not None and match.intent in self._phrases.urgent

    def sentence(self, reading: Reading, seen: str, *, goes_on: bool) -> Sentence | None:
        """Return the sentence in `reading` that needs no more, if there is one.

        Parameters
        ----------
        reading
            What has been said so far.
        seen
            What the recogniser made of it while it was being said.
        goes_on
            Whether the voice does; then it may be the beginning of something else.
        """
        sentence = reading.best
        if sentence is None and self.is_urgent(seen, reading.mode) and not self._may_go_on(reading):
            sentence = reading.likeliest
        if sentence is None or self._phrases.may_continue(sentence.text, reading.mode):
            return None
        return None if goes_on and self._has_only_begun(reading) else sentence

    def _may_go_on(self, reading: Reading) -> bool:
        """Whether any of it may be the beginning of something else: "start" may go on.

        What is mistaken for a decoy in mid-word must not cost a "stop".
        """
        texts = (one.text for one in reading.hypotheses)
        return any(text and self._phrases.may_continue(text, reading.mode) for text in texts)

    def _has_only_begun(self, reading: Reading) -> bool:
        """Whether half a sentence ("how am") fits about as well as the best, whole one ("help")."""
        least = reading.hypotheses[0].score - _ABOUT_AS_WELL
        texts = [one.text for one in reading.hypotheses if one.score > least and one.text]
        begun = (text for text in texts if self._phrases.begins(text, reading.mode))
        return any(self._phrases.match(text, reading.mode) is None for text in begun)
