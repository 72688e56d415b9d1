"""The simulated person's voice: a synthetic one that is not the coach's."""

from collections.abc import Callable
from functools import cache

import numpy as np
import soxr

from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.speaking.synthesis import SpeechError, Synthesiser

RATE = 115
"""The engine's setting for about 150 words a minute."""

AUDIBLE = 0.01
"""Share of the peak below which the beginning and the end of an utterance are silence."""


def voice(name: str) -> Callable[[str], Samples]:
    """Return what says a text in the voice `name` of espeak-ng, without silence around it.

    What is returned raises a UserError where the text cannot be spoken.
    """

    @cache
    def utter(text: str) -> Samples:
        try:
            with Synthesiser(name, RATE) as synthesiser:
                spoken = synthesiser.speak(text)
        except SpeechError as error:
            raise UserError(
                f"The simulated person cannot say '{text}' ({error}): see 'voice-coach doctor'."
            ) from error
        sound = soxr.resample(spoken.sound, spoken.rate, SAMPLE_RATE)
        audible = np.flatnonzero(np.abs(sound) > AUDIBLE * np.abs(sound).max())
        return np.asarray(sound[audible[0] : audible[-1] + 1], np.float32)

    return utter
