"""How an onset compares with the template: a dozen figures and what they mean in words.

Template and noise together predict every cell (frame x band) of the look: M = N + a S(shifted).
The gain a and the shift that fit best are found first; what is left over, the surplus (sound
the template does not explain) and the deficit (sound it promises that is missing), is averaged
over three groups of bands and three stretches of time.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.hearing.heels.onsets import LOOK, PRE, Onset
from voice_coach.hearing.heels.spectrum import BAND_EDGES, BANDS, TINY, Powers, decibels
from voice_coach.hearing.heels.template import BEFORE, HeelTemplate

Vector = npt.NDArray[np.float32]

GROUPS: Final = (slice(0, 6), slice(6, 12), slice(12, BANDS))
"""Bands of 62-308 Hz, 308-1530 Hz and 1.5-7.6 kHz."""

STRETCHES: Final = (slice(0, PRE), slice(PRE, PRE + 5), slice(PRE + 5, PRE + 1 + LOOK))
"""Frames before the onset, 0-20 ms after it, 25-50 ms after it."""

SHIFTS: Final = (-4, -3, -2, -1, 0, 1, 2, 3, 4)
"""Frames by which the onset may have been seen early or late."""

COARSE_DB: Final = np.arange(-24.0, 16.1, 4.0, dtype=np.float32)
FINE_DB: Final = np.arange(-4.0, 4.01, 0.5, dtype=np.float32)
"""Gains tried, in dB: first all, then around the best."""

TILES: Final = (
    tuple(slice(b, b + 3) for b in range(0, BANDS, 3)),
    (slice(0, PRE), slice(PRE, PRE + 2), slice(PRE + 2, PRE + 4), slice(PRE + 4, PRE + 7),
     slice(PRE + 7, PRE + 1 + LOOK)),
)  # fmt: skip
"""Bands, and frames, whose cells are averaged into one tile of a coarser picture."""

CAP_DB: Final = 15.0
"""A cell can disagree by no more than this, in dB: one odd cell proves nothing."""

ROOM_DB: Final = 4.5
"""How much a cell of the room alone varies about its floor, in dB."""

UNLIKE: Final = 4.0
"""A cell can be unlike the drops by no more than this many times the usual."""

_NAMES: Final = (
    [f"surplus {g} {s}" for g in ("low", "mid", "high") for s in ("before", "early", "late")]
    + [f"deficit {g} {s}" for g in ("low", "mid", "high") for s in ("early", "late")]
    + [f"visible {g}" for g in ("low", "mid", "high")]
    + ["misfit", "gain over noise", "level", "level above", "level below", "uneven", "correlation"]
    + ["jump", "expected snr", "past", "burst", "busy", "spread", "own sound"]
    + ["snr of this", "shift", "peak late", "decay", "decay missing", "body missing"]
    + ["rise before", "cells seen"]
    + [
        f"{what} from {BAND_EDGES[b.start]:.0f} Hz, {5 * (t.start - PRE)} ms"
        for what in ("left over", "height", "promise", "unlike")
        for t in TILES[1]
        for b in TILES[0]
    ]
    + ["unlike in all", "unlike where seen"]
)

NAMES: Final = tuple(_NAMES)
"""Names of the features, in order."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An onset held against the template."""

    level_db: float
    """Loudest frame over the template's loudest, in the bands seen, in dB."""
    swell_db: float
    """How far the room stood over its floor 30-100 ms before, in the bands listened to, in dB."""
    features: Vector
    """Shape ``(len(NAMES),)``."""


