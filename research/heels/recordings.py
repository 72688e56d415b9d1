"""The recordings that REAL sessions are made of: impacts, kitchens, sounds that must not count.

Clips and sources belong to development or to test, never to both: impacts on the source floors 1
and 2 are development, floor 3 is test; kitchen20 sources are split by a checksum of their name.
"""

import csv
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
from scipy import signal

from research.places import DATA
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.simulation import FLOORS
from voice_coach.simulation.strike import Heels

Half = Literal["dev", "test"]
Waveform: TypeAlias = npt.NDArray[np.float64]
Impact: TypeAlias = tuple[Path, float]
"""A clip, and the start of its labelled box in seconds."""

CONTINUOUS = (
    *("fridge", "water-flowing", "stove-fan", "boiling-water", "dishwasher", "microwave"),
    *("frying-pan", "stove-burner"),
)
STRIKING = ("plates", "cupboard", "drawer", "cutlery", "chopping", "book", "clean-dishes")
FOREIGN = ("hammerhit", "hammerdrop", "chairdrag")


def data_folder() -> Path | None:
    """Return where the recordings lie, or None."""
    return DATA if (DATA / "floor-impacts").is_dir() else None


@lru_cache(maxsize=4000)
def _clip(path: Path) -> Waveform:
    sound, rate = soundfile.read(path)
    assert rate == SAMPLE_RATE
    return np.asarray(sound - sound.mean())


def _half(name: str) -> Half:
    return "dev" if zlib.crc32(name.encode()) % 2 == 0 else "test"


@lru_cache(maxsize=2)
def impacts(data: Path) -> dict[str, list[Impact]]:
    """Return the impacts of each folder."""
    table: dict[str, list[Impact]] = {}
    with (data / "floor-impacts" / "labels.csv").open() as file:
        for row in csv.DictReader(file):
            path = data / "floor-impacts" / row["file"]
            table.setdefault(row["category"], []).append((path, float(row["box_start_s"])))
    return table


def impact_folders(data: Path, kind: str, half: Half) -> list[str]:
    """Return the folders of one kind of impact that belong to a half."""
    own = "3" if half == "test" else "12"
    return sorted(n for n in impacts(data) if n.startswith(kind) and n[len(kind)] in own)


CLEAREST = 20.0
"""Ball drops are taken from folders where they peak this far over the recording's own noise, dB.

In the others (heard through a floor from 6 or 12 m away) the recording is noisier than the
sessions it would be laid into.
"""


@lru_cache(maxsize=100)
def clear_folder(data: Path, folder: str) -> bool:
    """Return whether the impacts of a folder stand out of their own recordings by `CLEAREST`."""
    over = []
    for path, box in impacts(data)[folder]:
        sound, first = _clip(path), to_samples(box)
        room = np.sqrt(np.mean(sound[: max(800, first - 1600)] ** 2))
        over.append(20 * np.log10(np.max(np.abs(sound[first : first + 8000])) / room))
    return float(np.median(over)) >= CLEAREST


