"""The simulated microphone: high-pass, self noise, optional automatic gain, clipping, 16 bits."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.simulation.loudness import amplitude

HIGH_PASS_HZ: Final = 90.0
"""Second-order corner of a cheap electret or MEMS capsule in its housing."""

SELF_NOISE_DB: Final = 33.0
"""Root mean square, dB re 20 µPa in 8 kHz: between a good and a poor MEMS capsule."""

AGC_TARGET: Final = 0.05
"""Root mean square that the automatic gain, when on, steers to."""


class Microphone:
    """Turns sound pressure into the samples a driver delivers; any block length, one result.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the self noise.
    automatic_gain : bool
        Whether the driver turns its own gain up in silence and down in noise.
    """

    def __init__(self, rng: np.random.Generator, *, automatic_gain: bool = False) -> None:
        self._rng = rng
        self._sos = signal.butter(2, HIGH_PASS_HZ, "highpass", fs=SAMPLE_RATE, output="sos")
        self._state = np.zeros((self._sos.shape[0], 2))
        self._automatic_gain = automatic_gain
        self._gain = 1.0
        self._position = 0
        self._power = 0.0

    def record(self, pressure: npt.NDArray[np.float64]) -> Samples:
        """Return the samples recorded of the next `pressure` (full scale ±1)."""
        if not len(pressure):
            return np.zeros(0, np.float32)
        filtered, self._state = signal.sosfilt(self._sos, pressure, zi=self._state)
        filtered += amplitude(SELF_NOISE_DB) * self._rng.standard_normal(len(pressure))
        if self._automatic_gain:
            filtered = self._level(filtered)
        return np.asarray(
            np.clip(np.round(filtered * 32768.0), -32768, 32767) / 32768.0, dtype=np.float32
        )

    def _level(self, sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return `sound` with the gain steered once per block of the stream."""
        levelled = np.empty_like(sound)
        done = 0
        while done < len(sound):
            n = min(BLOCK - self._position % BLOCK, len(sound) - done)
            piece = sound[done : done + n]
            levelled[done : done + n] = piece * self._gain
            # Summed sample by sample in order, so that the split into blocks does not matter.
            self._power = float(np.add.accumulate(np.append(self._power, piece * piece))[-1])
            self._position += n
            done += n
            if self._position % BLOCK == 0:
                wanted = AGC_TARGET / max((self._power / BLOCK) ** 0.5, 1e-5)
                step = 0.25 if wanted < self._gain else 0.01
                self._gain *= float(np.clip(wanted / self._gain, 0.1, 10.0)) ** step
                self._gain = float(np.clip(self._gain, 0.1, 12.0))
                self._power = 0.0
        return levelled
