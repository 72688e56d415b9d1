"""The person's own rhythm: how long after its cue each drop has landed so far.

People who have found the rhythm land within 50-80 ms of their usual moment. Once somebody does,
a sound at that moment is likelier to be their heels, and one far from it less likely.
"""

from collections import deque
from typing import Final

import numpy as np

from voice_coach.clock import to_samples

REMEMBERED: Final = 12
"""Landings looked back on."""

ENOUGH: Final = 4
"""Landings from which there may be a rhythm."""

STEADY: Final = to_samples(0.09)
"""Spread (1.48 times the median deviation) beyond which there is none, in samples."""

NARROWEST: Final = to_samples(0.045)
"""No rhythm is taken to be steadier than this, in samples."""

STRAY: Final = 0.2
"""Share of landings that keep to no rhythm."""

SPAN: Final = to_samples(0.58)
"""Samples over which such landings, and everything else, are spread evenly."""


class LandingRhythm:
    """Learns how long after the drop cue the person lands."""

    def __init__(self) -> None:
        self._landings: deque[int] = deque(maxlen=REMEMBERED)

    def landed(self, after: int) -> None:
        """Note a counted landing, `after` samples from its cue; below 0 is before it."""
        self._landings.append(after)

    def odds(self, after: int) -> float:
        """Return what a sound `after` samples from its cue gains in the logarithm of its odds."""
        if len(self._landings) < ENOUGH:
            return 0.0
        usual = float(np.median(self._landings))
        spread = 1.48 * float(np.median(np.abs(np.array(self._landings) - usual)))
        if spread > STEADY:
            return 0.0
        width = max(spread, NARROWEST)
        near = np.exp(-0.5 * ((after - usual) / width) ** 2) / (width * np.sqrt(2 * np.pi))
        return float(np.log(STRAY + (1.0 - STRAY) * SPAN * near))
