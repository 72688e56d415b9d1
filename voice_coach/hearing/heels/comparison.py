"""How an onset compares with the template: named figures, from which the judge decides.

Template and noise together predict every cell (frame x band) of the look: M = N + a S(shifted).
The gain a and the shift that fit best are found first; what is left over, the surplus (sound
the template does not explain) and the deficit (sound it promises that is missing), is averaged
over three groups of bands and three stretches of time.
"""

from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from voice_coach.hearing.heels.features import GROUPS, STRETCHES, TILES, Features, Vector
from voice_coach.hearing.heels.onsets import LOOK, PRE, Onset
from voice_coach.hearing.heels.spectrum import BANDS, TINY, Powers, decibels
from voice_coach.hearing.heels.template import BEFORE, HeelTemplate

SHIFTS: Final = (-4, -3, -2, -1, 0, 1, 2, 3, 4)
"""Frames by which the onset may have been seen early or late."""

COARSE_DB: Final = np.arange(-24.0, 16.1, 4.0, dtype=np.float32)
FINE_DB: Final = np.arange(-4.0, 4.01, 0.5, dtype=np.float32)
"""Gains tried, in dB: first all, then around the best."""

CAP_DB: Final = 15.0
"""A cell can disagree by no more than this, in dB: one odd cell proves nothing."""

ROOM_DB: Final = 4.5
"""How much a cell of the room alone varies about its floor, in dB."""

UNLIKE: Final = 4.0
"""A cell can be unlike the drops by no more than this many times the usual."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An onset held against the template; positions are stream samples."""

    impact: int
    decided: int
    """Position up to which sound was needed."""
    level_db: float
    """Loudest frame over the template's loudest, in the bands seen, in dB."""
    swell_db: float
    """How far the room stood over its floor 30-100 ms before, in the bands listened to, in dB."""
    features: Vector
    """What the judge goes by: the :class:`Features` as a vector."""
    frame: int
    """Number of the onset frame since the stream began."""
    floor: Powers
    """Noise floor when it sounded; shape ``(BANDS,)``."""
    gentle_db: float | None = None
    """How loud the gentle drop was that the template knows of, in dB; None without one."""


class _Fit(NamedTuple):
    """The shift and the gain with which the template explains best what was heard.

    Arrays have the shape of the look: ``(frames, BANDS)``.
    """

    shift: int
    gain: float
    shifted: Powers
    """The template where it fits best, at its own level."""
    model: Powers
    """The same at the gain."""
    visible: Powers
    """Share of the model in all that is expected, 0 to 1."""
    residual: Powers
    """What is heard over noise and model, in dB."""
    misfit: np.float32
    """Mean absolute residual, in dB; no cell counts for more than `CAP_DB`."""


class _Room(NamedTuple):
    """What the room was like, weighted by how far a drop would stand out in each band; in dB."""

    expected_snr: float
    past: float
    burst: float


class _Course(NamedTuple):
    """How the level went over the frames of the look."""

    peak_late: float
    decay: float
    decay_missing: float
    body_missing: float
    rise_before: float


def compare(onset: Onset, template: HeelTemplate) -> Comparison:
    """Return how `onset` compares with `template`."""
    heard = decibels(onset.patch)
    noise = onset.floor + onset.echo
    fit = _fit(heard, noise, template)
    alone = _cost(_left(heard, noise, np.zeros_like(fit.model)))
    level = _level_db(onset.patch - noise, noise, fit.shifted)
    known = level if template.calibrated else 0.0
    room = _room(onset, template)
    course = _course(onset, template, fit)
    pictures, unlike_in_all, unlike_where_seen = _tiles(heard, noise, fit, template)
    left_over, height, promise, unlike = pictures.reshape(len(pictures), -1)
    excess = heard[PRE:] - decibels(noise[PRE:])
    wanted = decibels(fit.model[PRE:] + TINY) - decibels(noise[PRE:])
    seen = fit.visible[PRE:]
    features = Features(
        surplus=_surplus(fit),
        deficit=_deficit(fit),
        visible=np.array([seen[:, group].mean() for group in GROUPS]),
        misfit=float(fit.misfit),
        gain_over_noise=float(alone - fit.misfit),
        level=known,
        level_above=max(known - 4.0, 0.0),
        level_below=max(-4.0 - known, 0.0),
        uneven=fit.gain - level,
        correlation=_correlation(excess, wanted, seen),
        jump=onset.jump_db,
        expected_snr=room.expected_snr,
        past=room.past,
        burst=room.burst,
        busy=float(onset.busy),
        spread=template.spread_db,
        own_sound=float((onset.echo[PRE:] / noise[PRE:]).mean()),
        snr_of_this=room.expected_snr + known,
        shift=float(fit.shift),
        peak_late=course.peak_late,
        decay=course.decay,
        decay_missing=course.decay_missing,
        body_missing=course.body_missing,
        rise_before=course.rise_before,
        cells_seen=float(seen.sum()),
        left_over=left_over,
        height=height,
        promise=promise,
        unlike=unlike,
        unlike_in_all=unlike_in_all,
        unlike_where_seen=unlike_where_seen,
    )
    return Comparison(
        onset.at,
        onset.decided,
        level,
        room.past,
        features.vector(),
        onset.frame,
        onset.floor,
        template.gentle_db,
    )


