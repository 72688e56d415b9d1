"""The command ear: microphone samples in, commands and speech not understood out.

Sound that stands out of the room opens an utterance; the recogniser hears the whole of it. An
utterance is looked into as soon as the voice pauses: a sentence that nothing longer begins with
is answered there and then, anything else gets the time people need inside a phrase. Urgent
sentences do not wait even for the pause.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands import activity
from voice_coach.hearing.commands.acceptance import Acceptance, Evidence, Reading
from voice_coach.hearing.commands.activity import VoiceActivity
from voice_coach.hearing.commands.command_model import CommandModel
from voice_coach.hearing.commands.decoder import UNKNOWN, Decoder, Hypothesis, Word
from voice_coach.hearing.commands.echo_canceller import EchoCanceller
from voice_coach.hearing.commands.endpointing import Endpointing
from voice_coach.hearing.commands.grammar import check_words, grammar
from voice_coach.hearing.commands.heard import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.commands.own_voice import Echo, OwnSpeech
from voice_coach.hearing.commands.phrasebook import Match, Phrases
from voice_coach.hearing.commands.stop_spotter import STOP, Stop, StopPath
from voice_coach.hearing.commands.utterance import Lead, Utterance, to_pcm
from voice_coach.samples import Samples

_LOG = logging.getLogger(__name__)

Heard: TypeAlias = CommandHeard | SpeechNotUnderstood

_ONSET: Final = 2
"""Hops in a row in which a voice must stand out to open an utterance."""
_BEGAN: Final = 4
"""Hops of voice after which somebody counts as speaking."""
_GLANCE: Final = 3
"""Hops between two looks at what the recogniser makes of an unfinished utterance."""
_SPEECH: Final = to_samples(0.25)
"""Shorter sounds are not speech that was not understood, but a noise."""
_STANDS_OUT: Final = 0.15
"""Share of a sentence in which it must stand out of our own echo, while we are speaking."""
_STANDS_OUT_OF_TONE: Final = 0.35
"""The same while only a tone sounds: short, and easily taken for a vowel."""
_OVERLAP: Final = to_samples(0.7)
"""What an utterance that had to be cut passes on to the next: a word may have begun in it."""
_AFTERWARDS: Final = to_samples(1.0)
"""What is said so soon after a command may still belong to it ("... please")."""
_VARIATION: Final = 0.6
"""Confidence that another sentence of the same intent needs just after one: the rest of "stop now"
sounds like "ouch", which is lenient as well."""


_ABOUT_AS_WELL: Final = 1.5
"""Natural logarithm by which what has only begun may fit worse than an urgent sentence, if that is
to wait for the pause after it. There it is either over, or something else."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """The last command, until nothing more can belong to it."""

    text: str
    match: Match
    mode: str
    end: int


class _Sound(Evidence):
    """What an utterance's own sound says about a sentence found in it."""

    def __init__(
        self, utterance: Utterance, any_words: Decoder | None, stop: StopPath | None
    ) -> None:
        self._utterance = utterance
        self._any_words = any_words
        self._stop = stop

    def standing_out(self, start: int, end: int) -> float:
        return self._utterance.voiced_share(start, end)

    def goes_on(self, start: int, end: int) -> float:
        return self._utterance.goes_on(start, end)

    def went_before(self, start: int, end: int) -> float:
        return self._utterance.went_before(start, end)

    def any_words(self) -> float:
        if self._any_words is None:
            return super().any_words()
        self._any_words.accept(np.concatenate(self._utterance.hops))
        return max((one.score for one in self._any_words.finish()), default=-math.inf)

    def stop(self, start: int, end: int) -> float:
        if self._stop is None:
            return super().stop(start, end)
        return self._stop.log_odds(self._utterance, start, end)


