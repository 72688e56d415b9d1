"""What one heel drop radiates: body, knock and slap of two heels, with a bounce, without a room.

Three sounds make a footfall. The *body* is the floor and the leg answering the main force
pulse of about 25 ms (peak force over loading rate of a heel drop, 4.9 body weights at 357
body weights a second, IJSTS 2021): damped modes below 200 Hz. The *knock* is the panel or
screed answering the sharp edge of first contact: modes of 180-950 Hz excited for 2-8 ms. The
*slap* is sole or skin on the surface: noise above 1 kHz. With a softer landing they fade at
different rates (body ~ v, knock ~ v^1.15, slap ~ v^1.3) and contact lasts longer (~ v^-0.2),
v being the landing speed relative to a good drop. That the low part carries the strength and
the high part the style follows Ekimov & Sabatier, JASA 120 (2006) 762.

The absolute levels are assumptions: nobody has published sound levels of heel drops.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from voice_coach.clock import SAMPLE_RATE
from voice_coach.simulation.loudness import amplitude, gain

Waveform = npt.NDArray[np.float64]

LENGTH: Final = int(0.45 * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Floor:
    """How a floor answers a heel; levels in dB, frequencies in Hz, decay times in seconds."""

    peak_db: float
    """Peak sound pressure of a good drop in hard shoes at 1.5 m."""
    body_db: float
    knock_db: float
    slap_db: float
    body_hz: tuple[float, float]
    body_decay: float
    knock_hz: tuple[float, float]
    knock_decay: float


@dataclass(frozen=True, slots=True)
class Footwear:
    """What is between heel and floor: changes in dB against a hard sole, and in contact time."""

    peak_db: float
    knock_db: float
    slap_db: float
    contact: float


FLOORS: Final[dict[str, Floor]] = {
    "wood": Floor(78, 0, -4, -16, (45, 190), 0.022, (190, 650), 0.010),
    "laminate": Floor(76, -3, 0, -10, (60, 200), 0.014, (230, 900), 0.007),
    "vinyl": Floor(70, -4, 0, -9, (70, 210), 0.010, (300, 950), 0.004),
    "tile": Floor(70, -6, 0, -5, (70, 220), 0.009, (350, 950), 0.004),
    "concrete": Floor(67, -5, 0, -7, (60, 180), 0.009, (300, 900), 0.003),
    "carpet": Floor(68, 0, -9, -17, (45, 160), 0.020, (180, 500), 0.006),
}
"""Floors by name."""

FOOTWEAR: Final[dict[str, Footwear]] = {
    "shoe": Footwear(0, 0, 0, 1.0),
    "slipper": Footwear(-3, -4, -8, 1.4),
    "sock": Footwear(-4, -6, -10, 1.3),
    "bare": Footwear(-3, -4, -3, 1.2),
}
"""Footwear by name."""


class Heels:
    """One person's heels on one floor: the same character every time, never the same twice.

    Parameters
    ----------
    floor, footwear : str
        A key of :data:`FLOORS`, of :data:`FOOTWEAR`.
    rng : numpy.random.Generator
        Draws this person's own modes, levels and habits, once.
    """

    def __init__(self, floor: str, footwear: str, rng: np.random.Generator) -> None:
        ground, sole = FLOORS[floor], FOOTWEAR[footwear]
        self._peak = amplitude(ground.peak_db + sole.peak_db + rng.normal(0, 2.5))
        levels = np.array(
            [ground.body_db, ground.knock_db + sole.knock_db, ground.slap_db + sole.slap_db]
        )
        self._mix = levels + rng.normal(0, 2.5, 3)
        self._body_hz = np.sort(rng.uniform(*ground.body_hz, 6))
        self._body_gain = rng.uniform(0.4, 1.0, 6)
        self._body_decay = ground.body_decay * rng.uniform(0.7, 1.4, 6)
        self._knock_hz = np.sort(rng.uniform(*ground.knock_hz, 7))
        self._knock_gain = rng.uniform(0.3, 1.0, 7)
        self._knock_decay = ground.knock_decay * rng.uniform(0.6, 1.5, 7)
        self._contact = sole.contact * rng.uniform(0.85, 1.2)
        self._slap_hz = (rng.uniform(900, 1400), rng.uniform(3500, 6500))
        self._spread = float(abs(rng.normal(0, 0.010))) + 0.002
        self._bounces = float(rng.uniform(0.0, 0.3))
        reference = self._landing(1.0, np.random.default_rng(0), jitter_db=0.0)
        self._scale = self._peak / float(np.max(np.abs(reference)))

    def drop(self, effort: float, rng: np.random.Generator, *, heels: int = 2) -> Waveform:
        """Return one heel drop as heard at 1.5 m without a room, first contact at sample 0.

        Parameters
        ----------
        effort : float
            Landing speed relative to this person's good drop: 1 good, 0.2-0.42 soft.
        rng : numpy.random.Generator
            Draws what differs from drop to drop.
        heels : int
            1 for a drop on one leg, which is not followed by the other heel.
        """
        both = np.zeros(LENGTH)
        lead = effort * gain(rng.normal(0, 0.8))
        _add(both, self._landing(lead, rng), 0)
        lag = min(abs(rng.normal(0, self._spread)), 0.045)
        other = lead * rng.uniform(0.55, 1.05)
        second = self._landing(other, rng)
        if heels == 2:
            _add(both, second, round(lag * SAMPLE_RATE))
        if rng.random() < self._bounces:
            after = round(rng.uniform(0.06, 0.16) * SAMPLE_RATE)
            _add(both, self._landing(lead * rng.uniform(0.12, 0.3), rng), after)
        return self._scale * both

    def _landing(self, speed: float, rng: np.random.Generator, jitter_db: float = 1.2) -> Waveform:
        """Return one heel landing with `speed`, unscaled."""
        contact = self._contact * speed**-0.2
        body = signal.fftconvolve(
            _force(0.005 * contact, 0.020 * contact),
            _modes(self._body_hz, self._body_gain, self._body_decay),
        )[:LENGTH]
        knock = signal.fftconvolve(
            _force(0.0008 * contact, 0.0030 * contact),
            _modes(self._knock_hz, self._knock_gain, self._knock_decay),
        )[:LENGTH]
        slap = _slap(self._slap_hz, 0.0007 * contact, 0.005, rng)
        mix = self._mix + rng.normal(0, 1.0, 3) * jitter_db
        law = (1.0, 1.15, 1.3)
        parts = (np.diff(body, prepend=0.0), np.diff(knock, prepend=0.0), slap)
        landing = np.zeros(LENGTH)
        for part, level, power in zip(parts, mix, law, strict=True):
            landing += part / np.max(np.abs(part)) * gain(float(level)) * speed**power
        return landing


def _force(rise: float, fall: float) -> Waveform:
    """Return a force pulse: raised-cosine rise and fall, in seconds."""
    up = 0.5 - 0.5 * np.cos(
        np.pi * np.arange(1, round(rise * SAMPLE_RATE) + 2) / (rise * SAMPLE_RATE + 2)
    )
    down = 0.5 + 0.5 * np.cos(
        np.pi * np.arange(round(fall * SAMPLE_RATE) + 1) / (fall * SAMPLE_RATE + 1)
    )
    return np.concatenate([up, down])


def _modes(hertz: Waveform, gains: Waveform, decays: Waveform) -> Waveform:
    """Return the sum of damped modes: frequencies, gains and 1/e times, one each."""
    time = np.arange(LENGTH) / SAMPLE_RATE
    ring = np.exp(-time / decays[:, None]) * np.sin(2 * np.pi * hertz[:, None] * time)
    return np.asarray(gains @ ring)


def _slap(
    band: tuple[float, float], attack: float, decay: float, rng: np.random.Generator
) -> Waveform:
    """Return a burst of noise in `band` Hz with the given attack and 1/e decay in seconds."""
    time = np.arange(LENGTH) / SAMPLE_RATE
    envelope = (1 - np.exp(-time / attack)) * np.exp(-time / decay)
    noise = rng.standard_normal(LENGTH)
    sos = signal.butter(2, band, "bandpass", fs=SAMPLE_RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, noise * envelope))


def _add(target: Waveform, part: Waveform, at: int) -> None:
    """Add `part` to `target` from position `at`, cut at the end."""
    room = max(0, min(len(part), len(target) - at))
    target[at : at + room] += part[:room]
