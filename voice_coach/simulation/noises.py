"""Kitchen noises, synthesised: tap, dishes, cupboard, talk, music, fridge, steps.

Each kind is a function that draws about `SEGMENT` samples of sound at a time; a
:class:`NoiseSource` strings segments together with their overhang, so that the noise at a
stream position depends on the seed alone, never on how many samples are asked for at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.simulation.loudness import amplitude
from voice_coach.simulation.strike import Heels
from voice_coach.simulation.talk import babble

Waveform = npt.NDArray[np.float64]
Synthesis = Callable[[np.random.Generator], Waveform]

SEGMENT: Final = 4 * SAMPLE_RATE
"""Samples drawn at a time."""

OVERHANG: Final = SAMPLE_RATE
"""Samples by which a segment's last event may ring into the next segment."""


@dataclass(frozen=True, slots=True)
class Noise:
    """A noise that is on from `start` to `end` (stream positions; None: to the very end).

    `level_db` is dB re 20 µPa at the microphone: the root mean square of steady kinds (tap,
    talk, music, fridge), the peak of the strongest for the kinds made of single events (dishes,
    cupboard, steps; reverberation may add some dB). None takes the kind's usual level.
    """

    kind: str
    level_db: float | None = None
    start: int = 0
    end: int | None = None


class NoiseSource:
    """Plays one noise, any number of samples at a time."""

    def __init__(self, noise: Noise, response: Waveform, rng: np.random.Generator) -> None:
        if noise.kind not in _KINDS:
            known = ", ".join(sorted(_KINDS))
            raise UserError(f"There is no noise called {noise.kind!r}; choose one of: {known}.")
        kind = _KINDS[noise.kind]
        self._synthesis = kind.prepare(rng)
        self._rng = rng
        self._noise = noise
        level = kind.level_db if noise.level_db is None else noise.level_db
        self._gain = amplitude(level)
        energy = float(np.sum(response**2)) if kind.steady else float(np.max(np.abs(response)) ** 2)
        self._response = response / max(energy, 1e-12) ** 0.5
        self._ready = np.zeros(0)
        self._overhang = np.zeros(OVERHANG + len(response) - 1)
        self._position = 0

    def render(self, n: int) -> Waveform:
        """Return the next `n` samples."""
        first, self._position = self._position, self._position + n
        end = self._noise.end
        if self._position <= self._noise.start or (end is not None and first >= end):
            return np.zeros(n)
        skip = max(0, self._noise.start - first)
        sound = np.zeros(n)
        sound[skip:] = self._take(n - skip)
        if end is not None and self._position > end:
            sound[max(0, end - first) :] = 0.0
        return sound

    def _take(self, n: int) -> Waveform:
        """Return the next `n` samples of the synthesis itself."""
        while len(self._ready) < n:
            dry = self._synthesis(self._rng)
            wet = signal.fftconvolve(dry, self._response) * self._gain
            wet[: len(self._overhang)] += self._overhang
            self._ready = np.concatenate([self._ready, wet[:SEGMENT]])
            self._overhang = wet[SEGMENT:]
        taken, self._ready = self._ready[:n], self._ready[n:]
        return taken


def _coloured(rng: np.random.Generator, n: int, corners: tuple[float, float]) -> Waveform:
    """Return noise of unit root mean square within `corners` Hz."""
    sos = signal.butter(1, corners, "bandpass", fs=SAMPLE_RATE, output="sos")
    sound = signal.sosfilt(sos, rng.standard_normal(n))
    return np.asarray(sound / np.sqrt(np.mean(sound**2)))


def _events(
    rng: np.random.Generator, rate: float, one: Callable[[np.random.Generator], Waveform]
) -> Waveform:
    """Return a segment with `rate` events a second at random times, up to 12 dB below 1."""
    sound = np.zeros(SEGMENT + OVERHANG)
    for at in np.sort(rng.integers(0, SEGMENT, rng.poisson(rate * SEGMENT / SAMPLE_RATE))):
        event = one(rng) * 10.0 ** (rng.uniform(-12.0, 0.0) / 20.0)
        sound[at : at + len(event)] += event[: len(sound) - at]
    return sound


