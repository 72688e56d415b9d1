"""The room between a sound and the microphone: image sources, then a diffuse tail."""

from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import SAMPLE_RATE

SPEED_OF_SOUND: Final = 343.0
"""Metres a second, at 20 °C."""

REFERENCE_DISTANCE: Final = 1.5
"""Metres at which the direct sound has gain 1."""


def impulse_response(
    distance_m: float, rt60: float, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return the impulse response from a source `distance_m` away in a kitchen-sized room.

    The first 25 ms are image sources (Allen & Berkley 1979) up to the second order of a
    shoebox of 2.6-4.5 m; then Gaussian noise decays by 60 dB in `rt60` seconds. The travel
    time of the direct sound is included.

    Returns
    -------
    numpy.ndarray
        Shape ``(n,)``, n = travel time + 0.7 `rt60` in samples: later sound is 42 dB down.
    """
    size = np.array([rng.uniform(2.6, 4.5), rng.uniform(2.4, 3.6), 2.5])
    microphone = np.array([0.5 * size[0], 0.3, 1.05])
    height = rng.uniform(0.05, 0.4)
    flat = max(distance_m**2 - (microphone[2] - height) ** 2, 0.04) ** 0.5
    angle = rng.uniform(0.25 * np.pi, 0.75 * np.pi)
    offset = np.array([flat * np.cos(angle), flat * np.sin(angle)])
    source = np.array([*np.clip(microphone[:2] + offset, 0.1, size[:2] - 0.1), height])

    n = round((distance_m / SPEED_OF_SOUND + 0.7 * rt60) * SAMPLE_RATE)
    response = np.zeros(n)
    reflection = float(np.clip(1.0 - 0.06 / rt60, 0.5, 0.93))
    shift = distance_m - float(np.linalg.norm(source - microphone))
    orders = np.array([(x, y, z) for x in _ORDER for y in _ORDER for z in _ORDER])
    orders = orders[np.abs(orders).sum(axis=1) <= 2]
    images = np.where(orders % 2 == 0, orders * size + source, (orders + 1) * size - source)
    metres = np.linalg.norm(images - microphone, axis=1) + shift
    at = np.round(metres / SPEED_OF_SOUND * SAMPLE_RATE).astype(int)
    gains = reflection ** np.abs(orders).sum(axis=1) * REFERENCE_DISTANCE / np.maximum(metres, 0.1)
    heard = at < n
    np.add.at(response, at[heard], gains[heard])

    start = round((distance_m / SPEED_OF_SOUND + 0.012) * SAMPLE_RATE)
    time = np.arange(max(0, n - start)) / SAMPLE_RATE
    tail = rng.standard_normal(len(time)) * 10.0 ** (-3.0 * time / rt60)
    fade = np.minimum(1.0, time / 0.02)
    energy = float(np.sum(tail**2))
    # Diffuse over direct energy at distance r is (r / critical distance) squared; the critical
    # distance of a room of this volume is 0.057 sqrt(volume / rt60) metres.
    critical = 0.057 * (float(np.prod(size)) / rt60) ** 0.5
    wanted = (REFERENCE_DISTANCE / critical) ** 2 * 0.5
    response[start:] += tail * fade * (wanted / max(energy, 1e-12)) ** 0.5
    return response


_ORDER: Final = range(-2, 3)
