"""When somebody has finished speaking.

A sentence that nothing longer begins with is over as soon as the voice pauses; inside a phrase
people pause for up to a second, and this one lets them.
"""

from typing import Final

from voice_coach.clock import to_samples
from voice_coach.hearing.commands.decoder import UNKNOWN, Hypothesis
from voice_coach.hearing.commands.phrasebook import Phrases
from voice_coach.hearing.commands.utterance import Utterance

_LOOK: Final = to_samples(0.16)
"""Silence after which the recogniser is asked what it has: longer than a stop consonant's."""
_LOOK_LONGEST: Final = to_samples(3.0)
"""Utterances longer than this are no commands and are not looked into at every pause."""
_HESITATION: Final = to_samples(0.9)
"""Silence allowed inside a phrase that may go on."""
_OTHERWISE: Final = to_samples(0.5)
"""Silence that ends anything else."""
_IN_NOISE: Final = to_samples(0.45)
"""Time since the last word after which a complete sentence is over though the noise goes on."""
_LONGEST: Final = to_samples(8.0)
"""No sentence takes longer; whatever goes on for longer is cut here."""


class Endpointing:
    """Decides when an utterance is over, by what has been said in it so far."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def worth_a_look(self, utterance: Utterance) -> bool:
        """Whether the voice has paused just long enough for the words to be complete."""
        spoken = utterance.last_voice - utterance.first_voice
        return not utterance.probed and utterance.silence >= _LOOK and spoken <= _LOOK_LONGEST

    def paused_for_good(self, utterance: Utterance, mode: str) -> bool:
        """Whether the pause is longer than what has been said allows for."""
        if utterance.silence < _OTHERWISE:
            return False
        open_ended = self._open_ended(utterance.glimpse, mode)
        return utterance.silence >= (_HESITATION if open_ended else _OTHERWISE)

    def over(self, utterance: Utterance, glimpse: Hypothesis, mode: str) -> bool:
        """Whether `utterance` is over although something can still be heard."""
        if utterance.end - utterance.start >= _LONGEST:
            return True
        if not glimpse.words or utterance.end - glimpse.words[-1].end < _IN_NOISE:
            return False
        if self._open_ended(glimpse, mode):
            return utterance.end - glimpse.words[-1].end >= _HESITATION
        return self._phrases.match(glimpse.text, mode) is not None

    def _open_ended(self, glimpse: Hypothesis, mode: str) -> bool:
        words = [word.text for word in glimpse.words if word.text != UNKNOWN]
        return bool(words) and self._phrases.may_continue(" ".join(words), mode)