def _struck(
    rng: np.random.Generator,
    hertz: tuple[float, float],
    decays: tuple[float, float],
    *,
    count: int,
    seconds: float,
    click: float,
) -> Waveform:
    """Return something struck: `count` damped modes and a click, peak 1."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    modes = np.exp(rng.uniform(np.log(hertz[0]), np.log(hertz[1]), (count, 1)))
    decay = rng.uniform(*decays, (count, 1))
    phase = rng.uniform(0, 2 * np.pi, (count, 1))
    sound = rng.uniform(0.3, 1.0, count) @ (
        np.exp(-time / decay) * np.sin(2 * np.pi * modes * time + phase)
    )
    sound /= np.max(np.abs(sound))
    sound += click * rng.standard_normal(len(time)) * np.exp(-time / 0.004)
    sound[:8] *= np.arange(8) / 8.0
    return np.asarray(sound / np.max(np.abs(sound)))


def _tap(rng: np.random.Generator) -> Synthesis:
    """Water on steel: a steady hiss that flutters, with splashes."""
    corners = (rng.uniform(250, 600), rng.uniform(4000, 7000))
    drone = (80.0, rng.uniform(250, 450))

    def segment(rng: np.random.Generator) -> Waveform:
        n = SEGMENT + OVERHANG
        knots = rng.normal(0, 1.5, n // 800 + 2)
        flutter = 10.0 ** (np.interp(np.arange(n) / 800, np.arange(len(knots)), knots) / 20)
        splash = _events(
            rng,
            12.0,
            lambda r: _struck(r, (400, 3000), (0.004, 0.02), count=3, seconds=0.08, click=0.4),
        )
        hiss = 0.9 * _coloured(rng, n, corners) * flutter + 0.35 * _coloured(rng, n, drone)
        sound = hiss + 1.5 * splash
        sound[:OVERHANG] *= np.linspace(0, 1, OVERHANG) ** 0.5
        sound[SEGMENT:] *= np.linspace(1, 0, OVERHANG) ** 0.5
        return sound

    return segment


def _fridge(rng: np.random.Generator) -> Synthesis:
    """Draw a compressor: mains harmonics and a low rumble."""
    mains = rng.choice([50.0, 60.0]) * np.arange(2, 9)
    levels = rng.uniform(0.2, 1.0, 7) / np.arange(1, 8)
    # A whole number of periods fits a segment, so the hum has no seam.
    mains = np.round(mains * SEGMENT / SAMPLE_RATE) * SAMPLE_RATE / SEGMENT

    def segment(rng: np.random.Generator) -> Waveform:
        n = SEGMENT + OVERHANG
        time = np.arange(n) / SAMPLE_RATE
        hum = levels @ np.sin(2 * np.pi * mains[:, None] * time)
        sound = 0.8 * hum / np.sqrt(np.mean(hum**2)) + 0.6 * _coloured(rng, n, (80, 600))
        fade = np.linspace(0, 1, OVERHANG)
        sound[:OVERHANG] *= fade
        sound[SEGMENT:] *= 1 - fade
        return np.asarray(sound)

    return segment


def _dishes(rng: np.random.Generator) -> Synthesis:
    """Plates and cutlery set down and knocked together, two in three seconds."""

    def plate(rng: np.random.Generator) -> Waveform:
        if rng.random() < 0.5:
            return _struck(rng, (900, 5500), (0.01, 0.06), count=8, seconds=0.35, click=0.6)
        low = _struck(
            rng, (150, 500), (0.008, 0.03), count=3, seconds=0.35, click=0.2
        ) * rng.uniform(0.1, 0.8)
        return np.asarray(
            _struck(rng, (600, 4000), (0.01, 0.08), count=7, seconds=0.35, click=0.8) + low
        )

    return lambda rng: _events(rng, 0.7, plate)


def _cupboard(rng: np.random.Generator) -> Synthesis:
    """Cupboard doors and drawers: low thuds with a rattle, one in four seconds."""

    def door(rng: np.random.Generator) -> Waveform:
        thud = _struck(rng, (80, 420), (0.015, 0.06), count=6, seconds=0.4, click=0.15)
        rattle = _struck(rng, (500, 3000), (0.004, 0.02), count=5, seconds=0.4, click=0.5)
        late = round(rng.uniform(0.0, 0.06) * SAMPLE_RATE)
        thud[late:] += rng.uniform(0.1, 0.7) * rattle[: len(thud) - late]
        return np.asarray(thud)

    return lambda rng: _events(rng, 0.25, door)


def _steps(rng: np.random.Generator) -> Synthesis:
    """Somebody else walking through, on another kind of floor, in bouts."""
    heels = Heels(str(rng.choice(["wood", "laminate", "tile"])), "shoe", rng)
    unit = 1.0 / float(np.max(np.abs(heels.drop(1.0, np.random.default_rng(1)))))

    def segment(rng: np.random.Generator) -> Waveform:
        sound = np.zeros(SEGMENT + OVERHANG)
        if rng.random() < 0.5:
            at = float(rng.uniform(0, 2.0))
            for _ in range(int(rng.integers(2, 7))):
                first = round(at * SAMPLE_RATE)
                step = heels.drop(rng.uniform(0.4, 1.1), rng) * unit
                if first + len(step) < len(sound):
                    sound[first : first + len(step)] += step
                at += float(rng.normal(0.55, 0.04))
        return sound

    return segment


def _music(rng: np.random.Generator) -> Synthesis:
    """Draw a radio tune: chords, bass, kick drum, hi-hat at 90-130 beats a minute."""
    beat = round(60.0 / rng.uniform(90, 130) * SAMPLE_RATE)
    root = rng.uniform(110, 180)
    drums = rng.uniform(0.2, 1.2)
    offset = [0]

    def segment(rng: np.random.Generator) -> Waveform:
        sound = np.zeros(SEGMENT + OVERHANG)
        time = np.arange(min(beat * 2, OVERHANG)) / SAMPLE_RATE
        at = offset[0]
        while at < SEGMENT:
            chord = root * 2.0 ** (rng.choice([0, 5, 7, 9]) / 12) * np.array([1, 1.26, 1.5, 2])
            partials = (chord[:, None] * np.arange(1, 6)).ravel()
            note = (1.0 / np.tile(np.arange(1, 6), 4)) @ (
                np.sin(2 * np.pi * partials[:, None] * time)
            )
            note *= np.exp(-time / 0.4) * np.minimum(1, time / 0.01) * 0.12
            kick = np.sin(2 * np.pi * (50 * time + 6 * (1 - np.exp(-time / 0.03)) / 2))
            kick *= np.exp(-time / 0.08) * drums
            hat = rng.standard_normal(len(time)) * np.exp(-time / 0.02) * 0.15 * drums
            both = note + kick + np.diff(hat, prepend=0.0)
            sound[at : at + len(both)] += both[: len(sound) - at]
            at += beat
        offset[0] = at - SEGMENT
        return 7.0 * sound

    return segment


@dataclass(frozen=True, slots=True)
class _Kind:
    prepare: Callable[[np.random.Generator], Synthesis]
    level_db: float
    steady: bool


_KINDS: Final[dict[str, _Kind]] = {
    "tap": _Kind(_tap, 56.0, True),
    "talk": _Kind(lambda _: lambda rng: babble(rng, SEGMENT, OVERHANG), 58.0, True),
    "music": _Kind(_music, 58.0, True),
    "fridge": _Kind(_fridge, 42.0, True),
    "dishes": _Kind(_dishes, 72.0, False),
    "cupboard": _Kind(_cupboard, 72.0, False),
    "steps": _Kind(_steps, 66.0, False),
}

NOISE_KINDS: Final = tuple(_KINDS)
"""The names a :class:`Noise` may have."""
