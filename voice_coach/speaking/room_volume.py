"""How much louder to speak because of the room: a running tap shall not drown us.

The microphone hears both the room and our own voice coming back, so that neither its sensitivity
nor the loudspeaker's power need be known: what counts is how far the one exceeds the other.
"""

from collections import deque
from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.samples import Samples

MOST_DB: Final = 9.0
"""Louder than this the room never makes us: the loudspeaker has to follow, and so has the ear."""
_ABOVE_ROOM_DB: Final = 24.0
"""How far our voice shall exceed the room at the microphone. Whoever listens stands further from
the loudspeaker, and nearer to the tap."""
_AUDIBLE_DB: Final = -50.0
"""Playback is loud from here on; what is fainter teaches nothing of its echo."""
_FADED: Final = to_samples(0.16) // BLOCK
"""Blocks after our voice in which it is still heard."""
_ROOM: Final = to_samples(2.0) // BLOCK
"""Blocks without us from which the room is known."""
_STEADY: Final = 0.3
"""Share of them that is fainter than what is steady: words and clinks are louder."""
_VOICE: Final = to_samples(2.0) // BLOCK
"""Blocks with us from which our echo is known."""
_KNOWN: Final = to_samples(0.5) // BLOCK
"""Blocks of either from which it can be told."""
_LOOK: Final = to_samples(0.2) // BLOCK
"""Blocks between two looks at all that."""
_MIND_DB: Final = 1.5
"""A smaller change is not worth being heard."""
_UP_DB: Final = 6.0 * BLOCK / SAMPLE_RATE
_DOWN_DB: Final = 1.0 * BLOCK / SAMPLE_RATE
"""Change of a block: 6 dB a second up, 1 down, for a tap is turned on and off again."""
_TINY: Final = 1e-12


class RoomVolume:
    """Follows room and echo block by block."""

    def __init__(self) -> None:
        self._room: deque[float] = deque(maxlen=_ROOM)
        self._path: deque[float] = deque(maxlen=_VOICE)
        """How much louder than our playback the microphone was, in dB, while we spoke."""
        self._voice: deque[float] = deque(maxlen=_VOICE)
        """How loud our playback would have been without what we add to it."""
        self._since_sound = _FADED
        self._blocks = 0
        self._wanted = 0.0
        self._db = 0.0

    def step(self, microphone: Samples, playback: Samples) -> float:
        """Take in a block of both; return how many dB louder to be from now on, 0 to `MOST_DB`."""
        emitted = _level(playback)
        self._since_sound = 0 if playback.any() else self._since_sound + 1
        if self._since_sound > _FADED:
            self._room.append(_level(microphone))
        elif emitted > _AUDIBLE_DB:
            self._path.append(_level(microphone) - emitted)
            self._voice.append(emitted - self._db)
        self._blocks += 1
        if self._blocks % _LOOK == 0 and min(len(self._room), len(self._path)) >= _KNOWN:
            self._look()
        self._db += float(np.clip(self._wanted - self._db, -_DOWN_DB, _UP_DB))
        return self._db

    def _look(self) -> None:
        room = float(np.quantile(self._room, _STEADY))
        # What the microphone has while we speak is at least the room: an echo that drowns in it
        # counts as loud as the room, and we become as loud as we may.
        missing = _ABOVE_ROOM_DB - (
            float(np.median(self._path)) + float(np.median(self._voice)) - room
        )
        wanted = float(np.clip(missing, 0.0, MOST_DB))
        if abs(wanted - self._wanted) > _MIND_DB or wanted in (0.0, MOST_DB):
            self._wanted = wanted


def _level(block: Samples) -> float:
    """Return the level of `block` in dB, high sounds stressed: hum and rumble drown no word."""
    stressed = np.diff(block)
    return 10 * float(np.log10(stressed @ stressed / max(1, len(stressed)) + _TINY))
