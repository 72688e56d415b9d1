"""Sudden rises in the bands where these heels are louder than the room is right now.

The weighted level of a frame is G = sum(S P / N^2) / sum(S^2 / N^2) in dB: S the template's
spectrum, P the frame, N the noise floor plus our own predicted echo. A band counts for as much
as the heels stand out in it; G is 0 dB for a frame like the template. The same is done with the
low, middle and high bands alone: a clink rings on above a heel that lands just after it.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.hearing.heels.noise_floor import NoiseFloor
from voice_coach.hearing.heels.own_sound import OwnSound
from voice_coach.hearing.heels.spectrum import (
    BANDS,
    FRAMES_PER_STEP,
    HOP,
    STEP,
    TINY,
    BandAnalyser,
    Powers,
    decibels,
)
from voice_coach.samples import Samples

JUMP_DB: Final = 3.0
"""Rise of G over its recent past that makes a candidate, in dB."""

PAST: Final = slice(-24, -5)
"""The recent past: frames 25-120 ms before."""

FADE_DB: Final = 0.2
"""Fall of the recent past from frame to frame, in dB: what rings on hides less and less."""

CHOIRS: Final = (slice(0, BANDS), slice(0, 6), slice(6, 12), slice(12, BANDS))
"""Bands listened to together: all, 62-308 Hz, 308-1530 Hz, 1.5-7.6 kHz."""

OUTSTANDING_DB: Final = 8.0
"""Some bands alone count only while the template stands this far out of the room there, in dB."""

WEAKEST_DB: Final = -22.0
"""Lowest G of a candidate, in dB, when the template's level is known."""

CLEAR_DB: Final = 2.0
"""Least height of G over the G of the floor itself, in dB."""

GAP: Final = 5
"""Least distance between candidates in frames: 25 ms."""

SURGE_DB: Final = 11.0
"""Rise of G after a candidate that shows it to be a mere precursor, in dB."""

LOOK: Final = 10
"""Frames after the onset that are heard before judging: 50 ms."""

EDGE: Final = 8
"""Frames on either side over which the edge of the impact is sought: 40 ms."""

PRE: Final = 2
"""Frames before the onset that are part of the look."""

SECOND_LOOK: Final = 40
"""Frames after the onset that are heard before a doubtful one is judged again: 200 ms."""

AROUND: Final = (slice(-48, -22), slice(11, 21), slice(21, 31), slice(31, 41))
"""Frames from the onset that tell whether something had gone on before it, or goes on after."""

IMPACT: Final = 120
"""Samples from the impact to the end of the first frame after the edge, median over drops."""


@dataclass(frozen=True, slots=True)
class Onset:
    """A sudden rise and the sound around it."""

    at: int
    """Stream position of the impact."""
    frame: int
    """Number of the onset frame since the stream began."""
    decided: int
    """Stream position up to which sound was needed."""
    patch: Powers
    """Powers of the frames around the onset; shape ``(before + 1 + after, BANDS)``."""
    floor: Powers
    """Noise floor; shape ``(BANDS,)``."""
    median: Powers
    """Median of the room over the same two seconds; shape ``(BANDS,)``."""
    echo: Powers
    """Own sound expected; shape of `patch`."""
    past: Powers
    """Mean power 30-100 ms before the onset; shape ``(BANDS,)``."""
    jump_db: float
    """Rise of G over its recent past at the onset frame, in dB."""
    busy: int
    """Onsets in the second before."""


