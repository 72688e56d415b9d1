"""Render the tones of `voice_coach/speaking/tones.toml`, and two landings, into `audio/tones/`.

The landings let the lesson tell a good thump from a soft one: the same heels on the same floor,
of the simulated kitchen, without the room.

Usage: python -m tools.make_tones
"""

import numpy as np
import soundfile

from voice_coach import assets
from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.simulation.strike import Heels
from voice_coach.speaking.tones import THUMPS, render, tones

SEED = 11
EFFORT = {"thump_good": 1.0, "thump_soft": 0.3}
"""Landing speed of each, against a good drop; a soft landing is one of 0.2 to 0.42."""

LEAD = SAMPLE_RATE // 20
"""Silence around each: the high-pass of the voice rings a little before a sharp edge."""

PEAK = 0.45
"""Of the good landing; the soft one is to it as it would be in the kitchen."""


def thumps() -> dict[str, Samples]:
    """Return the landings by name."""
    heels = Heels("laminate", "shoe", np.random.default_rng(SEED))
    landed = {name: heels.drop(EFFORT[name], np.random.default_rng(SEED)) for name in THUMPS}
    scale = PEAK / np.abs(landed["thump_good"]).max()
    return {name: np.pad(scale * sound, LEAD).astype(np.float32) for name, sound in landed.items()}


def main() -> None:
    """Write every sound, and print how long it is."""
    folder = assets.folder("audio") / "tones"
    folder.mkdir(parents=True, exist_ok=True)
    sounds = {**{name: render(notes) for name, notes in tones().items()}, **thumps()}
    for name, sound in sounds.items():
        soundfile.write(folder / f"{name}.flac", sound, SAMPLE_RATE, subtype="PCM_16")
        print(f"{name:10s} {len(sound) / SAMPLE_RATE:.3f} s")


if __name__ == "__main__":
    main()
