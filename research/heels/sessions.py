"""Sessions with known truth to fit and measure the thump ear on: SIM and REAL, never mixed.

A session is a calibration, then cues; a drop lands 0.15-0.6 s after most cues. People, floors,
clips and sources belong to development or to test, never to both:

- SIM users are seeds; development uses seeds below 100 000, test those from 200 000 on (those
  between were looked at while the ear was made);
- REAL impacts: clips of source floors 1 and 2 are development, floor 3 is test;
- kitchen20 sources and speakers are split by the parity of a checksum of their name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import signal

from research.heels.recordings import (
    CONTINUOUS,
    Colour,
    Half,
    Impact,
    Waveform,
    background,
    clear_folder,
    data_folder,
    impact_folders,
    impacts,
    negative,
    struck,
)
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.samples import Samples
from voice_coach.simulation import FLOORS, FOOTWEAR, Kitchen, Noise
from voice_coach.simulation.talk import babble

TEST_SEED = 200_000
WINDOW = (-to_samples(0.15), to_samples(0.9))
"""Listening window around a cue, in samples."""

Job: TypeAlias = tuple[str, tuple[Any, ...]]
"""A session to make: the name of its maker in this module, and the maker's arguments."""

SCENES = ("quiet", "tap", "dishes", "cupboard", "steps", "talk", "music", "mixed")


@dataclass(frozen=True)
class Session:
    """One simulated or assembled session; positions in samples of `microphone`."""

    name: str
    evidence: Literal["SIM", "SIM soft", "REAL easy", "REAL busy", "REAL faint"]
    user: str
    scene: str
    floor: str
    footwear: str
    calibration: Samples
    calibration_playback: Samples
    calibration_windows: list[tuple[int, int]]
    microphone: Samples
    playback: Samples
    cues: list[int]
    drops: list[tuple[int, float]] = field(default_factory=list)
    """Impact at the microphone and effort (1 good, below 0.5 soft)."""
    others: list[tuple[int, str]] = field(default_factory=list)
    """Sounds laid into empty windows on purpose: position and kind."""


def tick(rng: np.random.Generator) -> Waveform:
    """Return a drop cue: 60-90 ms at 500-1500 Hz with harmonics."""
    n = to_samples(rng.uniform(0.06, 0.09))
    time = np.arange(n) / SAMPLE_RATE
    hertz = rng.uniform(500, 900)
    tone = np.sin(2 * np.pi * hertz * time) + 0.4 * np.sin(4 * np.pi * hertz * time)
    ramp = np.minimum(1, np.minimum(np.arange(n), np.arange(n)[::-1]) / 240)
    return np.asarray(0.2 * tone * ramp)


def coach_words(rng: np.random.Generator, seconds: float) -> Waveform:
    """Return speech-like playback of that length, high-passed at 300 Hz like all playback."""
    n = to_samples(seconds)
    sos = signal.butter(4, 300, "highpass", fs=SAMPLE_RATE, output="sos")
    return np.asarray(0.1 * signal.sosfilt(sos, babble(rng, max(n - 4000, 1), 4000)[:n]))


