"""How much of our own voice may be left at the microphone, band by band."""

from typing import Final

import numpy as np

from voice_coach.hearing.commands.activity import BANDS, Bands

_FADES_DB: Final = 6.0
"""By how much what is expected may fall per hop of 20 ms, at most."""
_HOPS: Final = 200
"""Hops of our voice (4 s) from which is learnt how far what is left exceeds what is expected."""
_LOUD: Final = 0.3
"""Share of them, the loudest in a band, that teach it: in the others somebody talking is louder
than the echo, and would be taken for a loud one."""
_SHARE: Final = 0.4
"""Share of these in which more is left: less than half, for in some of them somebody talks."""
_LEARN_FROM: Final = 25
"""Hops from which it can be told; it is told anew after as many again."""
_ABOVE_ROOM_DB: Final = 3.0
"""What is expected to be left must exceed the room by this much to teach anything."""
_FIRST_DB: Final = 2.5
"""Taken until it is known."""
_LEAST_DB, _MOST_DB = -6.0, 25.0
"""How far what is left may be from what is expected: a small loudspeaker distorts, and what it
makes of our voice is not known to the canceller."""
_MARGIN_DB: Final = 6.5
"""A band that exceeds that by so much holds somebody else's sound."""


class ExpectedEcho:
    """Learns how much more is left of our voice than is expected, and says what stands out."""

    def __init__(self) -> None:
        self._expected: Bands = np.full(BANDS, -200.0)
        self._teaching = np.full((_HOPS, BANDS), -np.inf)
        self._surpluses = np.full((_HOPS, BANDS), -np.inf)
        self._surplus: Bands = np.full(BANDS, _FIRST_DB)
        self._heard = 0

    def excess(self, microphone: Bands, left: Bands, room: Bands) -> Bands:
        """Return by how many dB each band of `microphone` exceeds what is left of our voice.

        `left` is what is expected of it, `room` is how loud the room is anyway.
        """
        self._expected = np.maximum(left, self._expected - _FADES_DB)
        telling = self._expected > room + _ABOVE_ROOM_DB
        if telling.any():
            besides_room = np.maximum(10 ** (microphone / 10) - 10 ** (room / 10), 1e-12)
            surplus = 10 * np.log10(besides_room) - self._expected
            place = self._heard % _HOPS
            self._teaching[place] = np.where(telling, self._expected, -np.inf)
            self._surpluses[place] = np.where(telling, surplus, -np.inf)
            self._heard += 1
            if self._heard % _LEARN_FROM == 0:
                self._learn()
        excess: Bands = microphone - (self._expected + self._surplus + _MARGIN_DB)
        return excess

    def _learn(self) -> None:
        known = np.count_nonzero(np.isfinite(self._teaching), axis=0) >= _LEARN_FROM
        loud = self._teaching >= _reached(self._teaching, _LOUD)
        surplus = _reached(np.where(loud, self._surpluses, -np.inf), _SHARE)
        held = np.clip(surplus, _LEAST_DB, _MOST_DB)
        self._surplus = np.where(known, held, self._surplus)


def _reached(values: Bands, share: float) -> Bands:
    """Return the value that `share` of each column's finite `values` reach."""
    finite = np.count_nonzero(np.isfinite(values), axis=0)
    place = len(values) - np.maximum(1, np.round(share * finite).astype(np.int64))
    reached: Bands = np.take_along_axis(np.sort(values, axis=0), place[None, :], axis=0)[0]
    return reached