class CommandEar:
    """Hears the sentences of the present mode.

    Parameters
    ----------
    model
        The recogniser's model.
    phrases
        What is listened for; UserError if `model` does not know a word of it.
    detector
        Whether the network that knows "stop" alone listens as well while we are sounding.
    """

    def __init__(self, model: CommandModel, phrases: Phrases, *, detector: bool = True) -> None:
        check_words(phrases, model)
        self._phrases = phrases
        self._acceptance = Acceptance(phrases)
        self._endpointing = Endpointing(phrases)
        by_grammar: dict[tuple[str, ...], Decoder] = {}
        self._decoders: dict[str, Decoder] = {}
        for mode in phrases.modes or ("",):
            listed = grammar(phrases, mode, model)
            if listed not in by_grammar:
                by_grammar[listed] = Decoder(model, listed)
            self._decoders[mode] = by_grammar[listed]
        self._mode = next(iter(self._decoders))
        words = model.short_words()
        self._any_words = Decoder(model, words) if words else None
        self._activity = VoiceActivity()
        self._canceller = EchoCanceller()
        self._echo = Echo()
        self._own = OwnSpeech()
        self._stop = StopPath(phrases) if detector else None
        self._lead = Lead()
        self._utterance: Utterance | None = None
        self._onset = 0
        self._answered: _Answered | None = None
        self._speech_began: int | None = None
        self._position = 0
        self._microphone: list[Samples] = []
        self._playback: list[Samples] = []
        self._waiting = 0

    @property
    def speech_began(self) -> int | None:
        """Where somebody, not we, began to speak; None while nobody does."""
        return self._speech_began

    def listen_for(self, mode: str) -> None:
        """Listen for the sentences of `mode` from the next sample fed.

        What is being said at this moment is heard whole, as a sentence of the new mode.
        """
        self._phrases.intents(mode)  # raises where there is no such mode
        previous = self._decoders[self._mode]
        self._mode = mode if self._phrases.modes else self._mode
        if self._utterance and self._decoders[self._mode] is not previous:
            previous.finish()
            self._redecode(self._utterance)

    def own_speech(self, start: int, end: int, text: str) -> None:
        """Note that we will be saying `text` over [`start`, `end`) of the stream."""
        self._own.announce(start, end, text)

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
        if not self._waiting and len(microphone) == BLOCK:  # as the loop feeds it
            return self._hop(microphone, playback)
        self._microphone.append(microphone)
        self._playback.append(playback)
        self._waiting += len(microphone)
        if self._waiting < BLOCK:
            return []
        heard: list[Heard] = []
        sounds = np.concatenate(self._microphone), np.concatenate(self._playback)
        whole = self._waiting - self._waiting % BLOCK
        for at in range(0, whole, BLOCK):
            heard += self._hop(*(sound[at : at + BLOCK] for sound in sounds))
        self._microphone, self._playback = ([sound[whole:]] for sound in sounds)
        self._waiting -= whole
        return heard

    def flush(self) -> list[Heard]:
        """Decide upon what was said last, because nothing more will be fed."""
        heard: list[Heard] = []
        if self._waiting:
            heard += self.feed(np.zeros(BLOCK - self._waiting, np.float32))
        if self._utterance:
            hypotheses = self._decoders[self._mode].finish()
            heard += self._conclude(self._utterance, hypotheses)
        if self._utterance:  # its end, passed on in case more had come
            self._decoders[self._mode].finish()
            self._close()
        return heard

    def _hop(self, microphone: Samples, playback: Samples) -> list[Heard]:
        """Take in one hop of `BLOCK` samples."""
        microphone = self._canceller.hop(microphone, playback)
        level = activity.bands(microphone)
        besides = self._echo.excess(level, activity.bands(playback))
        voice = self._activity.step(level, besides)
        self._position += BLOCK
        pcm = to_pcm(microphone)
        if self._utterance is None:
            self._lead.append(pcm)
            self._onset = self._onset + 1 if voice else 0
            if self._onset < _ONSET:
                return []
            hops = self._lead.take()
            self._utterance = Utterance(self._position - BLOCK * len(hops), hops, self._onset)
            self._onset = 0
            self._redecode(self._utterance)
            if self._stop:
                self._stop.begin(hops)
            return []
        utterance = self._utterance
        utterance.append(pcm, voice)
        if self._stop:
            self._stop.append(pcm)
        self._decoders[self._mode].accept(pcm)
        if utterance.voiced >= _BEGAN and self._speech_began is None:
            self._speech_began = utterance.first_voice
        return self._consider(utterance)

    def _consider(self, utterance: Utterance) -> list[Heard]:
        """Decide whether `utterance` can be decided upon yet."""
        decoder = self._decoders[self._mode]
        if len(utterance.hops) % _GLANCE == 0 and self._cannot_wait(utterance):
            return self._look_into(utterance, ongoing=not utterance.looked_into)
        if self._stop and self._own.during(utterance.start, utterance.end):
            stop = self._stop.listen(utterance, self._mode)
            if stop and self._talks_over_us(utterance, stop):
                decoder.finish()
                return self._answer(stop.match, (stop.word,), stop.score)
            left_over = self._stop.left_over(utterance)
            if left_over and self._talks_over_us(utterance, left_over):
                utterance.look()
                return self._look_into(utterance, left_over)
        if self._endpointing.worth_a_look(utterance, self._mode):
            utterance.look()
            return self._look_into(utterance)
        if self._endpointing.over(utterance, self._mode):
            return self._conclude(utterance, decoder.finish())
        return []

    def _cannot_wait(self, utterance: Utterance) -> bool:
        """Whether it seems an urgent sentence now, or more is known of the "stop" in one."""
        before = utterance.text
        utterance.glimpse(self._decoders[self._mode].partial())
        news = utterance.text not in (before, utterance.seen)
        # Where there is nothing to stop, "start ..." shall not be taken for it half-way.
        idle = self._is_idle(utterance.start, utterance.end)
        if news and not idle and self._is_urgent(utterance.text):
            utterance.seen = utterance.text
            return True
        return bool(utterance.awaited and self._is_decided(utterance, (utterance.awaited,)))

    def _is_urgent(self, text: str) -> bool:
        words = [word for word in text.split() if word != UNKNOWN]
        match = self._phrases.match(" ".join(words), self._mode)
        return match is not None and match.intent in self._phrases.urgent

    def _look_into(
        self, utterance: Utterance, stop: Stop | None = None, *, ongoing: bool = False
    ) -> list[Heard]:
        """Answer now, if what has been said so far is a sentence that needs no more.

        `stop` is what the network takes it for; it counts where the recogniser has nothing better.
        While the voice is `ongoing`, it may need more where it may be the beginning of something.
        """
        hypotheses = self._decoders[self._mode].finish()
        utterance.awaited = None
        likeliest = self._acceptance.read(hypotheses[:1], self._mode)
        if likeliest is None and self._is_urgent(utterance.text):
            likeliest = self._urgent(hypotheses)
        complete = likeliest and not self._phrases.may_continue(likeliest.text, self._mode)
        begun = ongoing and self._has_only_begun(hypotheses)
        if likeliest and complete and not begun and self._is_decided(utterance, likeliest.words):
            reading = self._read(utterance, hypotheses)
            if reading and self._believes(reading):
                return self._conclude(utterance, hypotheses, reading)
        if stop and StopPath.resembles(hypotheses[0].words if hypotheses else ()):
            return self._answer(stop.match, (stop.word,), stop.score)
        if hypotheses:
            utterance.glimpse(hypotheses[0].text)
        self._redecode(utterance)
        return []

    def _is_decided(self, utterance: Utterance, words: Sequence[Word]) -> bool:
        """Whether no more will be known in a moment of a "stop" among `words`; if so, await it."""
        last = next((word for word in reversed(words) if word.text == STOP), None)
        undecided = bool(last and self._stop and self._stop.is_undecided(utterance, last))
        utterance.awaited = last if undecided else None
        return not undecided

    def _has_only_begun(self, hypotheses: Sequence[Hypothesis]) -> bool:
        """Whether half a sentence ("how am") fits about as well as the best, whole one ("help")."""
        least = hypotheses[0].score - _ABOUT_AS_WELL
        texts = [one.text for one in hypotheses if one.score > least and one.text]
        begun = (text for text in texts if self._phrases.begins(text, self._mode))
        return any(self._phrases.match(text, self._mode) is None for text in begun)

    def _read(self, utterance: Utterance, hypotheses: Sequence[Hypothesis]) -> Reading | None:
        """Return the most likely sentence, weighed against everything else that it may be."""
        evidence = _Sound(utterance, self._any_words, self._stop)
        return self._acceptance.read(hypotheses, self._mode, evidence)

    def _believes(self, reading: Reading) -> bool:
        """Whether `reading` is certain enough, by what went on while it was said."""
        span = reading.words[0].start, reading.words[-1].end
        idle, talking = self._is_idle(*span), self._own.talking(*span)
        return self._acceptance.believes(reading, idle=idle, talking=talking)

    def _is_idle(self, start: int, end: int) -> bool:
        """Whether nothing went on over [`start`, `end`) that could be stopped."""
        return self._mode in self._phrases.idle and not self._own.during(start, end)

    def _urgent(self, hypotheses: Sequence[Hypothesis]) -> Reading | None:
        """Return the likeliest sentence, unless it may be the beginning of another one.

        What is mistaken for a decoy in mid-word must not cost a "stop"; "start" may go on.
        """
        texts = [one.text for one in hypotheses]
        if any(text and self._phrases.may_continue(text, self._mode) for text in texts):
            return None
        return self._acceptance.read(hypotheses, self._mode)

    def _conclude(
        self,
        utterance: Utterance,
        hypotheses: Sequence[Hypothesis],
        reading: Reading | None = None,
    ) -> list[Heard]:
        """Return what `utterance` was, now that it is over; `reading`, if it has been read."""
        reading = reading or self._read(utterance, hypotheses)
        if reading and self._is_somebody_else(utterance, reading.words):
            if self._believes(reading):
                return self._answer(reading.match, reading.words, reading.confidence)
            _LOG.debug("not certain enough: %s (%.2f)", reading.text, reading.confidence)
        self._close()
        self._carry_over(utterance)
        words = hypotheses[0].words if hypotheses else ()
        if not self._is_speech(utterance, words):
            return []
        text = " ".join(word.text for word in words)
        return [SpeechNotUnderstood(words[0].start, words[-1].end, self._position, text)]

    def _answer(self, match: Match, words: Sequence[Word], confidence: float) -> list[Heard]:
        """Return the command that `words` are, unless they only end the one before."""
        self._close()
        before, start, end = self._answered, words[0].start, words[-1].end
        at_once = before is not None and start - before.end < _AFTERWARDS
        if at_once and self._varies(before, match) and confidence < _VARIATION:
            return []
        text = " ".join(word.text for word in words)
        self._answered = _Answered(text, match, self._mode, end)
        if before and at_once and before.match == match:
            whole = f"{before.text} {text}"
            twice = start < before.end  # by the recogniser and by the network
            if twice or self._phrases.match(whole, before.mode) == before.match:
                return []
        return [
            CommandHeard(
                start=start,
                end=end,
                decided=self._position,
                text=text,
                intent=match.intent,
                slots=match.slots,
                confidence=round(confidence, 3),
            )
        ]

    @staticmethod
    def _varies(before: _Answered | None, match: Match) -> bool:
        """Whether `match` is another sentence of the intent that was answered before."""
        return before is not None and before.match != match and before.match.intent == match.intent

    def _is_speech(self, utterance: Utterance, words: Sequence[Word]) -> bool:
        """Whether `words`, which are no sentence, are worth saying that we did not understand."""
        if not words or utterance.voiced * BLOCK < _SPEECH:
            return False
        # Out of clattering dishes and our own voice words are made that nobody said.
        if self._own.during(words[0].start, words[-1].end):
            return False
        text = self._phrases.spoken(" ".join(word.text for word in words))
        before = self._answered
        if before and words[0].start - before.end < _AFTERWARDS:
            whole = f"{before.text} {text}"
            if not text or self._phrases.match(whole, before.mode) == before.match:
                return False
        return bool(text)

    def _is_somebody_else(self, utterance: Utterance, words: Sequence[Word]) -> bool:
        """Whether `words` are not what we are saying ourselves, nor made out of our echo."""
        start, end = words[0].start, words[-1].end
        if not self._own.during(start, end):
            return True
        share = utterance.voiced_share(start, end)
        if not self._own.talking(start, end):
            return share >= _STANDS_OUT_OF_TONE
        if share < _STANDS_OUT:
            return False
        # What only sounds like a word of ours may be that word, in our own mouth.
        known = [word for word in words if word.text in self._phrases.words()]
        return any(not self._own.says(word.text, word.start, word.end) for word in known)

    def _talks_over_us(self, utterance: Utterance, stop: Stop) -> bool:
        """Whether somebody said `stop` while we were sounding."""
        word = stop.word
        return self._own.during(word.start, word.end) and self._is_somebody_else(utterance, (word,))

    def _redecode(self, utterance: Utterance) -> None:
        """Let the decoder of the present mode hear `utterance` from its beginning."""
        decoder = self._decoders[self._mode]
        decoder.begin(utterance.start)
        decoder.accept(np.concatenate(utterance.hops))

    def _carry_over(self, utterance: Utterance) -> None:
        """Open the next utterance with the end of one that was cut while a voice went on."""
        rest = utterance.ongoing(_OVERLAP)
        if rest is not None:
            self._utterance = rest
            self._redecode(rest)
            if self._stop:
                self._stop.begin(rest.hops)

    def _close(self) -> None:
        self._utterance = None
        self._speech_began = None
