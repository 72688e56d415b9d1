"""The judge of an utterance: whether what was read in it is believed.

It knows what went on meanwhile: what we were saying ourselves, and how much was said that was not
meant for us.
"""

from collections.abc import Sequence
from typing import Final

from voice_coach.hearing.commands.acceptance import Acceptance, Meanwhile, Reading, Weighed
from voice_coach.hearing.commands.command_model import CommandModel
from voice_coach.hearing.commands.decoder import Hypothesis, Word
from voice_coach.hearing.commands.evidence import SoundEvidence
from voice_coach.hearing.commands.explanation import Explain, Reason, explained
from voice_coach.hearing.commands.own_voice import OwnVoice
from voice_coach.hearing.commands.phrasebook import Phrases
from voice_coach.hearing.commands.sentence import Sentence
from voice_coach.hearing.commands.side_talk import SideTalk
from voice_coach.hearing.commands.stop_network import StopWeights
from voice_coach.hearing.commands.stop_spotter import StopSpotter
from voice_coach.hearing.commands.utterance import Utterance
from voice_coach.hearing.commands.witness import Witness

_LIKELY: Final = 0.5
"""Share of the certainty that is needed, from which a sentence is no mere noise."""


class Judge:
    """Judges by the recogniser's reading, the network for "stop", the witness, and the moment.

    Parameters
    ----------
    model
        The recogniser's model, with its witness.
    phrases
        What may be listened for.
    mode
        What is listened for now.
    explain
        Is told why the ear answers, or does not; costs nothing where it is left out.

    Attributes
    ----------
    own
        What we are saying.
    side_talk
        What was said and not meant for us.
    spotter
        Who listens for "stop", if there is a network for it.
    """

    def __init__(
        self, model: CommandModel, phrases: Phrases, mode: str, explain: Explain | None
    ) -> None:
        self.mode = mode
        self._phrases = phrases
        self._acceptance = Acceptance(phrases)
        self._witness = Witness.of_model(model.path, phrases.words())
        self.spotter = _spotter_for(phrases)
        self._explain = explain
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all that went on."""
        self.own = OwnVoice()
        self.side_talk = SideTalk()

    def read(self, hypotheses: list[Hypothesis]) -> Reading:
        """Return what an utterance may have been, of which the recogniser makes `hypotheses`."""
        return self._acceptance.read(hypotheses, self.mode)

    def is_sure(self, sentence: Sentence, confidence: float) -> bool:
        """Whether `sentence` is certain enough to act upon without asking back."""
        return self._acceptance.is_sure(confidence, self._meanwhile(sentence))

    def is_idle(self, start: int, end: int) -> bool:
        """Whether nothing went on over [`start`, `end`) that could be stopped."""
        return self.mode in self._phrases.idle and not self.own.during(start, end)

    def undecided(self, utterance: Utterance, words: Sequence[Word]) -> Word | None:
        """Return the "stop" among `words` of which the network will know more in a moment."""
        return self.spotter.undecided(utterance, words) if self.spotter else None

    def weigh(self, utterance: Utterance, reading: Reading) -> Weighed | None:
        """Weigh the likeliest sentence against everything else that `utterance` may be."""
        evidence = SoundEvidence(utterance, self.spotter, self._witness)
        return self._acceptance.weigh(reading, evidence)

    def believes(self, weighed: Weighed) -> bool:
        """Whether it is certain enough, by what went on while it was said."""
        sentence, meanwhile = weighed.sentence, self._meanwhile(weighed.sentence)
        if self.own.may_be_made_of_us(sentence.words, weighed.features.standing_out):
            return self._acceptance.is_sure(weighed.confidence, meanwhile)
        return self._acceptance.believes(weighed, meanwhile)

    def is_likely(self, weighed: Weighed) -> bool:
        """Whether somebody said something like it, whether that is believed or not."""
        threshold = self._acceptance.threshold(weighed.sentence, self._meanwhile(weighed.sentence))
        return weighed.confidence >= _LIKELY * threshold

    def is_somebody_else(self, utterance: Utterance, sentence: Sentence) -> bool:
        """Whether `sentence` is neither what we are saying nor made out of our echo."""
        standing_out = utterance.voiced_share(sentence.start, sentence.end)
        return self.own.is_somebody_else(sentence.words, standing_out)

    def talks_over_us(self, utterance: Utterance, sentence: Sentence) -> bool:
        """Whether somebody said `sentence` while we were sounding."""
        during = self.own.during(sentence.start, sentence.end)
        return during and self.is_somebody_else(utterance, sentence)

    def tell(
        self,
        reason: Reason,
        utterance: Utterance | None,
        reading: Reading | None = None,
        weighed: Weighed | None = None,
        sentence: Sentence | None = None,
    ) -> None:
        """Explain to whoever asks what was made of `utterance`, and why."""
        if self._explain is None or utterance is None:
            return
        sentence = sentence or (reading.likeliest if reading else None)
        threshold = None
        if sentence:
            threshold = self._acceptance.threshold(sentence, self._meanwhile(sentence))
        self._explain(
            explained(
                reason,
                span=(utterance.start, utterance.end),
                reading=reading,
                weighed=weighed,
                sentence=sentence,
                threshold=threshold,
            )
        )

    def _meanwhile(self, sentence: Sentence) -> Meanwhile:
        """Return what went on while `sentence` was said."""
        span = sentence.start, sentence.end
        side_talk = self.side_talk.seconds(sentence.start)
        return Meanwhile(self.is_idle(*span), self.own.talking(*span), side_talk)


def _spotter_for(phrases: Phrases) -> StopSpotter | None:
    """Return who listens for the language's word for "stop", if there is a network for it."""
    if phrases.stop_word is None or phrases.stop_network is None:
        return None
    return StopSpotter(phrases, phrases.stop_word, StopWeights.load(phrases.stop_network))
