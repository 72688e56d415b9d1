"""What the user's own heels sound like here: the template every candidate is compared with."""

from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Final

import msgspec
import numpy as np

from voice_coach.errors import UserError
from voice_coach.hearing.heels.spectrum import BANDS, Powers

BEFORE: Final = 8
"""Frames of the template before its onset frame."""

AFTER: Final = 16
"""Frames of the template after its onset frame: 80 ms."""

LAGS: Final = BEFORE + 1 + AFTER

CORE: Final = slice(BEFORE, BEFORE + 6)
"""The loudest frames, whose mean is the template's spectrum: 0-25 ms after the onset."""

USUAL_DB: Final = 3.5
"""Spread of a cell from drop to drop where nothing is known of it, in dB."""

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class HeelTemplate:
    """The mean of the calibration drops, as power above the room.

    Attributes
    ----------
    power : numpy.ndarray
        Mean square in each frame and band; shape ``(LAGS, BANDS)``, frame `BEFORE` is the onset.
    spread_db : float
        How much the drops differed from their mean: mean absolute deviation over audible cells.
    calibrated : bool
        False for the built-in prior, whose level means nothing on an unknown microphone.
    drops : int
        Number of drops it was made from.
    gentle_db : float or None
        How much louder a deliberately gentle drop was (below 0); None when there was none.
    varied_db : numpy.ndarray
        How much each cell varied from drop to drop, root mean square in dB; shape of `power`.
    """

    power: Powers
    spread_db: float
    calibrated: bool
    drops: int
    gentle_db: float | None = None
    varied_db: Powers = field(default_factory=lambda: np.full((LAGS, BANDS), USUAL_DB, np.float32))

    @property
    def spectrum(self) -> Powers:
        """Mean power of the loudest 25 ms in each band; shape ``(BANDS,)``."""
        return np.asarray(self.power[CORE].mean(axis=0), dtype=np.float32)

    def to_json(self) -> str:
        """Return the template as JSON text, powers in tenths of a dB."""
        levels = np.round(100.0 * np.log10(self.power)).astype(int)
        file = _File(
            FORMAT,
            levels.tolist(),
            round(self.spread_db, 2),
            self.calibrated,
            self.drops,
            np.round(10.0 * self.varied_db).astype(int).tolist(),
            None if self.gentle_db is None else round(self.gentle_db, 1),
        )
        return msgspec.json.encode(file).decode()

    @classmethod
    def from_json(cls, text: str) -> "HeelTemplate":
        """Return the template written by :meth:`to_json`; UserError when it is not one."""
        problem = UserError(
            "The stored calibration cannot be read; calibrate again with three good drops."
        )
        try:
            file = msgspec.json.decode(text, type=_File)
        except msgspec.DecodeError as error:
            raise problem from error
        if file.format != FORMAT or {len(row) for row in file.decibel_tenths} != {BANDS}:
            raise problem
        levels = np.array(file.decibel_tenths, dtype=np.float32) / 10.0
        if levels.shape != (LAGS, BANDS) or np.abs(levels).max() > 200 or file.drops < 0:
            raise problem
        power = (10.0 ** (levels / 10.0)).astype(np.float32)
        varied = np.full((LAGS, BANDS), USUAL_DB, np.float32)
        if file.varied_tenths is not None:
            if [len(row) for row in file.varied_tenths] != [BANDS] * LAGS:
                raise problem
            varied = np.array(file.varied_tenths, dtype=np.float32) / 10.0
            if not 0.1 <= varied.min() <= varied.max() <= 100:
                raise problem
        return cls(power, file.spread_db, file.calibrated, file.drops, file.gentle_db, varied)

    @classmethod
    def generic(cls) -> "HeelTemplate":
        """Return the built-in prior: the mean of simulated heels on all floors."""
        return _generic()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stored form."""

    format: int
    decibel_tenths: list[list[int]]
    spread_db: float
    calibrated: bool
    drops: int
    varied_tenths: list[list[int]] | None = None
    """Absent from templates stored before it was kept."""
    gentle_db: float | None = None


@lru_cache(maxsize=1)
def _generic() -> HeelTemplate:
    data = resources.files("voice_coach.hearing.heels").joinpath("generic.json")
    return HeelTemplate.from_json(data.read_text(encoding="utf-8"))
