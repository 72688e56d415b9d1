"""A floor of the output that nobody hears, so that it never carries digital silence for long.

What sleeps on silence (an HDMI receiver, a Bluetooth or USB loudspeaker) swallows the first words
after a pause: "any pain", of "any pain, dizziness, or a fall". It is kept awake by one step of
16 bits in either direction, at random: noise at -90 dB of full scale, and no sample of it nought.
A stream from the microphone that carries just that has been moved to the loudspeaker's monitor.
"""

from typing import Final

import numpy as np

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples

STEP: Final = 2.0**-15
"""One step of 16 bits, of full scale."""


class Floor:
    """Takes the place of silence; whatever is played is left as it is. Nothing is allocated."""

    def __init__(self) -> None:
        signs = np.random.default_rng(0).choice([-STEP, STEP], SAMPLE_RATE)
        self._noise: Samples = signs.astype(np.float32)
        self._at = 0

    def fill(self, out: Samples) -> None:
        """Put the next of it into `out`, which has at most a second, if that is silent."""
        if np.any(out):
            return
        if self._at + len(out) > len(self._noise):
            self._at = 0
        out[:] = self._noise[self._at : self._at + len(out)]
        self._at += len(out)
