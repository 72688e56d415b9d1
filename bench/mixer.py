"""Measure what the mixer costs the audio callback, as a share of the block it renders.

Usage: python -m bench.mixer
"""

import time

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.speaking import Mixer

BLOCKS = 2000


def measure(clips: int, busy: bool) -> npt.NDArray[np.float64]:
    """Return the seconds each block took with `clips` sounding; `busy`: ramps and limiter too."""
    noise = np.random.default_rng(0).standard_normal(BLOCKS * BLOCK).astype(np.float32) * 0.1
    mixer = Mixer()
    for _ in range(clips):
        mixer.place(noise, 0, gain_db=3.0)
    if busy:
        mixer.set_volume(12.0)
    out = np.zeros(BLOCK, dtype=np.float32)
    taken = np.empty(BLOCKS)
    for block in range(BLOCKS):
        if busy:
            mixer.duck(block % 2 == 0)
        begin = time.perf_counter()
        mixer.render(block * BLOCK, out)
        taken[block] = time.perf_counter() - begin
    return taken


def main() -> None:
    """Measure from nothing sounding to eight clips, ramps and limiter, and print the shares."""
    available = BLOCK / SAMPLE_RATE
    print("clips  ramps+limiter   median   99 %    of a block of 20 ms")
    for clips, busy in ((0, False), (1, False), (2, False), (2, True), (8, True)):
        median, high = np.quantile(measure(clips, busy), (0.5, 0.99)) / available
        print(f"{clips:5d}  {'yes' if busy else 'no':13s} {median:8.3%} {high:7.3%}")


if __name__ == "__main__":
    main()