def struck(data: Path, path: Path, box: float, before: float = 0.25) -> tuple[Waveform, int]:
    """Return a clip's impact from `before` seconds ahead, faded, peak 1, and its onset there."""
    sound = _clip(path)
    first = max(0, to_samples(box) - 1600)
    part = sound[first : first + to_samples(0.7)]
    top = float(np.max(np.abs(part)))
    # The onset is where the 60 ms after are furthest above the 60 ms before, near the loudest.
    energy = np.concatenate([[0.0], np.cumsum(part**2)])
    after = energy[960:] - energy[:-960]
    rise = np.log(after[960:] + 1e-9) - np.log(after[:-960] + 1e-9)
    rise[after[960:] < 0.25 * after.max()] = -np.inf
    onset = first + 960 + int(np.argmax(rise))
    start = max(0, onset - to_samples(before))
    piece = sound[start : start + to_samples(0.8)].copy() / top
    fade = max(1, (onset - start) * 3 // 4)
    piece[:fade] *= np.linspace(0, 1, fade)
    piece[-3200:] *= np.linspace(1, 0, 3200)
    return piece, onset - start


def kitchen_clips(data: Path, classes: tuple[str, ...], half: Half) -> list[Path]:
    """Return kitchen20 clips of a half, split by source."""
    return [
        path
        for name in classes
        for path in sorted((data / "kitchen" / name).glob("*.flac"))
        if _half(path.stem.split("-")[1].rstrip("0123456789") or path.stem.split("-")[1]) == half
    ]


def background(
    data: Path, half: Half, seconds: float, rng: np.random.Generator, classes: tuple[str, ...]
) -> Waveform:
    """Return continuous kitchen noise of unit root mean square, clips cross-faded over 0.25 s."""
    clips = kitchen_clips(data, classes, half)
    sound = np.zeros(to_samples(seconds) + 6 * SAMPLE_RATE)
    fade = to_samples(0.25)
    name = str(rng.choice(sorted({c.parent.name for c in clips})))
    chosen = [c for c in clips if c.parent.name == name]
    at = 0
    while at < to_samples(seconds):
        clip = _clip(chosen[int(rng.integers(len(chosen)))]).copy()
        clip /= np.sqrt(np.mean(clip**2)) + 1e-6
        clip[:fade] *= np.linspace(0, 1, fade)
        clip[-fade:] *= np.linspace(1, 0, fade)
        sound[at : at + len(clip)] += clip[: len(sound) - at]
        at += len(clip) - fade
    return sound[: to_samples(seconds)]


def _step(rng: np.random.Generator) -> Waveform:
    """Return someone else's footstep, simulated, peak 1."""
    heels = Heels(str(rng.choice(list(FLOORS))), "shoe", rng)
    sound = heels.drop(1.0, rng)
    return np.asarray(sound / np.max(np.abs(sound)))


def negative(data: Path, half: Half, rng: np.random.Generator) -> tuple[Waveform, str]:
    """Return a sound that must not count, peak 1, 0.7 s long, and its kind."""
    kind = str(rng.choice(["plate", "foreign", "foreign", "step", "knock"]))
    if kind == "step":
        return _step(rng), kind
    if kind == "foreign":
        folders = [f for k in FOREIGN for f in impact_folders(data, k, half)]
        clips = impacts(data)[str(rng.choice(folders))]
        return struck(data, *clips[int(rng.integers(len(clips)))])[0], kind
    names = STRIKING if kind == "plate" else ("chopping", "cupboard", "drawer", "book")
    clips_here = kitchen_clips(data, names, half)
    sound = _clip(clips_here[int(rng.integers(len(clips_here)))])
    loudest = int(np.argmax(np.abs(sound)))
    if rng.random() < 0.3:
        loudest = int(rng.integers(len(sound)))
    start = int(np.clip(loudest - 1600, 0, max(0, len(sound) - 11200)))
    piece = sound[start : start + 11200].copy()
    piece /= np.max(np.abs(piece)) + 1e-6
    piece[:640] *= np.linspace(0, 1, 640)
    piece[-3200:] *= np.linspace(1, 0, 3200)
    return piece, kind


@dataclass(frozen=True)
class Colour:
    """Another building: everything struck in it a little faster or slower, and equalised."""

    speed: float
    tilt: float
    corner: float

    def of(self, sound: Waveform, onset: int) -> tuple[Waveform, int]:
        """Return `sound` so coloured, peak 1, and where its `onset` has come to lie."""
        if self.speed == 1.0 and self.tilt == 0.0:
            return sound, onset
        n = int(len(sound) / self.speed)
        moved = np.interp(np.arange(n) * self.speed, np.arange(len(sound)), sound)
        sos = signal.butter(1, self.corner, fs=SAMPLE_RATE, output="sos")
        coloured = moved + self.tilt * signal.sosfilt(sos, moved)
        return coloured / np.max(np.abs(coloured)), int(onset / self.speed)
