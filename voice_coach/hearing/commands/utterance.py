"""One stretch of sound that may be speech: its samples, and when it was last loud."""

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands.decoder import Word
from voice_coach.samples import Samples

LEAD: Final = to_samples(0.3)
"""Sound kept from before a voice stands out: soft beginnings, and room for the recogniser."""

_BESIDE: Final = to_samples(0.4)
"""What comes so shortly before or after a sentence, and is as loud, is of one breath with it."""
_LOUDEST: Final = 0.9
"""Quantile of the hops that stands for the loudest."""
_AFTER_DB: Final = -6.0
_BEFORE_DB: Final = -10.0
"""How loud it then is, to the loudest of the sentence: what is said before it is stressed less."""

Pcm = npt.NDArray[np.int16]


def to_pcm(samples: Samples) -> Pcm:
    """Return `samples` as 16-bit integers, which is what the recogniser takes."""
    # Not np.clip, which takes three times as long on so few numbers.
    scaled = np.rint(samples * np.float32(32767.0))
    pcm: Pcm = np.minimum(np.maximum(scaled, -32767.0), 32767.0).astype(np.int16)
    return pcm


def _power(hops: list[Pcm]) -> npt.NDArray[np.float32]:
    power: npt.NDArray[np.float32] = np.mean(np.array(hops, np.float32) ** 2, axis=1)
    return power


class Lead:
    """The last moments before an utterance."""

    def __init__(self) -> None:
        self._hops: deque[Pcm] = deque(maxlen=LEAD // BLOCK)

    def append(self, pcm: Pcm) -> None:
        """Keep one more hop, forgetting the oldest."""
        self._hops.append(pcm)

    def take(self) -> list[Pcm]:
        """Return what is kept and forget it."""
        hops = list(self._hops)
        self._hops.clear()
        return hops


class Utterance:
    """Sound from `start` on, hop by hop, until it is decided upon.

    Parameters
    ----------
    start
        Stream position of its first sample.
    hops
        What of it is known already.
    voiced
        In how many of these, the last, a voice stood out.
    """

    def __init__(self, start: int, hops: list[Pcm], voiced: int) -> None:
        self.start = start
        self.hops = hops
        self._voice = [False] * (len(hops) - voiced) + [True] * voiced
        self.first_voice = self.end - voiced * BLOCK
        self.last_voice = self.end
        """Position at which a voice last stood out."""
        self.seen = ""
        """The text that it has been looked into for."""
        self.awaited: Word | None = None
        """The "stop" of which more will be known in a moment."""
        self.text = ""
        """What the recogniser makes of it so far."""
        self._changed = self.end
        self._is_rest = False

    @property
    def end(self) -> int:
        """Position after the last sample."""
        return self.start + BLOCK * len(self.hops)

    @property
    def voiced(self) -> int:
        """In how many hops a voice stood out."""
        return sum(self._voice)

    def voiced_share(self, start: int, end: int) -> float:
        """Return in what share of the hops between two positions a voice stood out."""
        first, last = ((at - self.start) // BLOCK for at in (start, end - 1))
        hops = self._voice[max(0, first) : max(0, last) + 1]
        return sum(hops) / max(1, len(hops))

    def goes_on(self, start: int, end: int) -> float:
        """Return in what share of the 0.4 s after `end` a voice stands out, about as loud still."""
        return self._as_loud(start, end, _AFTER_DB, end, end + _BESIDE)

    def went_before(self, start: int, end: int) -> float:
        """Return in what share of the 0.4 s before `start` one does, about as loud already.

        Only where this was cut out of speech that went on: elsewhere it is a noise.
        """
        if not self._is_rest:
            return 0.0
        return self._as_loud(start, end, _BEFORE_DB, start - _BESIDE, start)

    def _as_loud(self, start: int, end: int, least_db: float, first: int, last: int) -> float:
        """Return in what share of [`first`, `last`) a voice is as loud as in [`start`, `end`)."""
        start, end, first, last = (
            max(0, at - self.start) // BLOCK for at in (start, end, first, last)
        )
        within, beside = self.hops[start:end], self.hops[first:last]
        if not within or not beside:
            return 0.0
        loudest = np.quantile(_power(within), _LOUDEST)
        loud = _power(beside) > loudest * 10 ** (least_db / 10)
        # Our own echo may be as loud, but it is not a voice.
        return float(np.sum(loud & self._voice[first : first + len(beside)])) / (_BESIDE // BLOCK)

    def glimpse(self, text: str) -> None:
        """Note that the recogniser now makes `text` of it."""
        if text != self.text:
            self.text, self._changed = text, self.end

    def look(self) -> None:
        """Note that it is being looked into for its present text."""
        self.seen = self.text

    @property
    def unchanged(self) -> int:
        """Samples since the recogniser last changed its mind."""
        return self.end - self._changed

    @property
    def silence(self) -> int:
        """Samples since a voice last stood out."""
        return self.end - self.last_voice

    def append(self, pcm: Pcm, voice: bool) -> None:
        """Add one hop."""
        self.hops.append(pcm)
        self._voice.append(voice)
        if voice:
            self.last_voice = self.end

    def ongoing(self, length: int) -> "Utterance | None":
        """Return the last `length` samples as a new utterance, if a voice still stands out."""
        hops = length // BLOCK
        voiced = sum(self._voice[-hops:])
        if not voiced or self.silence > 0 or len(self.hops) <= hops:
            return None
        rest = Utterance(self.end - length, self.hops[-hops:], 1)
        rest._is_rest = True
        rest._voice = self._voice[-hops:]
        rest.first_voice = rest.start + BLOCK * rest._voice.index(True)
        return rest
