"""Playing one sound to its end, for what must be said without a microphone."""

from typing import Final

import numpy as np

from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.sound.devices import find, portaudio, quiet
from voice_coach.sound.floor import Floor

ASLEEP: Final = 1.5
"""Seconds for which a loudspeaker that has been asleep may swallow what it is given."""


def play(sound: Samples, output_name: str | None) -> None:
    """Play `sound` on the loudspeaker called `output_name`, and wait until it has ended.

    Before it comes what nobody hears, for a loudspeaker that sleeps. UserError where there is no
    such loudspeaker, or it cannot be opened.
    """
    sounddevice = portaudio()
    silence = np.zeros(round(ASLEEP * SAMPLE_RATE), np.float32)
    floor = Floor()
    for part in np.split(silence, 2):
        floor.fill(part)
    awake = np.concatenate([silence, sound])
    with quiet():
        device = find("output", output_name)
        try:
            sounddevice.play(awake, SAMPLE_RATE, device=device.index, blocking=True)
        except sounddevice.PortAudioError as error:
            raise UserError(
                f"The loudspeaker '{device.name}' cannot be opened ({error.args[0]}): "
                "choose another with --output."
            ) from error
