"""Feed a recording to the heel ear, and print every thump that it hears.

``python -m examples.hear_heels RECORDING.wav CALIBRATION.wav``, where the second holds three good
drops of the same heels; without recordings, somebody in a simulated kitchen lends theirs.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voice_coach.clock import BLOCK, to_samples, to_seconds
from voice_coach.hearing.heels import ThumpDetector, calibrate
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen
from voice_coach.sound.audio_files import read_recording


def main(argv: Sequence[str]) -> None:
    """Hear the recordings named in `argv`, or a simulated one."""
    if argv:
        recording, three_drops = (read_recording(Path(name)) for name in argv)
    else:
        three_drops, recording = np.split(lent(), 2)

    detector = ThumpDetector(calibrate(three_drops, drops=3))
    heard = []
    for begin in range(0, len(recording), BLOCK):  # as the sound card hands it over
        heard += detector.feed(recording[begin : begin + BLOCK])
    for landing in [*heard, *detector.flush()]:
        doubt = "" if landing.certain else ", or something else"
        print(
            f"{to_seconds(landing.impact):7.3f} s  {landing.level_db:+5.1f} dB"
            f"  probability {landing.probability:.2f}{doubt}"
        )


def lent() -> Samples:
    """Return sixteen seconds of a kitchen: three drops in its first half, three in the other."""
    kitchen = Kitchen(floor="wood", footwear="shoe", seed=1)
    for second in (2.0, 4.0, 6.0, 10.0, 12.0, 14.0):
        kitchen.strike(to_samples(second))
    return kitchen.microphone(np.zeros(to_samples(16.0), np.float32))


if __name__ == "__main__":
    main(sys.argv[1:])
