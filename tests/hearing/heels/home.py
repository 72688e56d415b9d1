"""A simulated home for the tests: somebody who drops their heels where the test says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.heels import Calibrator, HeelTemplate, Landing, ThumpDetector
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise

LEARNT = to_samples(11.0)
"""Samples that the calibration takes."""

CALIBRATION = [(to_samples(2 + 3 * i), to_samples(2.9 + 3 * i)) for i in range(3)]


CUE = to_samples(0.15)
"""Samples from the opening of a window to its drop cue."""


class Listener(Protocol):
    """Whoever listens for landings in windows."""

    def open_window(self, start: int, end: int, *, prompted: int) -> None:
        """Listen for one landing."""


def expect(listener: Listener, start: float, end: float) -> None:
    """Let `listener` expect a landing between two seconds, the cue soon after the first."""
    first = to_samples(start)
    listener.open_window(first, to_samples(end), prompted=first + CUE)


def counted(landings: Iterable[Landing]) -> list[Landing]:
    """Return the landings that are certain."""
    return [landing for landing in landings if landing.certain]


@dataclass(frozen=True)
class Sound:
    """What the microphone heard after the calibration, when heels arrived, and the template."""

    template: HeelTemplate
    microphone: Samples
    playback: Samples
    arrivals: list[int]


def tick(at: int, total: int, amplitude: float = 0.2) -> Samples:
    """Return `total` samples of playback with a drop cue of 80 ms at `at`."""
    playback = np.zeros(total, np.float32)
    n = 1_280
    tone = np.sin(2 * np.pi * 700 * np.arange(n) / SAMPLE_RATE)
    playback[at : at + n] = amplitude * tone * np.hanning(n) ** 0.25
    return playback


@lru_cache(maxsize=32)
def live(
    drops: tuple[tuple[float, float], ...] = (),
    *,
    seconds: float = 12.0,
    floor: str = "wood",
    footwear: str = "shoe",
    noises: tuple[Noise, ...] = (),
    ticks: tuple[float, ...] = (),
    seed: int = 4,
    gain_db: float = 0.0,
    heels: int = 2,
) -> Sound:
    """Calibrate in a quiet kitchen, then let the heels land: `drops` are (second, effort).

    With one of the `heels`, they calibrate on both and drop on one.
    """
    kitchen = Kitchen(
        floor=floor,
        footwear=footwear,
        seed=seed,
        gain_db=gain_db,
        noises=[
            Noise(n.kind, n.level_db, n.start + LEARNT, n.end and n.end + LEARNT) for n in noises
        ],
    )
    for start, _ in CALIBRATION:
        kitchen.strike(start + to_samples(0.3))
    calibrator = Calibrator()
    for window in CALIBRATION:
        calibrator.open_window(*window)
    calibrator.feed(kitchen.microphone(np.zeros(LEARNT, np.float32)))
    total = to_samples(seconds)
    playback = np.zeros(total, np.float32)
    for second in ticks:
        playback += tick(to_samples(second), total)
    arrivals = [
        round(kitchen.strike(LEARNT + to_samples(second), effort, heels=heels)) - LEARNT
        for second, effort in drops
    ]
    return Sound(calibrator.finish(), kitchen.microphone(playback), playback, arrivals)


def listen(
    sound: Sound,
    windows: Sequence[tuple[float, float]] = (),
    *,
    block: int = 320,
) -> list[Landing]:
    """Return what the detector counts in `sound`, with listening windows in seconds."""
    detector = ThumpDetector(sound.template)
    for start, end in windows:
        expect(detector, start, end)
    heard = []
    for i in range(0, len(sound.microphone), block):
        heard += detector.feed(sound.microphone[i : i + block], sound.playback[i : i + block])
    return counted(heard + detector.flush())
