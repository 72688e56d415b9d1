"""Calibration drops: measured, compared with each other, averaged into a template."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.hearing.heels.onsets import Onset
from voice_coach.hearing.heels.spectrum import TINY, Powers, decibels
from voice_coach.hearing.heels.template import BEFORE, CORE, LAGS, USUAL_DB, HeelTemplate

APART_DB: Final = 9.0
"""Drops whose levels differ by more are too different, in dB."""

MISFIT_DB: Final = 9.0
"""Drops whose shapes differ by more are too different: mean over audible cells, in dB."""

EARLIER: Final = 16
LATER: Final = 24
"""Frames heard before and after an onset, to find where the drop begins and cut it there."""

RISEN_DB: Final = 9.0
"""A drop begins in its first frame within this of its loudest, in dB over the room."""

FAINTEST_GENTLE_DB: Final = -20.0
"""What is a hundred times weaker than good drops is no gentle one: heels let down as softly as
people can are some 14 dB below them."""

BODY: Final = slice(0, 6)
"""Bands of 62-308 Hz."""

USUAL: Final = 2
"""Drops that the usual spread counts for."""

LARGEST_LAG: Final = 5
"""Frames by which two drops are moved to match."""


@dataclass(frozen=True, slots=True)
class Drop:
    """An onset as a possible drop.

    `excess` is the power above the room, shape ``(LAGS, BANDS)``; `clear` tells where our own
    sound leaves it to be seen, same shape; `noise` is the room, shape ``(BANDS,)``.
    """

    at: int
    excess: Powers
    clear: npt.NDArray[np.bool_]
    noise: Powers
    snr_db: float
    level_db: float
    """Power of the loudest 30 ms, in dB of full scale."""
    deep_db: float
    """The same below 300 Hz: where our own sound has nothing."""
    body_db: float
    """`deep_db` over the room there."""
    clipped: bool

    @property
    def clarity(self) -> float:
        """How likely this is to be what was meant: loud, and deep for this room; in dB."""
        return min(self.body_db, 60.0) + self.level_db + 110.0


def measure(onset: Onset, clipped: bool) -> Drop:
    """Return `onset`, seen `EARLIER` and `LATER` frames around, as a possible drop."""
    noise = onset.floor + onset.echo
    excess = np.maximum(onset.patch - noise, TINY)
    height = decibels((excess / onset.floor).clip(0, 1e3).sum(axis=1))
    top = float(height[EARLIER - 4 : EARLIER + 12].max())
    begun = np.flatnonzero(height[BEFORE : EARLIER + 8] >= top - RISEN_DB)
    start = int(begun[0]) if len(begun) else EARLIER - BEFORE
    cut = slice(start, start + LAGS)
    clear = (onset.echo < 2 * onset.floor) | (onset.echo < 0.1 * onset.patch)
    ratio = excess[cut][CORE].mean(axis=0) / onset.floor
    snr = 10 * np.log10(float(np.sum(ratio**2)) / max(float(np.sum(ratio)), 1e-20))
    level = _loudest_db(excess[cut] * clear[cut])
    deep = _loudest_db(excess[cut, BODY])
    return Drop(
        at=onset.at,
        excess=excess[cut],
        clear=clear[cut],
        noise=onset.floor,
        snr_db=float(snr),
        level_db=level,
        deep_db=deep,
        body_db=deep - float(decibels(onset.floor[BODY].sum())),
        clipped=clipped,
    )


def _loudest_db(excess: Powers) -> float:
    """Return the mean power of the loudest 30 ms, in dB."""
    each = np.convolve(excess.sum(axis=1), np.full(6, 1 / 6), "valid")
    return float(decibels(max(float(each.max()), TINY)))


def alike(moments: list[list[Drop]], wanted: int) -> list[Drop]:
    """Return one drop of each moment, of those that resemble each other best.

    Every drop in turn is the example; from each other moment comes the drop most like it. A
    group of `wanted` goes before the clearest.
    """
    best: list[Drop] = []
    best_score = (0, -np.inf)
    for m, moment in enumerate(moments):
        for example in moment:
            chosen, score = [example], example.clarity
            for other in moments[:m] + moments[m + 1 :]:
                misfit, drop = min(((_misfit(example, d), d) for d in other), key=lambda p: p[0])
                apart = abs(drop.level_db - example.level_db)
                if misfit <= MISFIT_DB and apart <= APART_DB:
                    chosen.append(drop)
                    score += drop.clarity - misfit
            rank = (min(len(chosen), wanted), score)
            if rank > best_score:
                best, best_score = chosen, rank
    return best


def gentle_of(rivals: list[Drop], drops: list[Drop]) -> float | None:
    """Return the level of a gentle drop against the good `drops`, in dB.

    It is the one of its `rivals` that is most like them; None where that is too faint for one.
    """
    _, gentle = min(((_misfit(drops[0], d), d) for d in rivals), key=lambda pair: pair[0])
    level_db = gentle.level_db - float(np.median([drop.level_db for drop in drops]))
    return level_db if level_db >= FAINTEST_GENTLE_DB else None


def mean_of(drops: list[Drop]) -> HeelTemplate:
    """Return the mean of `drops`, aligned in time and level to the first of them."""
    levels = np.array([drop.level_db for drop in drops])
    gains = (10 ** ((np.median(levels) - levels) / 10)).astype(np.float32)
    rows = [_moved(_lag(drops[0], drop)) for drop in drops]
    aligned = np.array([d.excess[r] * g for d, r, g in zip(drops, rows, gains, strict=True)])
    clear = np.array([d.clear[r] for d, r in zip(drops, rows, strict=True)], np.float32)
    clear += np.float32(1e-3)
    mean = (clear * aligned).sum(axis=0) / clear.sum(axis=0)
    noise = np.median([drop.noise for drop in drops], axis=0)
    audible = mean > 2 * noise
    apart = decibels(aligned + noise) - decibels(mean + noise)
    spread = np.abs(apart)[:, audible]
    weights = clear[:, audible]
    # Three drops tell little about a cell: the usual spread counts for two more.
    squares = (clear * apart**2).sum(axis=0) * len(drops) / max(len(drops) - 1, 1)
    varied = np.sqrt((squares + USUAL * USUAL_DB**2) / (clear.sum(axis=0) + USUAL))
    return HeelTemplate(
        power=np.maximum(mean, TINY).astype(np.float32),
        varied_db=varied.astype(np.float32),
        spread_db=float((spread * weights).sum() / weights.sum()) if audible.any() else 0.0,
        calibrated=True,
        drops=len(drops),
    )


def _moved(lag: int) -> npt.NDArray[np.intp]:
    """Return the rows that move a drop `lag` frames earlier, its edge frames repeated."""
    return np.clip(np.arange(LAGS) + lag, 0, LAGS - 1)


def _misfits(one: Drop, other: Drop) -> dict[int, float]:
    """Return, for each lag, the mean difference in dB over the cells audible in either drop."""
    noise = one.noise
    level = other.level_db - one.level_db
    a = decibels(one.excess + noise)
    b = decibels(other.excess * np.float32(10 ** (-level / 10)) + noise)
    misfits = {}
    for lag in sorted(range(-LARGEST_LAG, LARGEST_LAG + 1), key=abs):
        rows = _moved(lag)
        seen = np.maximum(one.excess, other.excess[rows]) > 2 * noise
        seen &= one.clear & other.clear[rows]
        misfits[lag] = float(np.abs(a - b[rows])[seen].mean()) if seen.any() else 99.0
    return misfits


def _misfit(one: Drop, other: Drop) -> float:
    return min(_misfits(one, other).values())


def _lag(one: Drop, other: Drop) -> int:
    """Return by how many frames `other` is late against `one`."""
    misfits = _misfits(one, other)
    return min(misfits, key=lambda lag: misfits[lag])
