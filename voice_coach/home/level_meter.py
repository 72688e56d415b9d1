"""A level meter for whoever sets the microphone up elsewhere: levels, and never sound."""

from collections.abc import Callable
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.intercom.messages import Devices, Levels
from voice_coach.samples import Samples
from voice_coach.sound import devices
from voice_coach.sound.checkup import CLIPPED, CLIPPED_SAMPLES

EVERY: Final = to_samples(0.5)
"""Samples of which a level is told: too many for anybody to hear words in the levels."""
LEAST_DB: Final = -120.0
_MOST: Final = 16
_LONGEST: Final = 80
"""Devices that are told of, and letters of a name: they have to go into one line."""


class LevelMeter:
    """Tells how loud the microphone's sound is, for as long as it is asked to."""

    def __init__(self, tell: Callable[[Levels], None]) -> None:
        self._tell = tell
        self._left = 0
        self._energy = 0.0
        self._peak = 0.0
        self._clipped = 0
        self._samples = 0

    def measure(self, seconds: float) -> None:
        """Tell it from here on, for `seconds` of sound."""
        self._left = to_samples(seconds)

    def hear(self, microphone: Samples) -> None:
        """Take a block of the microphone in."""
        if self._left <= 0:
            return
        self._left -= len(microphone)
        loud = np.abs(microphone)
        self._energy += float(np.dot(microphone, microphone))
        self._peak = max(self._peak, float(loud.max(initial=0.0)))
        self._clipped += int(np.count_nonzero(loud >= CLIPPED))
        self._samples += len(microphone)
        if self._samples < EVERY:
            return
        self._tell(
            Levels(
                room_db=_db(float(np.sqrt(self._energy / self._samples))),
                peak_db=_db(self._peak),
                clipped=self._clipped >= CLIPPED_SAMPLES,
            )
        )
        self._energy = self._peak = 0.0
        self._clipped = self._samples = 0


def listed(input_name: str | None, output_name: str | None) -> Devices:
    """Return the devices that there were when the sound card was opened, and the two in use."""
    there = devices.devices()

    def names(direction: devices.Direction) -> tuple[str, ...]:
        these = [device for device in there if device.does(direction)]
        found = (devices.name_for_settings(device, these) for device in these)
        return tuple(name for name in found if len(name) <= _LONGEST)[:_MOST]

    return Devices(
        inputs=names("input"),
        outputs=names("output"),
        input=devices.find("input", input_name).name,
        output=devices.find("output", output_name).name,
    )


def _db(amplitude: float) -> float:
    return max(LEAST_DB, round(20 * float(np.log10(max(amplitude, 1e-9))), 1))
