"""Long recordings with things said at known times, and what the ear makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NotRequired, TypedDict

import numpy as np

from research.commands import material
from research.commands.material import Clip
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.commands import CommandEar, CommandHeard, Phrases, SpeechNotUnderstood
from voice_coach.samples import Samples

_GAP = to_samples(1.6)
_LEVEL_DB = (-34.0, -20.0)
"""RMS of what is said, dB full scale: across a kitchen to close by."""
_ROOM_DB = -65.0
_NOISE_DB = -40.0
"""RMS of the kitchen noise, dB full scale."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said over [`start`, `end`); `end` is where its sound ends, not its clip."""

    clip: Clip
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A recording and what is said in it."""

    sound: Samples
    said: tuple[Said, ...]

    @property
    def hours(self) -> float:
        """Its length."""
        return len(self.sound) / SAMPLE_RATE / 3600


def loud_part(sound: Samples) -> tuple[int, int]:
    """Return where `sound` begins and ends to be louder than 30 dB under its loudest 10 ms.

    The end of a word is where it falls silent for the ear: this is what latencies count from.
    """
    hop = SAMPLE_RATE // 100
    power = np.mean(sound[: len(sound) // hop * hop].reshape(-1, hop) ** 2, axis=1)
    loud = np.flatnonzero(power > power.max() * 1e-3)
    return int(loud[0]) * hop, (int(loud[-1]) + 1) * hop


class Around(TypedDict):
    """Where something is said: what `compose` takes for it."""

    snr_db: float | None
    distance_m: NotRequired[float]


def compose(
    clips: Sequence[Clip],
    snr_db: float | None,
    seed: int = 0,
    gap: int = _GAP,
    distance_m: float | None = None,
) -> Scene:
    """Return `clips` one after the other in a quiet room, or in kitchen noise at `snr_db`.

    In a quiet room what is said varies in level; in noise the noise stays as it is, and what is
    said keeps its distance to it. With a `distance_m` it is said that far away, each clip in a
    simulated kitchen of its own, and what arrives is mostly reverberation.
    """
    rng = np.random.default_rng(seed)
    parts: list[Samples] = []
    said: list[Said] = []
    at = 0
    for clip in clips:
        if distance_m is not None:
            clip = _across(clip, distance_m, rng)  # noqa: PLW2901
        start, end = loud_part(clip.sound)
        level = rng.uniform(*_LEVEL_DB) if snr_db is None else _NOISE_DB + snr_db
        rms = max(1e-6, float(np.sqrt(np.mean(clip.sound[start:end] ** 2))))
        pause = gap + int(rng.integers(SAMPLE_RATE // 2))
        said.append(Said(clip, at + pause + start, at + pause + end))
        parts += [np.zeros(pause, np.float32), clip.sound * (10 ** (level / 20) / rms)]
        at += pause + len(clip.sound)
    sound = np.concatenate([*parts, np.zeros(_GAP, np.float32)])
    if snr_db is None:
        sound += rng.standard_normal(len(sound), np.float32) * 10 ** (_ROOM_DB / 20)
    else:
        bed = material.noise_bed()
        offset = int(rng.integers(len(bed)))
        sound += np.resize(np.roll(bed, -offset), len(sound)) * 10 ** (_NOISE_DB / 20)
    return Scene(np.clip(sound, -1, 1).astype(np.float32), tuple(said))


def _across(clip: Clip, distance_m: float, rng: np.random.Generator) -> Clip:
    """Return `clip` as it arrives at `distance_m` in a kitchen drawn from `rng`."""
    # Here, because what the ear itself needs of memory is measured with this module loaded.
    from scipy import signal  # noqa: PLC0415

    from voice_coach.simulation.room import impulse_response  # noqa: PLC0415

    response = impulse_response(distance_m, float(rng.uniform(0.35, 0.65)), rng)
    sound = signal.fftconvolve(clip.sound, response).astype(np.float32)
    return replace(clip, sound=sound)


def hear(ear: CommandEar, mode: str, sound: Samples) -> list[CommandHeard | SpeechNotUnderstood]:
    """Return what `ear` hears in `sound`, fed in blocks as the loop does."""
    ear.listen_for(mode)
    heard: list[CommandHeard | SpeechNotUnderstood] = []
    for at in range(0, len(sound), 320):
        heard += ear.feed(sound[at : at + 320])
    return heard + ear.flush()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing said."""

    said: Said
    heard: tuple[CommandHeard, ...]
    correct: bool

    @property
    def latency(self) -> float | None:
        """Seconds from the end of the sound to the decision."""
        if not self.heard:
            return None
        return (self.heard[0].decided - self.said.end) / SAMPLE_RATE


def outcomes(
    scene: Scene, heard: Iterable[CommandHeard | SpeechNotUnderstood], phrases: Phrases, mode: str
) -> tuple[list[Outcome], list[CommandHeard]]:
    """Return what became of everything said, and the commands heard besides.

    A command belongs to what is being said, or was said last, when it starts; it is correct
    when it is the only one and means the same.
    """
    commands = [event for event in heard if isinstance(event, CommandHeard)]
    starts = np.array([said.start for said in scene.said])
    owners = [int(np.searchsorted(starts, c.end, side="right")) - 1 for c in commands]
    result = []
    for number, said in enumerate(scene.said):
        own = tuple(c for c, owner in zip(commands, owners, strict=True) if owner == number)
        meant = phrases.match(said.clip.text, mode)
        correct = (
            len(own) == 1
            and meant is not None
            and (own[0].intent, dict(own[0].slots)) == (meant.intent, dict(meant.slots))
        )
        result.append(Outcome(said, own, correct))
    return result, [c for c, owner in zip(commands, owners, strict=True) if owner < 0]
