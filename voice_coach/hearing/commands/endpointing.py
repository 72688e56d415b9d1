"""When somebody has finished speaking.

A sentence that nothing longer begins with is over as soon as the voice pauses; inside a phrase
people pause for up to a second, and this one lets them.
"""

from typing import Final

from voice_coach.clock import to_samples
from voice_coach.hearing.commands.decoder import UNKNOWN
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
_SETTLED: Final = to_samples(0.3)
"""Time without a new word after which a complete sentence is looked into though noise goes on."""
_LAG: Final = to_samples(0.5)
"""The longest that the recogniser takes to show a new word: look-ahead, chunk, and the word."""
_UNSEEN: Final = to_samples(1.2)
"""How long a sentence may be of which the recogniser does not yet show a word."""
_OTHER_SPEECH: Final = to_samples(2.0)
"""Time without a known word after which sound that never dips is cut: every cut lets the recogniser
hear a moment twice."""
_HALTING: Final = to_samples(3.0)
"""The same for sound with gaps, which may be a long sentence that is not yet understood."""
_LONGEST: Final = to_samples(8.0)
"""No sentence takes longer; whatever goes on for longer is cut here."""


class Endpointing:
    """Decides when an utterance is over, by what has been said in it so far."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def worth_a_look(self, utterance: Utterance, mode: str, *, looked_into: bool = False) -> bool:
        """Whether the words may be complete: the voice has paused, or no new ones come.

        A pause that has been `looked_into` is not worth another look.
        """
        spoken = utterance.last_voice - utterance.first_voice
        if utterance.silence >= _LOOK and spoken <= _LOOK_LONGEST:
            return not looked_into and self._is_promising(utterance, mode)
        settled = utterance.unchanged >= _SETTLED and utterance.text != utterance.seen
        return settled and self._is_complete(utterance.text, mode)

    def over(self, utterance: Utterance, mode: str) -> bool:
        """Whether `utterance` is over: by the silence, or because nothing new is said."""
        if utterance.end - utterance.start >= _LONGEST:
            return True
        patience = _HESITATION if self._may_continue(utterance.text, mode) else _OTHERWISE
        if utterance.silence >= patience:
            return True
        if set(utterance.text.split()) == {UNKNOWN}:
            return utterance.unchanged >= _OTHER_SPEECH and (
                utterance.unchanged >= _HALTING or self._never_dips(utterance)
            )
        return bool(utterance.text) and utterance.unchanged >= patience + _LAG

    def _is_promising(self, utterance: Utterance, mode: str) -> bool:
        """Whether what is being said, the last word perhaps not yet seen, can be a sentence."""
        words = utterance.text.split()
        if set(words) <= {UNKNOWN}:
            if words and utterance.unchanged >= _LAG:  # a noise beside a sentence is short
                return False
            return utterance.last_voice - utterance.first_voice <= _UNSEEN
        known = words[words[:1] == [UNKNOWN] : len(words) - (words[-1:] == [UNKNOWN])]
        return UNKNOWN not in known and self._phrases.begins(" ".join(known), mode)

    @staticmethod
    def _never_dips(utterance: Utterance) -> bool:
        """Whether a voice has stood out all the time since the recogniser last saw a word."""
        return utterance.voiced_share(utterance.end - _OTHER_SPEECH, utterance.end) == 1.0

    def _is_complete(self, text: str, mode: str) -> bool:
        return not self._may_continue(text, mode) and self._phrases.match(text, mode) is not None

    def _may_continue(self, text: str, mode: str) -> bool:
        known = " ".join(word for word in text.split() if word != UNKNOWN)
        return bool(known) and self._phrases.may_continue(known, mode)
