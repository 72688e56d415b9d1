"""How loud the echo of our own playback is at the microphone, band by band."""

from typing import Final

import numpy as np

from voice_coach.hearing.commands.activity import BANDS, Bands
from voice_coach.hearing.commands.echo_canceller import PARTITIONS

_AUDIBLE_DB: Final = -60.0
"""Playback below this in a band teaches nothing about its echo."""
_DECAY_DB: Final = 3.0
"""By how much a room's echo may fall per hop of 20 ms: a reverberation time of 0.4 s."""
_COUPLING_HOPS: Final = 200
"""Audible hops (4 s) from which the loudness of our echo is learnt."""
_LOUD: Final = 0.2
"""Share of them, the loudest in a band, that teach it: in the others a running tap, or somebody
talking, is louder than the echo, and would be taken for a loud one."""
_COUPLING_SHARE: Final = 0.1
"""Share of these in which the echo may be louder than what is expected of it."""
_LOUDEST_COUPLING_DB: Final = 6.0
"""Taken until the echo is known: a loudspeaker right beside the microphone."""
_LEARN_FROM: Final = 25
"""Audible hops from which the loudness can be told; it is told anew after as many again."""
_MARGIN_DB: Final = 6.0
"""A band that exceeds the expected echo by this much holds somebody else's sound."""


class ExpectedEcho:
    """Learns how loud our own playback comes back, and says what stands out of it."""

    def __init__(self) -> None:
        self._recent = np.full((PARTITIONS, BANDS), -200.0)
        self._hops = 0
        self._sounding: Bands = np.full(BANDS, -200.0)
        self._soundings = np.full((_COUPLING_HOPS, BANDS), -np.inf)
        self._couplings = np.full((_COUPLING_HOPS, BANDS), -np.inf)
        self._coupling: Bands = np.full(BANDS, _LOUDEST_COUPLING_DB)
        self._heard = 0

    def excess(self, microphone: Bands, playback: Bands) -> Bands:
        """Return by how many dB each band of `microphone` exceeds the echo of `playback`."""
        # Where the canceller took out the echo of now, that of a moment ago may be the louder one.
        self._recent[self._hops % PARTITIONS] = playback
        self._hops += 1
        self._sounding = np.maximum(self._recent.max(axis=0), self._sounding - _DECAY_DB)
        audible = self._sounding > _AUDIBLE_DB
        if audible.any():
            place = self._heard % _COUPLING_HOPS
            self._soundings[place] = np.where(audible, self._sounding, -np.inf)
            self._couplings[place] = np.where(audible, microphone - self._sounding, -np.inf)
            self._heard += 1
            if self._heard % _LEARN_FROM == 0:
                self._learn()
        excess: Bands = microphone - (self._sounding + self._coupling + _MARGIN_DB)
        return excess

    def _learn(self) -> None:
        known = np.count_nonzero(np.isfinite(self._soundings), axis=0) >= _LEARN_FROM
        loud = self._soundings >= _reached(self._soundings, _LOUD)
        coupling = _reached(np.where(loud, self._couplings, -np.inf), _COUPLING_SHARE)
        self._coupling = np.where(known, coupling, self._coupling)


def _reached(values: Bands, share: float) -> Bands:
    """Return the value that `share` of each column's finite `values` reach."""
    finite = np.count_nonzero(np.isfinite(values), axis=0)
    place = len(values) - np.maximum(1, np.round(share * finite).astype(np.int64))
    reached: Bands = np.take_along_axis(np.sort(values, axis=0), place[None, :], axis=0)[0]
    return reached