class OnsetFinder:
    """Finds onsets in a stream, step by step.

    Parameters
    ----------
    spectrum : numpy.ndarray
        The template's spectrum S; shape ``(BANDS,)``.
    weakest_db : float
        Lowest G of a candidate in dB.
    before, after : int
        Frames before and after the onset frame that are part of the look.
    """

    def __init__(
        self,
        spectrum: Powers,
        weakest_db: float = WEAKEST_DB,
        *,
        before: int = PRE,
        after: int = LOOK,
    ) -> None:
        self._before, self._after = before, after
        self._analyser = BandAnalyser()
        self.own_sound = OwnSound()
        self.floor = NoiseFloor()
        self._history = before + after + _REMEMBERED
        self._powers = np.full((self._history, BANDS), TINY, np.float32)
        self._echo = np.zeros((self._history, BANDS), np.float32)
        self._level = np.full((self._history, len(CHOIRS)), -200.0, np.float32)
        self._frame = 0
        self._last = -(10**9)
        self._last_level = (0, 0.0)
        self._base_db = np.full(len(CHOIRS), -200.0, np.float32)
        self._waiting: list[tuple[int, float, int]] = []
        self._recent: list[int] = []
        self._silence = np.zeros((FRAMES_PER_STEP, BANDS), np.float32)
        self.aim(spectrum, weakest_db)

    def aim(self, spectrum: Powers, weakest_db: float = WEAKEST_DB) -> None:
        """Listen for onsets like another `spectrum`; what is known of the room remains."""
        self._target, self._weakest = spectrum, weakest_db
        self._renewals = self.floor.renewals
        self._weight, self._base = self._weigh(self.floor.power)
        self._level[:] = decibels(self._powers @ self._weight)

    def know(self, room: "OnsetFinder") -> None:
        """Begin with what another has learnt of the room: its noise, and our sound in it."""
        self.floor, self.own_sound = deepcopy(room.floor), deepcopy(room.own_sound)
        self.aim(self._target, self._weakest)

    @property
    def position(self) -> int:
        """Stream position up to which sound was analysed."""
        return self._frame // FRAMES_PER_STEP * STEP

    def expected_snr_db(self) -> float:
        """Return how far a drop like the template would stand out of the room now, in dB."""
        signal_to_noise = self._target / self.floor.power
        best = float(np.sum(signal_to_noise**2))
        return float(10.0 * np.log10(best / max(float(np.sum(signal_to_noise)), 1e-20)))

    def step(self, microphone: Samples, playback: Samples | None) -> list[Onset]:
        """Take in one step; return the onsets whose look is complete, oldest first."""
        powers = self._analyser.powers(microphone)
        echo = self.own_sound.predict(playback)
        self._shift(self._powers, powers)
        self._shift(self._echo, self._silence if echo is None else echo)
        if echo is not None:
            level, base = self._levels(powers, self.floor.power + echo)
        else:
            if self._renewals != self.floor.renewals:
                self._renewals = self.floor.renewals
                self._weight, self._base = self._weigh(self.floor.power)
            base = self._base
            level = decibels(powers @ self._weight)
        self._level[:-FRAMES_PER_STEP] = self._level[FRAMES_PER_STEP:]
        self._level[-FRAMES_PER_STEP:] = level
        self._frame += FRAMES_PER_STEP
        if self.floor.settled:
            self._base_db = base if base.ndim == 1 else base.max(axis=0)
            self._mark(level - base)
        self.floor.add(powers, echo)
        if echo is not None:
            self.own_sound.learn(powers, self.floor.power)
        return self._complete()

    def around(self, frame: int, floor: Powers) -> Powers | None:
        """Return how loud it was `AROUND` the onset at `frame`, or None until that is known.

        In dB over `floor` and our own echo; shape ``(len(AROUND), BANDS)``.
        """
        row = self._history - (self._frame - frame)
        if row + SECOND_LOOK >= self._history:
            return None
        parts = [slice(row + part.start, row + part.stop) for part in AROUND]
        heard = np.array([self._powers[part].mean(axis=0) for part in parts])
        echo = np.array([self._echo[part].mean(axis=0) for part in parts])
        return decibels(heard) - decibels(floor + echo)

    def _weigh(self, noise: Powers) -> tuple[Powers, Powers]:
        """Return the weights whose sum over the bands of a frame is G, and G of `noise` in dB.

        Shapes ``(BANDS, choirs)`` and ``(choirs,)``.
        """
        weight = np.asarray(self._target / noise**2, np.float32)
        whole = np.asarray((weight * self._target) @ _MEMBERS, np.float32)
        base = np.asarray((weight * noise) @ _MEMBERS / whole, np.float32)
        return weight[:, None] * _MEMBERS / whole, decibels(base)

    def _levels(self, powers: Powers, noise: Powers) -> tuple[Powers, Powers]:
        """Return G of `powers` and of `noise` in dB for noise that changes with the frame."""
        weight = self._target / noise**2
        whole = (weight * self._target) @ _MEMBERS
        parts = np.concatenate([weight * powers, weight * noise]) @ _MEMBERS
        levels = decibels(parts / np.concatenate([whole, whole]))
        return levels[: len(powers)], levels[len(powers) :]

    @staticmethod
    def _shift(ring: Powers, new: Powers) -> None:
        ring[:-FRAMES_PER_STEP] = ring[FRAMES_PER_STEP:]
        ring[-FRAMES_PER_STEP:] = new

    def _mark(self, height: npt.NDArray[np.float32]) -> None:
        """Note which of the new frames are sudden; `height` is G over the floor's G in dB."""
        if height.max() < CLEAR_DB:
            return
        new = self._level[-FRAMES_PER_STEP:]
        high = (new >= self._weakest) & (height >= CLEAR_DB)
        high[:, 1:] &= new[:, 1:] - height[:, 1:] <= -OUTSTANDING_DB
        if not high.any():
            return
        for i in np.flatnonzero(high.any(axis=1)):
            end = self._history - FRAMES_PER_STEP + int(i) + 1
            past = self._level[end + PAST.start : end + PAST.stop] - _FADED
            jumps = np.where(high[i], new[i] - past.max(axis=0), -np.inf)
            choir = int(np.argmax(jumps))
            frame = self._frame - self._history + end - 1
            last, last_level = self._last_level
            if self._waiting and new[i, last] > last_level + SURGE_DB:
                self._waiting.pop()
                self._last -= GAP
            if jumps[choir] >= JUMP_DB and frame - self._last >= GAP:
                self._last, self._last_level = frame, (choir, float(new[i, choir]))
                self._waiting.append((frame, float(jumps[choir]), choir))

    def _edge(self, row: int, choir: int) -> int:
        """Return by how many frames the steepest edge of G is after the onset frame at `row`.

        The edge is where the mean of the `EDGE` frames after is furthest above the mean of those
        before; floors that ring up slowly are placed as precisely as those that crack.
        """
        level = self._level[row - 2 * EDGE : row + 4 + EDGE, choir]
        power = np.float32(10.0) ** (np.maximum(level, self._base_db[choir]) * np.float32(0.1))
        total = np.concatenate([[0.0], np.cumsum(power)])
        means = total[EDGE:] - total[:-EDGE]
        before, after = means[:-EDGE], means[EDGE:]
        rise = np.where(after >= 0.25 * after.max(), after / before, 0.0)
        return int(np.argmax(rise)) - EDGE

    def _complete(self) -> list[Onset]:
        """Return the onsets whose last frame has arrived."""
        onsets = []
        while self._waiting and self._waiting[0][0] + self._after < self._frame:
            frame, jump, choir = self._waiting.pop(0)
            row = self._history - (self._frame - frame)
            look = slice(row - self._before, row + self._after + 1)
            self._recent = [old for old in self._recent if frame - old <= 200]
            onsets.append(
                Onset(
                    at=max(0, (frame + 1 + self._edge(row, choir)) * HOP - IMPACT),
                    frame=frame,
                    decided=self.position,
                    patch=self._powers[look].copy(),
                    floor=self.floor.power,
                    median=self.floor.median,
                    echo=self._echo[look].copy(),
                    past=self._powers[row - 20 : row - 6].mean(axis=0),
                    jump_db=jump,
                    busy=len(self._recent),
                )
            )
            self._recent.append(frame)
        return onsets


_REMEMBERED: Final = SECOND_LOOK - AROUND[0].start
"""Frames kept beside those of a look."""


def _members() -> npt.NDArray[np.float32]:
    """Return 1 where a band belongs to a choir; shape ``(BANDS, choirs)``."""
    members = np.zeros((BANDS, len(CHOIRS)), np.float32)
    for column, bands in enumerate(CHOIRS):
        members[bands, column] = 1.0
    return members


_MEMBERS: Final = _members()
_AGES: Final = np.arange(PAST.stop - PAST.start, dtype=np.float32)[::-1, None]
_FADED: Final = np.float32(FADE_DB) * _AGES
