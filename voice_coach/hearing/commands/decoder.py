"""Samples of one utterance to words on the stream's clock, for the sentences of one mode."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.commands.command_model import COPY_MARK, CommandModel
from voice_coach.hearing.commands.lean_vosk import vosk

UNKNOWN: Final = "[unk]"
"""How the recogniser writes speech that is not in its grammar."""

_COPY: Final = re.compile(rf"{COPY_MARK}\d+\b")
_ALTERNATIVES: Final = 20
"""Paths asked for; several of them are often the same words in another pronunciation."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word over [`start`, `end`), in samples of the stream."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What may have been said, and how well it fits (natural logarithm, larger is better)."""

    words: tuple[Word, ...]
    score: float = 0.0

    @property
    def text(self) -> str:
        """All the words, with other speech as ``[unk]``."""
        return " ".join(word.text for word in self.words)


class _Partial(msgspec.Struct):
    """What Vosk answers in the middle of an utterance."""

    partial: str


class _Word(msgspec.Struct):
    """A word of Vosk's, in seconds."""

    word: str
    start: float
    end: float


class _Alternative(msgspec.Struct):
    """What an utterance may have been, as Vosk writes it."""

    confidence: float
    result: tuple[_Word, ...] = ()


class _Final(msgspec.Struct):
    """What Vosk answers at the end of an utterance."""

    alternatives: tuple[_Alternative, ...] = ()


class Decoder:
    """A Vosk recogniser with a grammar, fed one utterance after the other.

    Parameters
    ----------
    model
        What the words sound like.
    sentences
        What is listened for. Vosk makes a bigram of them: other orders of the same words come
        out as well, unless copies of the words keep them apart, and must be sorted out by whoever
        reads the hypotheses. Copies come out as the words that they are copies of.
    """

    def __init__(self, model: CommandModel, sentences: Iterable[str]) -> None:
        grammar = json.dumps([*sentences, UNKNOWN], ensure_ascii=False)
        self._vosk = vosk.KaldiRecognizer(model.vosk, SAMPLE_RATE, grammar)
        self._vosk.SetMaxAlternatives(_ALTERNATIVES)
        self._vosk.SetWords(True)
        self._waiting: list[npt.NDArray[np.int16]] = []
        self._decoded = 0
        """Samples decoded so far, from which Vosk counts its time."""
        self._origin = 0

    def begin(self, at: int) -> None:
        """Start an utterance whose first sample is at stream position `at`.

        The one before must have been finished, or forgotten.
        """
        self._origin = at - self._decoded

    def accept(self, samples: npt.NDArray[np.int16]) -> None:
        """Take in the utterance's next samples; they are decoded when somebody asks for words."""
        self._waiting.append(samples)

    def partial(self) -> str:
        """Return the best guess at the words so far; it lags by the recogniser's look-ahead.

        Vosk could tell their times as well, but only up to 0.8 s later.
        """
        self._decode()
        text = msgspec.json.decode(self._vosk.PartialResult(), type=_Partial).partial
        return _COPY.sub("", text)

    def finish(self) -> list[Hypothesis]:
        """End the utterance and return what it may have been, the best first."""
        self._decode()
        heard = msgspec.json.decode(self._vosk.FinalResult(), type=_Final)
        return [Hypothesis(self._words(one.result), one.confidence) for one in heard.alternatives]

    def reset(self) -> None:
        """Forget the utterance: what it was does not matter any more."""
        self._waiting.clear()
        self._vosk.Reset()
        # Vosk's own reset keeps the sound whose decoding was due, and gives it to the next
        # utterance. Only one that has ended takes everything with it: this one is empty.
        self._vosk.AcceptWaveform(b"")
        self._vosk.FinalResult()

    def _decode(self) -> None:
        # All at once: with every call Vosk asks itself whether the speech is over, which we decide.
        if self._waiting:
            samples = np.concatenate(self._waiting)
            self._vosk.AcceptWaveform(samples.tobytes())
            self._decoded += len(samples)
            self._waiting.clear()

    def _words(self, found: Iterable[_Word]) -> tuple[Word, ...]:
        return tuple(
            Word(
                _COPY.sub("", word.word),
                self._origin + to_samples(word.start),
                self._origin + to_samples(word.end),
            )
            for word in found
        )
