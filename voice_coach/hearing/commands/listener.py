"""The command ear: microphone samples in, commands and speech not understood out.

Sound that stands out of the room opens an utterance; the recogniser hears the whole of it. An
utterance is looked into as soon as the voice pauses: a sentence that nothing longer begins with
is answered there and then, anything else gets the time people need inside a phrase. Urgent
sentences do not wait even for the pause.

What follows what stands in the table of `listening_states`. Here is how things are noticed
(`_hop`, `_consider`, `_glance`), and what is done about them (`_look_into`, `_conclude`); what is
believed is for the judge.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands.acceptance import Reading, Weighed
from voice_coach.hearing.commands.command_model import CommandModel
from voice_coach.hearing.commands.completeness import Completeness
from voice_coach.hearing.commands.decoder import Decoder, Word
from voice_coach.hearing.commands.endpointing import Endpointing
from voice_coach.hearing.commands.explanation import Explain, Reason
from voice_coach.hearing.commands.front_end import FrontEnd
from voice_coach.hearing.commands.grammar import check_words, decoders
from voice_coach.hearing.commands.heard import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.commands.hops import Hops
from voice_coach.hearing.commands.judge import Judge
from voice_coach.hearing.commands.last_command import LastCommand
from voice_coach.hearing.commands.listening_states import (
    AWAITING,
    PAUSE_KNOWN,
    Noticed,
    State,
    after,
)
from voice_coach.hearing.commands.phrasebook import Phrases
from voice_coach.hearing.commands.sentence import Sentence
from voice_coach.hearing.commands.stop_spotter import Stop
from voice_coach.hearing.commands.utterance import Lead, Utterance, to_pcm
from voice_coach.hearing.commands.voice_watch import VoiceWatch
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
        self._completeness = Completeness(phrases)
        self._endpointing = Endpointing(phrases)
        self._decoders = decoders(phrases, model)
        self._judge = Judge(model, phrases, next(iter(self._decoders)), explain)
        self._utterance: Utterance | None = None
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all that was heard: the next sample fed is the first of another stream."""
        if self._utterance:
            self._decoder.reset()
        self._hops = Hops()
        self._front_end = FrontEnd()
        self._watch = VoiceWatch()
        self._judge.begin_anew()
        self._last = LastCommand(self._phrases)
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
        if self._phrases.modes:
            self._judge.mode = mode
        if self._utterance and self._decoder is not previous:
            previous.reset()
            self._decode_anew(self._utterance)

    def own_speech(self, start: int, end: int, words: Sequence[TimedWord]) -> None:
        """Note that we will be saying `words`, or sounding a tone, over [`start`, `end`)."""
        self._judge.own.announce(start, end, words)

    def hush_own_speech(self, at: int) -> None:
        """Note that our speech was cut off at `at`."""
        self._judge.own.cut(at)

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
            heard += self._conclude(self._utterance, self._judge.read(self._decoder.finish()))
        if self._utterance:  # its end, passed on in case more had come
            self._decoder.reset()
            self._close(Noticed.END)
        self._watch = VoiceWatch()
        return heard

    @property
    def _decoder(self) -> Decoder:
        """The decoder of the present mode."""
        return self._decoders[self._judge.mode]

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
        self._judge.side_talk.hear(self._watch.is_vowel)
        self._decoder.accept(pcm)
        return self._consider(self._utterance)

    def _consider(self, utterance: Utterance) -> list[Heard]:
        """Look into `utterance`, or decide about it, if it is time for that."""
        if len(utterance.hops) % _GLANCE == 0:
            noticed = self._glance(utterance)
            if noticed:
                return self._look_into(utterance, noticed)
        if self._judge.spotter and self._judge.own.during(utterance.start, utterance.end):
            stop = self._judge.spotter.listen(utterance, self._judge.mode)
            if stop and self._judge.talks_over_us(utterance, stop.sentence):
                self._decoder.reset()
                return self._answer(stop.sentence, stop.score)
            stop = self._judge.spotter.take_left_over(utterance)
            if stop and self._judge.talks_over_us(utterance, stop.sentence):
                return self._look_into(utterance, Noticed.LIKELY_STOP, stop)
        looked_into = self._state in PAUSE_KNOWN
        if self._endpointing.worth_a_look(utterance, self._judge.mode, looked_into=looked_into):
            return self._look_into(utterance, Noticed.PAUSE)
        if self._endpointing.over(utterance, self._judge.mode):
            return self._conclude(utterance, self._judge.read(self._decoder.finish()))
        return []

    def _glance(self, utterance: Utterance) -> Noticed | None:
        """See what the recogniser makes of `utterance` so far, and return what that leads to."""
        known = utterance.text, utterance.seen
        utterance.glimpse(self._decoder.partial())
        # Where there is nothing to stop, "start ..." shall not be taken for it half-way.
        idle = self._judge.is_idle(utterance.start, utterance.end)
        news = "" if idle or utterance.text in known else utterance.text
        if self._completeness.is_urgent(news, self._judge.mode):
            return Noticed.URGENT
        awaited = (utterance.awaited,) if utterance.awaited else ()
        if self._state in AWAITING and not self._judge.undecided(utterance, awaited):
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
        reading = self._judge.read(self._decoder.finish())
        goes_on = self._state is State.LISTENING
        sentence = self._completeness.sentence(reading, utterance.text, goes_on=goes_on)
        awaited = self._judge.undecided(utterance, sentence.words) if sentence else None
        if sentence and not awaited:
            weighed = self._judge.weigh(utterance, reading)
            if weighed and self._judge.believes(weighed):
                return self._conclude(utterance, reading, weighed)
            self._judge.tell(Reason.UNCERTAIN, utterance, reading, weighed)
        elif reading.words:
            self._judge.tell(_not_yet(reading, awaited), utterance, reading)
        if stop and self._judge.spotter and self._judge.spotter.resembles(reading.words):
            return self._answer(stop.sentence, stop.score)
        if reading.hypotheses:
            utterance.glimpse(reading.hypotheses[0].text)
        utterance.awaited = awaited
        if awaited:
            self._go(Noticed.UNDECIDED)
        self._decode_anew(utterance)
        return []

    def _conclude(
        self, utterance: Utterance, reading: Reading, weighed: Weighed | None = None
    ) -> list[Heard]:
        """Return what `utterance` was, now that it is over; `weighed`, if it has been."""
        weighed = weighed or self._judge.weigh(utterance, reading)
        if weighed is None:
            self._judge.tell(Reason.NO_SENTENCE, utterance, reading)
        elif not self._judge.is_somebody_else(utterance, weighed.sentence):
            ours = self._judge.own.says_all(weighed.sentence.words)
            self._judge.tell(Reason.OURS if ours else Reason.HIDDEN, utterance, reading, weighed)
        elif not self._judge.believes(weighed):
            self._judge.tell(Reason.UNCERTAIN, utterance, reading, weighed)
        else:
            return self._answer(weighed.sentence, weighed.confidence, reading, weighed)
        counts = not self._judge.own.during(utterance.start, utterance.end)
        self._judge.side_talk.over(utterance.end, counts=counts)
        rest = utterance.ongoing(_OVERLAP)
        self._close(Noticed.CUT_OFF if rest else Noticed.END)
        if rest:
            self._open(rest)
        words = reading.words
        if not self._is_speech(utterance, words, weighed):
            return []
        text = " ".join(word.text for word in words)
        return [SpeechNotUnderstood(words[0].start, words[-1].end, self._position, text)]

    def _is_speech(
        self, utterance: Utterance, words: Sequence[Word], weighed: Weighed | None
    ) -> bool:
        """Whether `words`, which are not believed, are worth saying that we did not understand.

        A "no" beside a tap is short, but likelier to be one than to be part of the noise.
        """
        likely = weighed is not None and self._judge.is_likely(weighed)
        if not words or (utterance.voiced * BLOCK < _SPEECH and not likely):
            return False
        # Out of clattering dishes and our own voice words are made that nobody said.
        if self._judge.own.during(words[0].start, words[-1].end):
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
        self._judge.side_talk.over(self._position, counts=False)
        self._close(Noticed.COMMAND)
        if self._last.is_remnant(sentence, confidence):
            self._judge.tell(Reason.REMNANT, utterance, reading, weighed, sentence)
            return []
        repeated = self._last.is_repeated(sentence)
        self._last.note(sentence, self._judge.mode)
        if repeated:
            self._judge.tell(Reason.REPEATED, utterance, reading, weighed, sentence)
            return []
        self._judge.tell(Reason.BELIEVED, utterance, reading, weighed, sentence)
        return [
            CommandHeard(
                start=sentence.start,
                end=sentence.end,
                decided=self._position,
                text=sentence.text,
                intent=sentence.match.intent,
                slots=sentence.match.slots,
                confidence=round(confidence, 3),
                sure=self._judge.is_sure(sentence, confidence),
            )
        ]

    def _open(self, utterance: Utterance) -> None:
        """Let recogniser and network hear `utterance` from its beginning."""
        self._utterance = utterance
        self._decode_anew(utterance)
        if self._judge.spotter:
            self._judge.spotter.begin()

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
