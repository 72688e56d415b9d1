"""The command ear: microphone samples in, commands and speech not understood out.

Sound that stands out of the room opens an utterance; the recogniser hears the whole of it. An
utterance is looked into as soon as the voice pauses: a sentence that nothing longer begins with
is answered there and then, anything else gets the time people need inside a phrase. Urgent
sentences do not wait even for the pause.

What follows what stands in the table of `listening_states`. Here is how things are noticed
(`_hop`, `_consider`, `_glance`), and what is done about them (`_look_into`, `_conclude`).
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands.acceptance import Acceptance, Meanwhile, Reading, Weighed
from voice_coach.hearing.commands.command_model import CommandModel
from voice_coach.hearing.commands.completeness import Completeness
from voice_coach.hearing.commands.decoder import Decoder, Word
from voice_coach.hearing.commands.endpointing import Endpointing
from voice_coach.hearing.commands.evidence import SoundEvidence
from voice_coach.hearing.commands.explanation import Explain, Reason, explained
from voice_coach.hearing.commands.front_end import FrontEnd
from voice_coach.hearing.commands.grammar import check_words, decoders
from voice_coach.hearing.commands.heard import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.commands.hops import Hops
from voice_coach.hearing.commands.last_command import LastCommand
from voice_coach.hearing.commands.listening_states import (
    AWAITING,
    PAUSE_KNOWN,
    Noticed,
    State,
    after,
)
from voice_coach.hearing.commands.own_voice import OwnVoice
from voice_coach.hearing.commands.phrasebook import Phrases
from voice_coach.hearing.commands.sentence import Sentence
from voice_coach.hearing.commands.side_talk import SideTalk
from voice_coach.hearing.commands.stop_network import StopWeights
from voice_coach.hearing.commands.stop_spotter import Stop, StopSpotter
from voice_coach.hearing.commands.utterance import Lead, Utterance, to_pcm
from voice_coach.hearing.commands.voice_watch import VoiceWatch
from voice_coach.hearing.commands.witness import Witness
from voice_coach.samples import Samples
from voice_coach.timed_word import TimedWord

Heard: TypeAlias = CommandHeard | SpeechNotUnderstood

_ONSET: Final = 2
"""Hops of voice with which an utterance opens."""
_GLANCE: Final = 3
"""Hops between two looks at what the recogniser makes of an unfinished utterance."""
_SPEECH: Final = to_samples(0.25)
"""Shorter sounds are not speech that was not understood, but a noise."""
_OVERLAP: Final = to_samples(0.7)
"""What an utterance that had to be cut passes on to the next: a word may have begun in it."""


class CommandEar:
    """Hears the sentences of the present mode.

    Parameters
    ----------
    model
        The recogniser's model.
    phrases
        What is listened for; UserError if `model` does not know a word of it.
    explain
        Is told why the ear answers, or does not; costs nothing where it is left out.
    """

    def __init__(
        self, model: CommandModel, phrases: Phrases, explain: Explain | None = None
    ) -> None:
        check_words(phrases, model)
        self._phrases = phrases
        self._acceptance = Acceptance(phrases)
        self._completeness = Completeness(phrases)
        self._endpointing = Endpointing(phrases)
        self._decoders = decoders(phrases, model)
        self._mode = next(iter(self._decoders))
        self._witness = Witness.of_model(model.path, phrases.words())
        self._spotter = _spotter_for(phrases)
        self._explain = explain
        self._utterance: Utterance | None = None
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all that was heard: the next sample fed is the first of another stream."""
        if self._utterance:
            self._decoder.reset()
        self._hops = Hops()
        self._front_end = FrontEnd()
        self._watch = VoiceWatch()
        self._own = OwnVoice()
        self._last = LastCommand(self._phrases)
        self._side_talk = SideTalk()
        self._state = State.QUIET
        self._lead = Lead()
        self._utterance = None
        self._position = 0

    @property
    def speech_began(self) -> int | None:
        """Where somebody, not we, began to speak; None while nobody does, or does all along."""
        return self._watch.began

    def listen_for(self, mode: str) -> None:
        """Listen for the sentences of `mode` from the next sample fed.

        What is being said at this moment is heard whole, as a sentence of the new mode.
        """
        self._phrases.intents(mode)  # raises where there is no such mode
        previous = self._decoder
        self._mode = mode if self._phrases.modes else self._mode
        if self._utterance and self._decoder is not previous:
            previous.reset()
            self._decode_anew(self._utterance)

    def own_speech(self, start: int, end: int, words: Sequence[TimedWord]) -> None:
        """Note that we will be saying `words`, or sounding a tone, over [`start`, `end`)."""
        self._own.announce(start, end, words)

    def hush_own_speech(self, at: int) -> None:
        """Note that our speech was cut off at `at`."""
        self._own.cut(at)

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[Heard]:
        """Take in the stream's next samples and return what was heard in them.

        Parameters
        ----------
        microphone
            Samples, any number; what is not a number counts as silence.
        playback
            What our loudspeaker emitted at the same positions, as many.
        """
        microphone = np.asarray(microphone, np.float32)
        if not np.isfinite(microphone).all():
            microphone = np.nan_to_num(microphone, posinf=1.0, neginf=-1.0)
        playback = np.zeros_like(microphone) if playback is None else playback
        heard: list[Heard] = []
        for hop in self._hops.cut(microphone, playback):
            heard += self._hop(*hop)
        return heard

    def flush(self) -> list[Heard]:
        """Decide upon what was said last, because nothing more will be fed."""
        heard = self.feed(np.zeros(self._hops.missing, np.float32))
        if self._utterance:
            heard += self._conclude(self._utterance, self._read())
        if self._utterance:  # its end, passed on in case more had come
            self._decoder.reset()
            self._close(Noticed.END)
        self._watch = VoiceWatch()
        return heard

    @property
    def _decoder(self) -> Decoder:
        """The decoder of the present mode."""
        return self._decoders[self._mode]

    def _go(self, noticed: Noticed) -> None:
        """Pass to the state that follows."""
        self._state = after(self._state, noticed)

    def _hop(self, microphone: Samples, playback: Samples) -> list[Heard]:
        """Take in one hop of `BLOCK` samples."""
        sound, voice = self._front_end.hop(microphone, playback)
        self._watch.step(sound, voice)
        self._go(Noticed.VOICE if voice else Noticed.NO_VOICE)
        self._position += BLOCK
        pcm = to_pcm(sound)
        if self._utterance is None:
            self._lead.append(pcm)
            if self._state is State.LISTENING:
                hops = self._lead.take()
                self._open(Utterance(self._position - BLOCK * len(hops), hops, _ONSET))
            return []
        self._utterance.append(pcm, voice)
        self._side_talk.hear(self._watch.is_vowel)
        self._decoder.accept(pcm)
        return self._consider(self._utterance)

    def _consider(self, utterance: Utterance) -> list[Heard]:
        """Look into `utterance`, or decide about it, if it is time for that."""
        if len(utterance.hops) % _GLANCE == 0:
            noticed = self._glance(utterance)
            if noticed:
                return self._look_into(utterance, noticed)
        if self._spotter and self._own.during(utterance.start, utterance.end):
            stop = self._spotter.listen(utterance, self._mode)
            if stop and self._talks_over_us(utterance, stop.sentence):
                self._decoder.reset()
                return self._answer(stop.sentence, stop.score)
            stop = self._spotter.take_left_over(utterance)
            if stop and self._talks_over_us(utterance, stop.sentence):
                return self._look_into(utterance, Noticed.LIKELY_STOP, stop)
        looked_into = self._state in PAUSE_KNOWN
        if self._endpointing.worth_a_look(utterance, self._mode, looked_into=looked_into):
            return self._look_into(utterance, Noticed.PAUSE)
        if self._endpointing.over(utterance, self._mode):
            return self._conclude(utterance, self._read())
        return []

    def _glance(self, utterance: Utterance) -> Noticed | None:
        """See what the recogniser makes of `utterance` so far, and return what that leads to."""
        known = utterance.text, utterance.seen
        utterance.glimpse(self._decoder.partial())
        # Where there is nothing to stop, "start ..." shall not be taken for it half-way.
        idle = self._is_idle(utterance.start, utterance.end)
        news = "" if idle or utterance.text in known else utterance.text
        if self._completeness.is_urgent(news, self._mode):
            return Noticed.URGENT
        awaited = (utterance.awaited,) if utterance.awaited else ()
        if self._state in AWAITING and not self._undecided(utterance, awaited):
            return Noticed.DECIDED
        return None

    def _look_into(
        self, utterance: Utterance, noticed: Noticed, stop: Stop | None = None
    ) -> list[Heard]:
        """Answer now, if what has been said so far is a sentence that needs no more.

        `stop` is what the network takes it for; it counts where the recogniser has nothing better.
        """
        self._go(noticed)
        if noticed is not Noticed.DECIDED:
            utterance.look()
        reading = self._read()
        goes_on = self._state is State.LISTENING
        sentence = self._completeness.sentence(reading, utterance.text, goes_on=goes_on)
        awaited = self._undecided(utterance, sentence.words) if sentence else None
        if sentence and not awaited:
            weighed = self._weigh(utterance, reading)
            if weighed and self._believes(weighed):
                return self._conclude(utterance, reading, weighed)
            self._tell(Reason.UNCERTAIN, utterance, reading, weighed)
        elif reading.words:
            self._tell(_not_yet(reading, awaited), utterance, reading)
        if stop and self._spotter and self._spotter.resembles(reading.words):
            return self._answer(stop.sentence, stop.score)
        if reading.hypotheses:
            utterance.glimpse(reading.hypotheses[0].text)
        utterance.awaited = awaited
        if awaited:
            self._go(Noticed.UNDECIDED)
        self._decode_anew(utterance)
        return []

    def _read(self) -> Reading:
        """End the utterance for the recogniser, and return what it may have been."""
        return self._acceptance.read(self._decoder.finish(), self._mode)

    def _is_idle(self, start: int, end: int) -> bool:
        """Whether nothing went on over [`start`, `end`) that could be stopped."""
        return self._mode in self._phrases.idle and not self._own.during(start, end)

    def _undecided(self, utterance: Utterance, words: Sequence[Word]) -> Word | None:
        """Return the "stop" among `words` of which the network will know more in a moment."""
        return self._spotter.undecided(utterance, words) if self._spotter else None

    def _weigh(self, utterance: Utterance, reading: Reading) -> Weighed | None:
        """Weigh the likeliest sentence against everything else that `utterance` may be."""
        evidence = SoundEvidence(utterance, self._spotter, self._witness)
        return self._acceptance.weigh(reading, evidence)

    def _believes(self, weighed: Weighed) -> bool:
        """Whether it is certain enough, by what went on while it was said."""
        sentence, meanwhile = weighed.sentence, self._meanwhile(weighed.sentence)
        if self._own.may_be_made_of_us(sentence.words, weighed.features.standing_out):
            return self._acceptance.is_sure(weighed.confidence, meanwhile)
        return self._acceptance.believes(weighed, meanwhile)

    def _meanwhile(self, sentence: Sentence) -> Meanwhile:
        """Return what went on while `sentence` was said."""
        span = sentence.start, sentence.end
        side_talk = self._side_talk.seconds(sentence.start)
        return Meanwhile(self._is_idle(*span), self._own.talking(*span), side_talk)

    def _is_somebody_else(self, utterance: Utterance, sentence: Sentence) -> bool:
        """Whether `sentence` is neither what we are saying nor made out of our echo."""
        standing_out = utterance.voiced_share(sentence.start, sentence.end)
        return self._own.is_somebody_else(sentence.words, standing_out)

    def _talks_over_us(self, utterance: Utterance, sentence: Sentence) -> bool:
        """Whether somebody said `sentence` while we were sounding."""
        during = self._own.during(sentence.start, sentence.end)
        return during and self._is_somebody_else(utterance, sentence)

    def _conclude(
        self, utterance: Utterance, reading: Reading, weighed: Weighed | None = None
    ) -> list[Heard]:
        """Return what `utterance` was, now that it is over; `weighed`, if it has been."""
        weighed = weighed or self._weigh(utterance, reading)
        if weighed is None:
            self._tell(Reason.NO_SENTENCE, utterance, reading)
        elif not self._is_somebody_else(utterance, weighed.sentence):
            ours = self._own.says_all(weighed.sentence.words)
            self._tell(Reason.OURS if ours else Reason.HIDDEN, utterance, reading, weighed)
        elif not self._believes(weighed):
            self._tell(Reason.UNCERTAIN, utterance, reading, weighed)
        else:
            return self._answer(weighed.sentence, weighed.confidence, reading, weighed)
        counts = not self._own.during(utterance.start, utterance.end)
        self._side_talk.over(utterance.end, counts=counts)
        rest = utterance.ongoing(_OVERLAP)
        self._close(Noticed.CUT_OFF if rest else Noticed.END)
        if rest:
            self._open(rest)
        words = reading.words
        if not self._is_speech(utterance, words):
            return []
        text = " ".join(word.text for word in words)
        return [SpeechNotUnderstood(words[0].start, words[-1].end, self._position, text)]

    def _is_speech(self, utterance: Utterance, words: Sequence[Word]) -> bool:
        """Whether `words`, which are no sentence, are worth saying that we did not understand."""
        if not words or utterance.voiced * BLOCK < _SPEECH:
            return False
        # Out of clattering dishes and our own voice words are made that nobody said.
        if self._own.during(words[0].start, words[-1].end):
            return False
        text = self._phrases.spoken(" ".join(word.text for word in words))
        return bool(text) and not self._last.ends_with(text, words[0].start)

    def _answer(
        self,
        sentence: Sentence,
        confidence: float,
        reading: Reading | None = None,
        weighed: Weighed | None = None,
    ) -> list[Heard]:
        """Return the command that `sentence` is, unless it only ends the one before.

        What it was read from and how it was weighed is told to whoever asks.
        """
        utterance = self._utterance
        self._side_talk.over(self._position, counts=False)
        self._close(Noticed.COMMAND)
        if self._last.is_remnant(sentence, confidence):
            self._tell(Reason.REMNANT, utterance, reading, weighed, sentence)
            return []
        repeated = self._last.is_repeated(sentence)
        self._last.note(sentence, self._mode)
        if repeated:
            self._tell(Reason.REPEATED, utterance, reading, weighed, sentence)
            return []
        self._tell(Reason.BELIEVED, utterance, reading, weighed, sentence)
        return [
            CommandHeard(
                start=sentence.start,
                end=sentence.end,
                decided=self._position,
                text=sentence.text,
                intent=sentence.match.intent,
                slots=sentence.match.slots,
                confidence=round(confidence, 3),
                sure=self._acceptance.is_sure(confidence, self._meanwhile(sentence)),
            )
        ]

    def _tell(
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
                span=(utterance.start, utterance.end, self._position),
                reading=reading,
                weighed=weighed,
                sentence=sentence,
                threshold=threshold,
            )
        )

    def _open(self, utterance: Utterance) -> None:
        """Let recogniser and network hear `utterance` from its beginning."""
        self._utterance = utterance
        self._decode_anew(utterance)
        if self._spotter:
            self._spotter.begin()

    def _close(self, noticed: Noticed) -> None:
        """End the utterance, for what was `noticed`."""
        self._go(noticed)
        self._utterance = None

    def _decode_anew(self, utterance: Utterance) -> None:
        """Let the decoder of the present mode hear `utterance` from its beginning."""
        self._decoder.begin(utterance.start)
        self._decoder.accept(np.concatenate(utterance.hops))


def _not_yet(reading: Reading, awaited: Word | None) -> Reason:
    """Return why nothing is answered yet of which the best reading is `reading`."""
    if awaited:
        return Reason.STOP_DOUBTED
    return Reason.INCOMPLETE if reading.best else Reason.NO_SENTENCE


def _spotter_for(phrases: Phrases) -> StopSpotter | None:
    """Return who listens for the language's word for "stop", if there is a network for it."""
    if phrases.stop_word is None or phrases.stop_network is None:
        return None
    return StopSpotter(phrases, phrases.stop_word, StopWeights.load(phrases.stop_network))