def _calibration(
    kitchen: Kitchen, playback: Samples, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Lay three prompted good drops into `kitchen` and `playback`; return their windows."""
    windows = []
    _lay(playback, coach_words(rng, 1.5), to_samples(0.1))
    for i in range(3):
        cue = to_samples(2.3 + 2.8 * i)
        _lay(playback, tick(rng), cue)
        windows.append((cue, cue + WINDOW[1]))
        kitchen.strike(cue + to_samples(rng.uniform(0.15, 0.6)), float(rng.uniform(0.88, 1.12)))
    return windows


SOFT_DB = (-14.0, -5.0)
"""Landings between these, relative to the person's own good drops, are measured as soft ones."""


SOFT_EFFORT = 0.6
"""Drops with less effort are soft ones: -4.4 dB."""


def soft(seed: int, scene: str) -> Session:
    """Return a simulated session in which most drops are soft, from barely so to very."""
    return sim(seed, scene, softly=True)


def sim(seed: int, scene: str, reps: int = 20, *, softly: bool = False) -> Session:
    """Return the simulated session of user `seed` in `scene`."""
    rng = np.random.default_rng([seed, 77])
    floor = str(rng.choice(list(FLOORS)))
    footwear = str(rng.choice(list(FOOTWEAR)))
    starts = to_samples(11.0)
    kitchen = Kitchen(
        floor=floor,
        footwear=footwear,
        distance_m=float(rng.uniform(1.0, 2.2)),
        noises=[Noise("fridge", float(rng.uniform(34, 42))), *_noises(scene, starts, rng)],
        echo_db=float(rng.uniform(-12, 0)),
        seed=seed,
        gain_db=float(rng.uniform(-6, 4)),
    )
    cues = starts + to_samples(2.5) + np.cumsum(rng.integers(48000, 64000, reps))
    total = int(cues[-1]) + to_samples(2.0)
    playback = np.zeros(total, np.float32)
    windows = _calibration(kitchen, playback, rng)
    drops = []
    for cue in cues.tolist():
        _lay(playback, tick(rng), cue)
        if rng.random() < 0.75:
            if softly:
                below = 10 ** (rng.uniform(*SOFT_DB) / 20)
                effort = float(below if rng.random() < 0.7 else rng.uniform(0.8, 1.2))
            else:
                is_soft = rng.random() < 0.2
                effort = float(rng.uniform(0.2, 0.42) if is_soft else rng.uniform(0.8, 1.2))
            at = kitchen.strike(cue + to_samples(rng.uniform(0.15, 0.6)), effort)
            drops.append((round(at) - starts, effort))
        _lay(playback, coach_words(rng, rng.uniform(0.4, 1.0)), cue + to_samples(1.1))
    microphone = np.concatenate(
        [kitchen.microphone(part) for part in np.array_split(playback, total // 8000)]
    )
    evidence: Literal["SIM", "SIM soft"] = "SIM soft" if softly else "SIM"
    return Session(
        f"{'soft' if softly else 'sim'}-{seed}-{scene}", evidence, f"sim-{seed}", scene, floor,
        footwear,
        microphone[:starts], playback[:starts], windows,
        microphone[starts:], playback[starts:], (cues - starts).tolist(), drops,
    )  # fmt: skip


STEADY = ("fridge", "tap", "talk", "music")
BEDS = 12
"""Beds of each steady noise that the sessions of a crowd share."""


def crowd(seed: int, scene: str, reps: int = 20, softly: bool = False) -> Session:
    """Return a simulated session for fitting, one of many people whose steady noises are shared.

    Drawing the noises is what takes time in `sim`; a judge learns more from many people than
    from ever new noises. Half of the drops are soft, `softly` from barely so to very, and cues
    follow each other faster.
    """
    rng = np.random.default_rng([seed, 80])
    floor = str(rng.choice(list(FLOORS)))
    footwear = str(rng.choice(list(FOOTWEAR)))
    starts = to_samples(11.0)
    noises = _noises(scene, starts, rng)
    kitchen = Kitchen(
        floor=floor,
        footwear=footwear,
        distance_m=float(rng.uniform(1.0, 2.2)),
        noises=[noise for noise in noises if noise.kind not in STEADY],
        echo_db=float(rng.uniform(-12, 0)),
        seed=80_000_000 + seed,
        gain_db=float(rng.uniform(-6, 4)),
    )
    cues = starts + to_samples(2.5) + np.cumsum(rng.integers(30_000, 44_000, reps))
    total = int(cues[-1]) + to_samples(1.2)
    playback = np.zeros(total, np.float32)
    windows = _calibration(kitchen, playback, rng)
    drops = []
    for cue in cues.tolist():
        _lay(playback, tick(rng), cue)
        if rng.random() < 0.7:
            is_soft = rng.random() < 0.5
            faint = 10 ** (rng.uniform(*SOFT_DB) / 20) if softly else None
            effort = float(rng.uniform(0.2, 0.42) if is_soft else rng.uniform(0.8, 1.2))
            if is_soft and faint is not None:
                effort = faint
            at = kitchen.strike(cue + to_samples(rng.uniform(0.15, 0.6)), effort)
            drops.append((round(at) - starts, effort))
        if rng.random() < 0.5:
            _lay(playback, coach_words(rng, rng.uniform(0.3, 0.55)), cue + to_samples(1.1))
    sound = kitchen.microphone(playback).astype(float)
    sound += 10 ** (rng.uniform(-8, 0) / 20) * _bed("fridge", rng, total)
    for noise in noises:
        if noise.kind in STEADY:
            level = 10 ** (rng.uniform(-7, 5) / 20)
            sound[starts:] += level * _bed(noise.kind, rng, total - starts)
    microphone = _digital(sound)
    return Session(
        f"crowd-{seed}-{scene}", "SIM", f"crowd-{seed}", scene, floor, footwear,
        microphone[:starts], playback[:starts], windows,
        microphone[starts:], playback[starts:], (cues - starts).tolist(), drops,
    )  # fmt: skip


def _bed(kind: str, rng: np.random.Generator, length: int) -> Waveform:
    """Return `length` samples from one of the shared beds of a steady noise."""
    bed = _drawn(kind, int(rng.integers(BEDS)))
    return np.take(bed, int(rng.integers(len(bed))) + np.arange(length), mode="wrap")


@lru_cache(maxsize=len(STEADY) * BEDS)
def _drawn(kind: str, number: int) -> Waveform:
    """Return 40 s of a steady noise at its usual level, 42 dB for the fridge."""
    kitchen = Kitchen(
        floor="tile", footwear="shoe", noises=[Noise(kind)], seed=81_000_000 + 100 * number
    )
    return kitchen.microphone(np.zeros(to_samples(40.0), np.float32)).astype(float)


def _noises(scene: str, start: int, rng: np.random.Generator) -> list[Noise]:
    kinds = {
        "quiet": (),
        "mixed": tuple(rng.choice(["tap", "dishes", "cupboard", "steps", "talk"], 3, False)),
    }.get(scene, (scene,))
    usual = {"tap": 54, "talk": 57, "music": 57, "dishes": 72, "cupboard": 72, "steps": 66}
    return [Noise(str(k), float(usual[str(k)] + rng.uniform(-5, 5)), start) for k in kinds]


def _lay(target: npt.NDArray[np.floating[Any]], sound: Waveform, at: int) -> None:
    n = max(0, min(len(sound), len(target) - at))
    target[at : at + n] += sound[:n].astype(target.dtype)


def faint(data: Path, half: Half, seed: int, busy: bool, coloured: bool = False) -> Session:
    """Return a session of real ball drops half of which are made fainter, as `SOFT_DB` says."""
    return real(data, half, seed, busy, coloured=coloured, faintly=True)


def real(  # noqa: PLR0917 - a job names its session by these in order
    data: Path,
    half: Half,
    seed: int,
    busy: bool,
    reps: int = 20,
    coloured: bool = False,
    *,
    faintly: bool = False,
) -> Session:
    """Return a session of real ball drops laid into real kitchen noise.

    `coloured` multiplies the few buildings there are, for fitting only.
    """
    rng = np.random.default_rng([seed, 78, half == "test"])
    colour = Colour(1.0, 0.0, 500.0)
    if coloured:
        colour = Colour(rng.uniform(0.8, 1.25), rng.uniform(-0.8, 3.0), rng.uniform(150, 2000))
    folders = impact_folders(data, "medicineball", half)
    folder = str(rng.choice([f for f in folders if clear_folder(data, f)]))
    before = float(rng.choice([0.04, 0.25]))
    clips = list(impacts(data)[folder])
    order = rng.permutation(len(clips))
    taught: list[Impact] = [clips[i] for i in order[:3]]
    used: list[Impact] = [clips[i] for i in order[3:]]
    top = 10 ** (rng.uniform(-30, -10) / 20)
    over = rng.uniform(18, 30) if busy else rng.uniform(26, 40)
    room = top * 10 ** (-over / 20)
    cues = to_samples(3.0) + np.cumsum(rng.integers(40000, 56000, reps))
    seconds = (int(cues[-1]) + 2 * SAMPLE_RATE) / SAMPLE_RATE
    classes = CONTINUOUS if busy or rng.random() < 0.5 else ("fridge",)
    sound = room * background(data, half, seconds, rng, classes)
    if busy and rng.random() < 0.3:
        sound += 0.7 * room * babble(rng, len(sound) - 4000, 4000)
    drops, others = [], []
    for cue in cues.tolist():
        if rng.random() < 0.6:
            clip, onset = colour.of(*struck(data, *used[int(rng.integers(len(used)))], before))
            at = cue + to_samples(rng.uniform(0.15, 0.6))
            level = top * 10 ** (rng.uniform(-3, 3) / 20 if busy else rng.uniform(-1, 1) / 20)
            effort = 1.0
            if faintly and rng.random() < 0.5:
                effort = float(10 ** (rng.uniform(*SOFT_DB) / 20))
            _lay(sound, effort * level * clip, at - onset)
            drops.append((at, effort))
        elif busy or rng.random() < 0.5:
            clip, kind = negative(data, half, rng)
            if kind == "foreign":
                clip, _ = colour.of(clip, 0)
            level = top * 10 ** (rng.uniform(-12, 0) / 20)
            at = cue + to_samples(rng.uniform(-0.1, 0.8))
            _lay(sound, level * clip, at)
            others.append((at, kind))
    calibration = (
        room * 10 ** (-rng.uniform(0, 8) / 20) * background(data, half, 11.0, rng, classes)
    )
    windows = []
    for i, clip_box in enumerate(taught):
        clip, onset = colour.of(*struck(data, *clip_box, before))
        cue = to_samples(2.5 + 2.8 * i)
        at = cue + to_samples(rng.uniform(0.15, 0.6))
        _lay(calibration, top * 10 ** (rng.uniform(-1, 1) / 20) * clip, at - onset)
        windows.append((cue, cue + WINDOW[1]))
    return Session(
        f"{'faint' if faintly else 'real'}-{half}-{seed}-{'busy' if busy else 'easy'}",
        "REAL faint" if faintly else "REAL busy" if busy else "REAL easy",
        folder, "busy" if busy else "easy", folder.removeprefix("medicineball"), "ball",
        _digital(calibration), np.zeros(len(calibration), np.float32), windows,
        _digital(sound), np.zeros(len(sound), np.float32), cues.tolist(), drops, others,
    )  # fmt: skip


def _digital(sound: Waveform) -> Samples:
    return np.asarray(np.clip(np.round(sound * 32768), -32768, 32767) / 32768, np.float32)


def make(job: Job) -> Session:
    """Return the session of a job."""
    maker, arguments = job
    session: Session = globals()[maker](*arguments)
    return session


def jobs(half: Half, sim_users: int, real_sessions: int) -> Iterator[Job]:
    """Yield the sessions of a half."""
    first = TEST_SEED if half == "test" else 0
    for i in range(sim_users):
        yield "sim", (first + i, SCENES[i % len(SCENES)])
    data = data_folder()
    if data is not None:
        for i in range(real_sessions):
            yield "real", (data, half, first + i, i % 2 == 1, 20, half == "dev" and i % 4 > 1)
