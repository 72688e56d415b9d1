"""How long after the first heel the second one landed, where that can be heard.

Two landings of much the same sound, one a moment after the other, comb their common spectrum: its
logarithm ripples with a period of one over the lag. The cepstrum, in which that ripple is a peak,
does not mind that floor and room ring on. One microphone cannot tell the left heel from the right.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.hearing.heels.landing import Landing
from voice_coach.samples import Samples

BEFORE: Final = to_samples(0.070)
"""Samples before the impact that are looked at: it may have been placed at the second heel."""

AFTER: Final = to_samples(0.150)
"""As many after it: before our count begins to sound."""

TOLD: Final = to_samples(0.4)
"""Samples after an impact at which its lag is told: whoever counts landings has counted it."""

BAND_HZ: Final = (80.0, 1200.0)
"""Where both heels sound alike."""

LAGS_MS: Final = (8.0, 62.0)
"""Lags that are looked for. A shorter one is no ripple any more, a longer one is a bounce."""

HEARD: Final = 0.30
"""Height of a peak from which it is a second heel: one landing alone gives 0.25 at most."""

AUDIBLE: Final = 0.7
"""Share of the band in which the landing must stand out of the room."""

STANDS_OUT_DB: Final = (3.0, 12.0)
"""A frequency that stands out by less does not count, one that stands out by more wholly."""

ROOM: Final = to_samples(1.0)
"""Samples before the landing that tell what the room sounds like."""

ECHO: Final = to_samples(0.06)
"""Samples after our own sound that belong to it."""

_FFT: Final = 8192
_SMOOTH: Final = 61
"""Bins over which the room's spectrum is averaged; its ripple is chance."""
_SLOW_HZ: Final = 150.0
"""Ripple of longer periods is the sound of the heels, no lag."""

Spectrum = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeelsApart:
    """By how much the heels of one landing came apart."""

    landed: int
    """The impact of that :class:`~voice_coach.hearing.heels.landing.Landing`."""
    decided: int
    """Stream position up to which sound was needed."""
    lag_ms: float
    """Milliseconds from one heel to the other; 0 where they were heard as one."""


class TwoHeels:
    """Measures the lag of each sure landing in a stream."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[Samples, Samples | None]] = deque()
        self._kept = 0
        self._position = 0
        self._waiting: deque[int] = deque()

    def feed(
        self, microphone: Samples, playback: Samples | None, landings: list[Landing]
    ) -> list[HeelsApart]:
        """Take in the next samples and the landings decided by them.

        `playback` is what our loudspeaker emitted meanwhile. Returns the lags that are known by
        now; of a landing that is too faint, or over our own sound, nothing is ever returned.
        """
        own = None if playback is None or not playback.any() else playback.copy()
        self._blocks.append((microphone.copy(), own))
        self._kept += len(microphone)
        self._position += len(microphone)
        # A landing is decided at most a window after it was made.
        while self._kept - len(self._blocks[0][0]) > 2 * ROOM:
            self._kept -= len(self._blocks.popleft()[0])
        self._waiting.extend(one.impact for one in landings if one.certain and not one.late)
        found = []
        while self._waiting and self._position >= self._waiting[0] + TOLD:
            landed = self._waiting.popleft()
            lag_ms = self._measured(landed)
            if lag_ms is not None:
                found.append(HeelsApart(landed, self._position, lag_ms))
        return found

    def _measured(self, landed: int) -> float | None:
        sound = np.concatenate([block for block, _ in self._blocks])
        own = np.concatenate(
            [np.zeros(len(block), bool) if ours is None else ours != 0.0
             for block, ours in self._blocks]
        )  # fmt: skip
        return lag_of(sound, own, landed - (self._position - self._kept))


def lag_of(sound: Samples, own: npt.NDArray[np.bool_], landed: int) -> float | None:
    """Return the lag of the heels that landed at `landed`, in milliseconds.

    Parameters
    ----------
    sound, own
        The microphone, and where our loudspeaker sounds; shape ``(n,)``.
    landed
        Position of the impact in them.

    Returns
    -------
    0 where one landing is heard, None where it cannot be told: too faint, over our own sound, or
    too little of it there.
    """
    first, last = landed - BEFORE, landed + AFTER
    ours = np.convolve(own, np.ones(ECHO, np.float32), "full")[: len(own)] > 0.5
    if first < 0 or last > len(sound) or ours[first:last].any():
        return None
    rooms = [
        _power(sound[at : at + len(_WINDOW)])
        for at in range(max(0, first - ROOM), first - len(_WINDOW), BLOCK * 3)
        if not ours[at : at + len(_WINDOW)].any()
    ]
    if not rooms:
        return None
    # As the ear's noise floor: speech and music leave gaps.
    loud = np.quantile(rooms, 0.85, axis=0) / -np.log(1.0 - 0.85)
    room = np.convolve(loud, np.full(_SMOOTH, 1 / _SMOOTH), "same") + 1e-12
    power = _power(sound[first:last])
    stands_out = np.convolve(power, np.full(_SMOOTH, 1 / _SMOOTH), "same") / room
    low, high = STANDS_OUT_DB
    seen = np.clip((10.0 * np.log10(stands_out + 1e-12) - low) / (high - low), 0.0, 1.0)
    weight = _TAPER * seen
    if weight.sum() < AUDIBLE * _TAPER.sum():
        return None
    logarithm = 0.5 * np.log(power + room)
    nearby = np.maximum(np.convolve(weight, _SLOW, "same"), 1e-9)
    slow = np.convolve(logarithm * weight, _SLOW, "same") / nearby
    peaks = _RIPPLES @ ((logarithm - slow) * weight) / weight.sum()
    best = int(np.argmax(peaks))
    return round(float(_LAGS[best]), 1) if peaks[best] >= HEARD else 0.0


def _power(sound: Samples) -> Spectrum:
    """Return the power of a piece of sound in the bins of the band."""
    spectrum = np.fft.rfft(sound * _WINDOW, _FFT)[_BINS]
    return np.asarray(np.abs(spectrum) ** 2)


def _window() -> Spectrum:
    """Return a window that rises at once and fades as the landing rings on."""
    window = np.ones(BEFORE + AFTER)
    rise, fade = to_samples(0.010), to_samples(0.090)
    window[:rise] = 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    window[-fade:] = 0.5 + 0.5 * np.cos(np.pi * np.arange(fade) / fade)
    return window


_WINDOW: Final = _window()
_HZ: Final = np.fft.rfftfreq(_FFT, 1.0 / SAMPLE_RATE)
_BINS: Final = np.flatnonzero((BAND_HZ[0] <= _HZ) & (BAND_HZ[1] > _HZ))
_TAPER: Final = np.sqrt(np.hanning(len(_BINS) + 2)[1:-1])
_SLOW: Final = np.hanning(round(_SLOW_HZ / _HZ[1]) | 1)
_LAGS: Final = np.arange(*LAGS_MS, 0.5)
_RIPPLES: Final = 2.0 * np.cos(2e-3 * np.pi * np.outer(_LAGS, _HZ[_BINS]))
