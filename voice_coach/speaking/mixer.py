"""The mixer: clips placed at stream positions, rendered into the loudspeaker's stream.

The loop's thread places, hushes and ducks; the audio callback's thread renders. Between
them lies a queue whose two ends need no lock (appending to and popping from a `deque` are
atomic), and the callback neither allocates, nor waits, nor computes anything that depends
on how the stream is cut into blocks.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, to_samples
from voice_coach.samples import Samples

LEAD: Final = BLOCK
"""A clip that comes too late for its position begins this many samples after the horizon.

The callback may render one block between the asking and the placing; a count is waited for.
"""

DUCK: Final = -18.0
"""Level of the mix, in dB, while somebody talks over it."""

_HUSH: Final = to_samples(0.020)
_DUCK_RAMP: Final = to_samples(0.030)
_VOLUME_RAMP: Final = to_samples(0.060)
_CHUNK: Final = 1024
"""Most samples rendered at once; longer requests are rendered in several steps."""

_KNEE: Final = 0.8
"""Where the limiter begins; what stays below is passed on untouched."""


@dataclass(slots=True)
class _Placement:
    """A clip in the mixer; `played` counts the samples that have sounded."""

    samples: Samples
    start: int
    gain: np.float32
    played: int = 0
    hushed: int = -1
    """Samples of the fade-out that have sounded; -1 when there is none."""


@dataclass(frozen=True, slots=True)
class _Hush:
    """A request to fade out everything that was placed before it."""


@dataclass(frozen=True, slots=True)
class _Level:
    """A request to bring the level of the mix to `gain`, by ducking or by volume."""

    ducking: bool
    gain: float


class _Ramp:
    """A gain that moves to its target along a raised cosine, whatever blocks it is asked for."""

    def __init__(self, length: int) -> None:
        self._shape = _raised_cosine(length)
        self._from = 1.0
        self._to = 1.0
        self._done = length

    def aim(self, gain: float) -> None:
        """Begin to move to `gain` from wherever the ramp is."""
        if self._done < len(self._shape):
            self._from += (self._to - self._from) * float(self._shape[self._done])
        else:
            self._from = self._to
        self._to = gain
        self._done = 0

    def apply(self, out: Samples, scratch: Samples) -> None:
        """Multiply `out` by the next ``len(out)`` values of the gain."""
        moving = min(len(self._shape) - self._done, len(out))
        if moving:
            gain = scratch[:moving]
            shape = self._shape[self._done : self._done + moving]
            np.multiply(shape, np.float32(self._to - self._from), out=gain)
            np.add(gain, np.float32(self._from), out=gain)
            np.multiply(out[:moving], gain, out=out[:moving])
            self._done += moving
        if moving < len(out) and self._to != 1.0:
            np.multiply(out[moving:], np.float32(self._to), out=out[moving:])


class Mixer:
    """Sums the clips that are placed in it into a stream, to the sample.

    :meth:`render` belongs to the audio callback; everything else to the loop's thread.
    """

    def __init__(self) -> None:
        self._requests: deque[_Placement | _Hush | _Level] = deque()
        self._placements: list[_Placement] = []
        self._horizon = 0
        self._duck = _Ramp(_DUCK_RAMP)
        self._volume = _Ramp(_VOLUME_RAMP)
        self._fade = 1.0 - _raised_cosine(_HUSH)
        self._scratch = np.zeros(_CHUNK, dtype=np.float32)
        self._excess = np.zeros(_CHUNK, dtype=np.float32)

    @property
    def horizon(self) -> int:
        """The first stream position that is not yet rendered."""
        return self._horizon

    def place(self, samples: Samples, at: int, *, gain_db: float = 0.0) -> tuple[int, int]:
        """Let `samples` sound from stream position `at`; return where they begin and end.

        A clip for a position before the horizon begins :data:`LEAD` after the horizon. The
        samples are not copied and must not change.
        """
        horizon = self._horizon
        start = at if at >= horizon else horizon + LEAD
        gain = np.float32(10 ** (gain_db / 20))
        clip = np.ascontiguousarray(samples, dtype=np.float32)
        self._requests.append(_Placement(clip, start, gain))
        return start, start + len(clip)

    def hush(self) -> None:
        """Fade out all that was placed, sounding or to come: within a block and 20 ms."""
        self._requests.append(_Hush())

    def duck(self, on: bool) -> None:
        """Lower the mix to :data:`DUCK` while somebody talks over it, or bring it back."""
        self._requests.append(_Level(ducking=True, gain=10 ** (DUCK / 20) if on else 1.0))

    def set_volume(self, db: float) -> None:
        """Bring the mix to `db` relative to what was placed."""
        self._requests.append(_Level(ducking=False, gain=10 ** (db / 20)))

    def render(self, position: int, out: Samples) -> None:
        """Fill `out` with stream positions ``[position, position + len(out))``.

        A clip that has begun plays on contiguously even when `position` is not where the
        last call ended; one that should have begun in a gap begins at once.
        """
        self._take_requests()
        for begin in range(0, len(out), _CHUNK):
            self._render_chunk(position + begin, out[begin : begin + _CHUNK])
        self._horizon = position + len(out)

    def _take_requests(self) -> None:
        while self._requests:
            request = self._requests.popleft()
            if isinstance(request, _Placement):
                self._placements.append(request)
            elif isinstance(request, _Level):
                (self._duck if request.ducking else self._volume).aim(request.gain)
            else:
                self._hush()

    def _hush(self) -> None:
        for placement in self._placements:
            if not placement.played:
                placement.hushed = _HUSH
            elif placement.hushed < 0:
                placement.hushed = 0

    def _render_chunk(self, position: int, out: Samples) -> None:
        out.fill(0.0)
        finished = False
        for placement in self._placements:
            finished |= self._add(placement, position, out)
        if finished:
            self._drop_finished()
        self._volume.apply(out, self._scratch)
        self._duck.apply(out, self._scratch)
        self._limit(out)

    def _add(self, placement: _Placement, position: int, out: Samples) -> bool:
        """Add what `placement` contributes to `out`; return whether it has finished."""
        if placement.hushed >= _HUSH:
            return True
        begin = 0 if placement.played else max(0, placement.start - position)
        left = len(placement.samples) - placement.played
        if placement.hushed >= 0:
            left = min(left, _HUSH - placement.hushed)
        count = min(left, len(out) - begin)
        if count > 0:
            clip = placement.samples[placement.played : placement.played + count]
            sound = self._scratch[:count]
            np.multiply(clip, placement.gain, out=sound)
            if placement.hushed >= 0:
                fade = self._fade[placement.hushed : placement.hushed + count]
                np.multiply(sound, fade, out=sound)
                placement.hushed += count
            target = out[begin : begin + count]
            np.add(target, sound, out=target)
            placement.played += count
        return count >= left

    def _drop_finished(self) -> None:
        kept = 0
        for placement in self._placements:
            done = placement.played >= len(placement.samples) or placement.hushed >= _HUSH
            if not done:
                self._placements[kept] = placement
                kept += 1
        del self._placements[kept:]

    def _limit(self, out: Samples) -> None:
        """Bend what exceeds the knee so that it stays below full scale.

        With e the excess over the knee k, the output is k + e (1 - k) / (e + 1 - k): slope
        1 at the knee, 1 at infinity, and made of operations that round the same for any
        length of array.
        """
        sound, excess = self._scratch[: len(out)], self._excess[: len(out)]
        np.abs(out, out=sound)
        if float(sound.max(initial=0.0)) <= _KNEE:
            return
        room = np.float32(1.0 - _KNEE)
        np.subtract(sound, np.float32(_KNEE), out=excess)
        np.maximum(excess, np.float32(0.0), out=excess)
        np.minimum(sound, np.float32(_KNEE), out=sound)
        # The excess becomes its bent self: excess * room / (excess + room), then added.
        np.copysign(sound, out, out=sound)
        np.copysign(excess, out, out=out)
        np.add(excess, room, out=excess)
        np.multiply(out, room, out=out)
        np.divide(out, excess, out=out)
        np.add(out, sound, out=out)


def _raised_cosine(length: int) -> Samples:
    """Return a ramp that leaves 0 and reaches 1 one sample after its end, shape ``(length,)``."""
    phase = np.arange(length) / length
    return (0.5 - 0.5 * np.cos(np.pi * phase)).astype(np.float32)