def _fit(heard: Powers, noise: Powers, template: HeelTemplate) -> _Fit:
    """Return how the template explains best what was `heard`, in dB, over `noise`."""
    rows = heard.shape[0]
    first = BEFORE - PRE
    shifted = np.stack([template.power[first + s : first + s + rows] for s in SHIFTS])
    gains = _power(COARSE_DB)
    cost = _cost(_left(heard, noise, shifted[:, None] * gains[:, None, None]), (2, 3))
    shift, coarse = np.unravel_index(int(np.argmin(cost)), cost.shape)
    trial = COARSE_DB[coarse] + FINE_DB
    left = _left(heard, noise, shifted[shift] * _power(trial)[:, None, None])
    fine = _cost(left, (1, 2))
    best = int(np.argmin(fine))
    gain = float(trial[best])
    model = shifted[shift] * np.float32(10.0 ** (gain / 10.0))
    return _Fit(
        shift=SHIFTS[shift],
        gain=gain,
        shifted=shifted[shift],
        model=model,
        visible=model / (model + noise),
        residual=left[best],
        misfit=fine[best],
    )


def _surplus(fit: _Fit) -> Vector:
    """Return the mean of what is left over, in each group of bands and stretch of time."""
    over = np.minimum(np.maximum(fit.residual, 0.0), CAP_DB)
    return np.array([over[stretch, group].mean() for group, stretch in product(GROUPS, STRETCHES)])


def _deficit(fit: _Fit) -> Vector:
    """Return the mean of what is missing where it would be seen, in the same parts."""
    under = np.minimum(np.maximum(-fit.residual, 0.0), CAP_DB) * fit.visible
    return np.array(
        [
            float(under[stretch, group].sum()) / (float(fit.visible[stretch, group].sum()) + 2.0)
            for group, stretch in product(GROUPS, STRETCHES[1:])
        ]
    )


def _room(onset: Onset, template: HeelTemplate) -> _Room:
    ratio = template.spectrum / onset.floor
    total = max(float(np.sum(ratio)), 1e-20)
    snr = 10.0 * np.log10(float(np.sum(ratio**2)) / total)
    weight = ratio / total
    floor = decibels(onset.floor)
    return _Room(
        expected_snr=min(snr, 60.0),
        past=float((weight * (decibels(onset.past) - floor)).sum()),
        burst=float((weight * (floor - decibels(onset.median))).sum()),
    )


def _course(onset: Onset, template: HeelTemplate, fit: _Fit) -> _Course:
    listening = template.spectrum / onset.floor**2
    listening = listening / (listening * template.spectrum).sum()
    course = decibels(onset.patch @ listening)
    expected = decibels(np.maximum(fit.shifted @ listening, 1e-9)) + fit.gain
    missing = course - expected
    peak = int(np.argmax(course))
    return _Course(
        peak_late=float(peak),
        decay=float(np.clip(course[peak] - course[-3:].mean(), -5.0, 30.0)),
        decay_missing=float(np.clip(missing[-3:].mean(), -CAP_DB, CAP_DB)),
        body_missing=float(np.clip(missing[PRE + 4 :].mean(), -CAP_DB, CAP_DB)),
        rise_before=float(np.clip(course[:PRE].mean() - course[peak], -40.0, 0.0)),
    )


def _tiles(
    heard: Powers, noise: Powers, fit: _Fit, template: HeelTemplate
) -> tuple[Powers, float, float]:
    """Return four coarse pictures in one, and two figures of how unlike the template it is.

    The pictures are what is left over, what was heard, what was promised and how unlike it is;
    the figures are that on average over all cells, and over those where the template is seen.
    A cell of the template varies as it did from drop to drop; where nothing of it is seen, cells
    vary as the room does.
    """
    first = BEFORE - PRE + fit.shift
    varied = template.varied_db[first : first + heard.shape[0]] * fit.visible
    floor = decibels(noise)
    promised = decibels(fit.model + noise) - floor
    usual = np.sqrt(varied**2 + ((1.0 - fit.visible) * ROOM_DB) ** 2)
    unlike = 5.0 * np.minimum(np.abs(fit.residual) / usual, UNLIKE)
    cells = np.stack([fit.residual, heard - floor, promised, unlike])
    pictures = np.asarray(_ROWS @ np.clip(cells, -CAP_DB, 2 * CAP_DB) @ _COLUMNS)
    seen = (unlike * fit.visible).sum() / (fit.visible.sum() + 1e-3)
    return pictures, float(unlike.mean()), float(seen)


def _cost(left: Powers, over: tuple[int, ...] | None = None) -> Powers:
    """Return the mean absolute misfit over some axes, or over all; see `CAP_DB`."""
    return np.asarray(np.minimum(np.abs(left), CAP_DB).mean(axis=over))


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

    Bands count by how far the model stands out of the noise, by the square root of that, so that
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