def compare(onset: Onset, template: HeelTemplate) -> Comparison:
    """Return how `onset` compares with `template`."""
    heard = decibels(onset.patch)
    noise = onset.floor + onset.echo
    rows = heard.shape[0]
    first = BEFORE - PRE
    shifted = np.stack([template.power[first + s : first + s + rows] for s in SHIFTS])

    gains = _power(COARSE_DB)
    left = _left(heard, noise, shifted[:, None] * gains[:, None, None])
    cost = np.minimum(np.abs(left), CAP_DB).mean(axis=(2, 3))
    shift, coarse = np.unravel_index(int(np.argmin(cost)), cost.shape)
    trial = COARSE_DB[coarse] + FINE_DB
    left = _left(heard, noise, shifted[shift] * _power(trial)[:, None, None])
    fine = np.minimum(np.abs(left), CAP_DB).mean(axis=(1, 2))
    best = int(np.argmin(fine))
    gain = float(trial[best])
    residual = left[best]
    level = _level_db(onset.patch - noise, noise, shifted[shift])
    model = shifted[shift] * np.float32(10.0 ** (gain / 10.0))
    visible = model / (model + noise)

    surplus = np.minimum(np.maximum(residual, 0.0), CAP_DB)
    deficit = np.minimum(np.maximum(-residual, 0.0), CAP_DB) * visible
    figures: list[float] = [
        float(surplus[stretch, group].mean()) for group in GROUPS for stretch in STRETCHES
    ]
    for group in GROUPS:
        for stretch in STRETCHES[1:]:
            seen = float(visible[stretch, group].sum())
            figures.append(float(deficit[stretch, group].sum()) / (seen + 2.0))
    figures += [float(visible[PRE:, group].mean()) for group in GROUPS]

    alone = np.minimum(np.abs(_left(heard, noise, np.zeros_like(model))), CAP_DB).mean()
    excess = heard[PRE:] - decibels(noise[PRE:])
    wanted = decibels(model[PRE:] + TINY) - decibels(noise[PRE:])
    seen = visible[PRE:]
    ratio = template.spectrum / onset.floor
    snr = 10.0 * np.log10(float(np.sum(ratio**2)) / max(float(np.sum(ratio)), 1e-20))
    known = level if template.calibrated else 0.0
    uneven = gain - level
    weight = ratio / max(float(ratio.sum()), 1e-20)
    past = decibels(onset.past) - decibels(onset.floor)
    burst = decibels(onset.floor) - decibels(onset.median)
    own = (onset.echo[PRE:] / noise[PRE:]).mean()
    figures += [
        float(fine[best]),
        float(alone - fine[best]),
        known,
        max(known - 4.0, 0.0),
        max(-4.0 - known, 0.0),
        uneven,
        _correlation(excess, wanted, seen),
        onset.jump_db,
        min(snr, 60.0),
        float((weight * past).sum()),
        float((weight * burst).sum()),
        float(onset.busy),
        template.spread_db,
        float(own),
        min(snr, 60.0) + known,
        float(SHIFTS[shift]),
    ]
    listening = template.spectrum / onset.floor**2
    listening = listening / (listening * template.spectrum).sum()
    course = decibels(onset.patch @ listening)
    expected = decibels(np.maximum(shifted[shift] @ listening, 1e-9)) + gain
    missing = course - expected
    peak = int(np.argmax(course))
    figures += [
        float(peak),
        float(np.clip(course[peak] - course[-3:].mean(), -5.0, 30.0)),
        float(np.clip(missing[-3:].mean(), -CAP_DB, CAP_DB)),
        float(np.clip(missing[PRE + 4 :].mean(), -CAP_DB, CAP_DB)),
        float(np.clip(course[:PRE].mean() - course[peak], -40.0, 0.0)),
        float(seen.sum()),
    ]
    varied = template.varied_db[first + SHIFTS[shift] : first + SHIFTS[shift] + rows]
    tiles = _tiles(heard, noise, model, residual, varied * visible)
    swell = float((weight * past).sum())
    return Comparison(level, swell, np.concatenate([figures, tiles]).astype(np.float32))


def _tiles(heard: Powers, noise: Powers, model: Powers, residual: Powers, varied: Powers) -> Vector:
    """Return coarse pictures of what is left over, heard and promised, and how unlike it is.

    `varied` is how much of the template's own spread is seen in each cell, in dB; where nothing
    of the template is seen, cells vary as the room does.
    """
    visible = model / (model + noise)
    floor = decibels(noise)
    promised = decibels(model + noise) - floor
    usual = np.sqrt(varied**2 + ((1.0 - visible) * ROOM_DB) ** 2)
    unlike = 5.0 * np.minimum(np.abs(residual) / usual, UNLIKE)
    pictures = np.clip(np.stack([residual, heard - floor, promised, unlike]), -CAP_DB, 2 * CAP_DB)
    seen = (unlike * visible).sum() / (visible.sum() + 1e-3)
    return np.concatenate([(_ROWS @ pictures @ _COLUMNS).ravel(), [unlike.mean(), seen]])


def _averages(parts: tuple[slice, ...], length: int) -> Powers:
    """Return the matrix that averages over each of `parts`; shape ``(len(parts), length)``."""
    matrix = np.zeros((len(parts), length), np.float32)
    for row, part in enumerate(parts):
        matrix[row, part] = 1.0 / (part.stop - part.start)
    return matrix


_ROWS: Final = _averages(TILES[1], PRE + 1 + LOOK)
_COLUMNS: Final = _averages(TILES[0], BANDS).T


def _power(levels: Vector) -> Vector:
    return np.asarray(np.float32(10.0) ** (levels / np.float32(10.0)))


def _left(heard: Powers, noise: Powers, model: Powers) -> Powers:
    """Return what is heard over what noise and model predict, in dB, cell by cell."""
    return np.asarray(heard - decibels(noise + model))


def _level_db(excess: Powers, noise: Powers, model: Powers) -> float:
    """Return how much louder the loudest frame of `excess` is than that of `model`, in dB.

    Bands count by how far the model stands out of the noise, evened by its square root, so that
    neither one loud band nor many faint ones decide.
    """
    total, room = model.sum(axis=0), noise.sum(axis=0)
    weight = total / (total + room) / np.sqrt(total * room)
    heard = float((np.maximum(excess, 0.0) @ weight).max())
    return float(10.0 * np.log10(max(heard, 1e-12) / float((model @ weight).max())))


def _correlation(one: Powers, other: Powers, weight: Powers) -> float:
    """Return the weighted correlation of two sets of cells."""
    total = float(weight.sum()) + 1e-9
    one = one - float((weight * one).sum()) / total
    other = other - float((weight * other).sum()) / total
    both = float((weight * one * other).sum())
    scale = (float((weight * one**2).sum()) * float((weight * other**2).sum())) ** 0.5
    return float(both / (scale + 1e-6))
