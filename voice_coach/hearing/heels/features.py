"""The figures by which the judge tells heels from other sounds: their names and their order.

A judge is fitted with the figures in this order and no other: `NAMES` is kept beside its weights.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from voice_coach.hearing.heels.onsets import LOOK, PRE
from voice_coach.hearing.heels.spectrum import BAND_EDGES, BANDS

Vector = npt.NDArray[np.float32]

GROUPS: Final = (slice(0, 6), slice(6, 12), slice(12, BANDS))
"""Bands of 62-308 Hz, 308-1530 Hz and 1.5-7.6 kHz."""

STRETCHES: Final = (slice(0, PRE), slice(PRE, PRE + 5), slice(PRE + 5, PRE + 1 + LOOK))
"""Frames before the onset, 0-20 ms after it, 25-50 ms after it."""

TILES: Final = (
    tuple(slice(b, b + 3) for b in range(0, BANDS, 3)),
    (slice(0, PRE), slice(PRE, PRE + 2), slice(PRE + 2, PRE + 4), slice(PRE + 4, PRE + 7),
     slice(PRE + 7, PRE + 1 + LOOK)),
)  # fmt: skip
"""Bands, and frames, whose cells are averaged into one tile of a coarser picture."""

_EACH: Final = ("low", "mid", "high")
"""What the `GROUPS` are called in the names of figures."""

_CELLS: Final = tuple(
    f"from {BAND_EDGES[bands.start]:.0f} Hz, {5 * (frames.start - PRE)} ms"
    for frames, bands in product(TILES[1], TILES[0])
)
"""What the tiles are called."""


class Features(NamedTuple):
    """What the judge is given of an onset, in this order; in dB where nothing else is said.

    `PARTS` says what the figures of a feature with several are.
    """

    surplus: Vector
    """Sound that neither room nor template explains: mean over cells."""
    deficit: Vector
    """Sound of the template that is missing: mean over the cells in which it would be seen."""
    visible: Vector
    """How much of the template is seen over the room, 0 to 1."""
    misfit: float
    """How far the best fit is off: mean over cells."""
    gain_over_noise: float
    """How much better that fits than the room alone does."""
    level: float
    """Against the template's level; 0 where that means nothing."""
    level_above: float
    """By how much `level` is above 4 dB."""
    level_below: float
    """By how much it is below -4 dB."""
    uneven: float
    """Gain of the best fit, less the level measured."""
    correlation: float
    """Of what stands out of the room with what the template promises, -1 to 1."""
    jump: float
    """Rise over the recent past."""
    expected_snr: float
    """How far a drop like the template stands out of the room."""
    past: float
    """How far the room stood over its floor 30-100 ms before, in the bands listened to."""
    burst: float
    """How far the floor is over the median of the room, likewise."""
    busy: float
    """Onsets in the second before."""
    spread: float
    """How much the calibration drops differed from each other."""
    own_sound: float
    """Share of our own sound in what is expected of the room, 0 to 1."""
    snr_of_this: float
    """How far this one stands out of the room, by its level."""
    shift: float
    """By how many frames the template fits best earlier or later."""
    peak_late: float
    """Frame of the loudest moment."""
    decay: float
    """Fall from there to the end of the look."""
    decay_missing: float
    """How far the end of the look is over what the template promises."""
    body_missing: float
    """The same of all that comes later than 20 ms after the onset."""
    rise_before: float
    """How far what came before the onset is over the loudest moment: below 0."""
    cells_seen: float
    """In how many cells the template is seen."""
    left_over: Vector
    """What the best fit leaves over."""
    height: Vector
    """What is heard over the room."""
    promise: Vector
    """What the best fit promises over the room."""
    unlike: Vector
    """How unlike the drops the rest is, in fifths of their usual spread."""
    unlike_in_all: float
    """Mean of that over all cells."""
    unlike_where_seen: float
    """The same where the template is seen."""

    def vector(self) -> Vector:
        """Return all figures one after the other; shape ``(len(NAMES),)``."""
        figures = [one if isinstance(one, np.ndarray) else (one,) for one in self]
        return np.concatenate(figures).astype(np.float32)


PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "surplus": tuple(map(" ".join, product(_EACH, ("before", "early", "late")))),
    "deficit": tuple(map(" ".join, product(_EACH, ("early", "late")))),
    "visible": _EACH,
    "left_over": _CELLS,
    "height": _CELLS,
    "promise": _CELLS,
    "unlike": _CELLS,
}
"""What the figures of a feature are of, where it has several: groups, stretches, tiles."""


def _names() -> Iterator[str]:
    """Yield the names of the figures, in the order of the features."""
    for feature in Features._fields:
        name = feature.replace("_", " ")
        yield from (f"{name} {part}" for part in PARTS[feature]) if feature in PARTS else (name,)


NAMES: Final = tuple(_names())
"""Names of the figures, in order: a judge must have been fitted with just these."""
