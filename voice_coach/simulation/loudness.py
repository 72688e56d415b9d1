"""Sound levels: how decibels of sound pressure become numbers in the simulated microphone.

Convention: a sound of `FULL_SCALE_DB` dB re 20 µPa has amplitude 1.0 in the microphone's
samples. Steady sounds are given by their root mean square, impacts by their peak.
"""

from typing import Final

FULL_SCALE_DB: Final = 100.0
"""Sound pressure level that a sample of ±1 stands for, in dB: a speakerphone's usual gain."""


def amplitude(level_db: float) -> float:
    """Return the sample amplitude of a sound of `level_db` dB re 20 µPa."""
    return float(10.0 ** ((level_db - FULL_SCALE_DB) / 20.0))


def gain(decibels: float) -> float:
    """Return the amplitude ratio of `decibels`."""
    return float(10.0 ** (decibels / 20.0))
