"""How much later our sound is in the room than the sound system says.

A wireless loudspeaker, or a television, plays a tenth of a second to half a second after it has
been given the sound, and no driver tells. The microphone does: over the seconds in which we sound,
the cross-correlation of both, each whitened (the smoothed coherence transform; Carter, Nuttall &
Cable 1973), has its peak where the sound arrives.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.samples import Samples

LONGEST: Final = to_samples(0.6)
"""No delay is looked for beyond this, nor our sound earlier than this before it is expected."""
UNNOTICED: Final = to_samples(0.06)
"""Up to here the echo canceller, and the times by which our own words are known, do as well."""

_PIECE: Final = 40 * BLOCK
"""Samples of playback that are compared at a time, .8 s."""
_SPAN: Final = LONGEST + _PIECE + LONGEST
"""Samples of the microphone in which they are looked for."""
_TRANSFORM: Final = 32_768
_BAND: Final = (300.0, 4_000.0)
"""Hz between which small loudspeakers and voices are loud."""
_FORGETS: Final = 0.8
"""What is kept of earlier pieces from piece to piece: those of the last four seconds count."""
_STANDS_OUT: Final = 9.0
"""By how many times its usual size the correlation stands out where our sound arrives. That of
nothing with nothing is 4.5 at the most of so many delays."""
_ALIKE: Final = to_samples(0.005)
"""Delays found that lie closer together are one."""
_AGREED: Final = 3
"""Pieces in a row that must find the same."""
AUDIBLE: Final = 1e-4
"""What we play below this is silence: -80 dB."""
_MOSTLY: Final = 0.1
"""Share of a piece in which we must sound."""

_bins: Final = slice(*(round(hertz * _TRANSFORM / SAMPLE_RATE) for hertz in _BAND))

_Spectrum = npt.NDArray[np.complex64]


class LoudspeakerDelay:
    """Learns the delay from blocks of sound, as they come.

    While we are silent, or cannot be heard in the room, nothing is learnt.
    """

    def __init__(self) -> None:
        self._microphone = np.zeros(_SPAN, np.float32)
        self._playback = np.zeros(_SPAN, np.float32)
        self._waited = 0
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget what was found so far: the delay is another from now on."""
        bins = _bins.stop - _bins.start
        self._cross = np.zeros(bins, np.complex64)
        self._powers = np.full((2, bins), 1e-12, np.float32)
        self._found: list[int] = []

    def feed(self, microphone: Samples, playback: Samples) -> int | None:
        """Take in a block of both; return the delay in samples where it has just been found.

        It is negative where our sound is heard before it is said to be played.
        """
        for past, new in ((self._microphone, microphone), (self._playback, playback)):
            past[:-BLOCK] = past[BLOCK:]
            past[-BLOCK:] = new
        self._waited += BLOCK
        if self._waited < _PIECE:
            return None
        self._waited = 0
        piece = self._playback[LONGEST : LONGEST + _PIECE]
        if np.mean(np.abs(piece) > AUDIBLE) < _MOSTLY:
            return None
        return self._compare(piece)

    def _compare(self, piece: Samples) -> int | None:
        played, heard = (
            np.fft.rfft(sound, _TRANSFORM)[_bins].astype(np.complex64)
            for sound in (piece, self._microphone)
        )
        self._cross = _FORGETS * self._cross + np.conj(played) * heard
        self._powers *= _FORGETS
        self._powers += np.abs([played, heard]).astype(np.float32) ** 2
        whitened = np.zeros(_TRANSFORM // 2 + 1, np.complex64)
        whitened[_bins] = self._cross / np.sqrt(self._powers[0] * self._powers[1])
        correlation = np.abs(np.fft.irfft(whitened)[: 2 * LONGEST])
        best = int(np.argmax(correlation))
        if correlation[best] < _STANDS_OUT * np.sqrt(np.mean(correlation**2)):
            self._found.clear()
            return None
        if self._found and abs(self._found[-1] - best) > _ALIKE:
            self._found.clear()
        self._found.append(best)
        if len(self._found) < _AGREED:
            return None
        self._found.clear()
        return best - LONGEST
