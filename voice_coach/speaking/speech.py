"""What we say: clips of cues placed in the mixer, so that words never overlap words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.samples import Samples
from voice_coach.speaking.clip import Clip
from voice_coach.speaking.ducking import SENTENCE, is_talked_over
from voice_coach.speaking.mixer import Mixer
from voice_coach.speaking.room_volume import RoomVolume
from voice_coach.timed_word import TimedWord

LOUDEST_DB: Final = 12.0
"""Beyond this the room makes us no louder: the limiter would bend every word."""

_STEP_DB: Final = 0.25
"""A smaller change in level is not heard."""

BETWEEN_WORDS: Final = to_samples(0.12)
"""Silence kept between one clip of words and the next."""


IDLE: Final = to_samples(10.0)
"""Silence after which a loudspeaker may have fallen asleep; within a set there is none so long."""
_WAKING: Final = 10 ** (-50 / 20)
"""What wakes it, of full scale: louder than what one that sleeps takes for silence."""


class CueVoice(Protocol):
    """Who turns cues into clips."""

    def clip(self, cue: str, slots: Mapping[str, str | int]) -> Clip:
        """Return the clip of a cue."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip on its way to the loudspeaker: where it begins and ends, in stream samples.

    `text` and `words` are empty for a tone.
    """

    start: int
    end: int
    text: str
    words: tuple[TimedWord, ...] = ()
    """When each of its words is said, in stream samples."""


class Speech:
    """Says cues at stream positions, over the room's noise, and gives way to who talks over it.

    Parameters
    ----------
    voice
        Turns cues into clips.
    mixer
        Turns placed clips into loudspeaker samples, elsewhere.
    volume_db
        How loud we are before anybody asks for louder or quieter.
    waking
        Seconds that the loudspeaker takes to wake from silence: so long a soft noise comes before
        the first words after a pause.
    """

    def __init__(
        self, voice: CueVoice, mixer: Mixer, volume_db: float = 0.0, waking: float = 0.0
    ) -> None:
        self._voice = voice
        self._mixer = mixer
        self._volume_db = volume_db
        self._louder_db = 0.0
        self._room = RoomVolume()
        self._room_db = 0.0
        self._words_end = 0
        self._end = 0
        self._sentence = 0, 0
        self._ducked = False
        self._waking = _soft_noise(to_samples(waking))
        self.make_louder(0.0)

    @property
    def end(self) -> int:
        """Where the last of what was placed comes to its end."""
        return self._end

    def make_louder(self, db: float) -> None:
        """Be `db` louder than at the beginning."""
        self._louder_db = db
        self._set_volume()

    def follow_room(self, microphone: Samples, playback: Samples) -> None:
        """Be louder while the room is: take in a block of it, and what we emitted meanwhile."""
        db = self._room.step(microphone, playback)
        if abs(db - self._room_db) >= _STEP_DB or (db == 0.0 and self._room_db):
            self._room_db = db
            self._set_volume()

    @property
    def volume_db(self) -> float:
        """How much louder than recorded we are: as asked for, and for the room."""
        asked_for = self._volume_db + self._louder_db
        return max(asked_for, min(asked_for + self._room_db, LOUDEST_DB))

    def _set_volume(self) -> None:
        self._mixer.set_volume(self.volume_db)

    def place(self, at: int, cue: str, slots: Mapping[str, str | int]) -> Placed:
        """Say `cue` at stream position `at`; return where it will really be heard.

        What has words comes after the words that are being said. Tones keep their time.
        """
        clip = self._voice.clip(cue, slots)
        start = max(at, self._words_end + BETWEEN_WORDS) if clip.text else at
        start, end = self._mixer.place(clip.samples, self._wake(start))
        if clip.text:
            self._words_end = end
            if end - start >= SENTENCE:
                self._sentence = start, end
        self._end = max(self._end, end)
        words = tuple(word.later(start) for word in clip.words)
        return Placed(start, end, clip.text, words)

    def _wake(self, start: int) -> int:
        """Wake a loudspeaker that may be asleep at `start`; return when it is awake."""
        if not len(self._waking) or 0 < self._end > start - IDLE:
            return start
        return self._mixer.place(self._waking, start, gain_db=-self.volume_db)[1]

    def hush(self, position: int) -> None:
        """Fall silent at `position`: drop whatever is sounding or is yet to sound."""
        self._mixer.hush()
        self._words_end = self._end = position
        self._sentence = 0, 0

    def give_way(self, since: int | None, position: int) -> None:
        """Be quieter while somebody, who has been speaking `since`, talks over our words.

        Tones keep their loudness, for somebody waits on their toes for them.
        """
        talked_over = is_talked_over(self._sentence, since, position)
        if talked_over is not self._ducked:
            self._ducked = talked_over
            self._mixer.duck(talked_over)


def _soft_noise(length: int) -> Samples:
    """Return noise that comes and goes softly, shape ``(length,)``."""
    noise = np.random.default_rng(0).uniform(-_WAKING, _WAKING, length)
    return (noise * np.sin(np.linspace(0, np.pi, length)) ** 0.25).astype(np.float32)
