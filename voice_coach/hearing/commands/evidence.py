"""What the sound says about a sentence that was found in it, apart from how well its words fit."""

from collections.abc import Sequence

import numpy as np

from voice_coach.hearing.commands.decoder import Word
from voice_coach.hearing.commands.stop_spotter import StopSpotter
from voice_coach.hearing.commands.utterance import Utterance
from voice_coach.hearing.commands.witness import Statement, Witness


class Evidence:
    """What is known where there are only words: nothing speaks against them."""

    def standing_out(self, start: int, end: int) -> float:
        """Return in what share of [`start`, `end`) a voice stands out."""
        return 1.0

    def goes_on(self, start: int, end: int) -> float:
        """Return in what share of the moment after `end` the voice goes on as loud as before it."""
        return 0.0

    def went_before(self, start: int, end: int) -> float:
        """Return in what share of the moment before `start` the voice is as loud as after it."""
        return 0.0

    def stop(self, words: Sequence[Word]) -> float:
        """Return the natural logarithm of the odds that every "stop" among `words` is one."""
        return 0.0

    def witness(self, words: Sequence[Word]) -> Statement | None:
        """Return what a second witness says of `words`; None where nobody knows."""
        return None


class SoundEvidence(Evidence):
    """What the sound of an utterance says.

    Parameters
    ----------
    utterance
        The sound.
    spotter
        Has listened to `utterance` from its beginning; None where there is no network to ask.
    witness
        Hears phones; None where the model comes without one.
    """

    def __init__(
        self,
        utterance: Utterance,
        spotter: StopSpotter | None,
        witness: Witness | None,
    ) -> None:
        self._utterance = utterance
        self._spotter = spotter
        self._witness = witness

    def standing_out(self, start: int, end: int) -> float:
        """Return how much of it stands out of the room, and of our echo."""
        return self._utterance.voiced_share(start, end)

    def goes_on(self, start: int, end: int) -> float:
        """Return in what share of the 0.4 s after it the voice goes on."""
        return self._utterance.goes_on(start, end)

    def went_before(self, start: int, end: int) -> float:
        """Return the same of the 0.4 s before it, where the utterance was cut out of speech."""
        return self._utterance.went_before(start, end)

    def stop(self, words: Sequence[Word]) -> float:
        """Return what the network makes of every "stop" among `words`."""
        if self._spotter is None:
            return super().stop(words)
        return self._spotter.log_odds(self._utterance, words)

    def witness(self, words: Sequence[Word]) -> Statement | None:
        """Return what the witness says of `words`."""
        if self._witness is None:
            return None
        utterance = self._utterance
        return self._witness.testify(np.concatenate(utterance.hops), utterance.start, words)
