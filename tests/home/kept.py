"""A kept calibration in a simulated kitchen, in which somebody may speak."""

from functools import cache

import numpy as np

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.home.kept_sound import Circumstances, KeptSound
from voice_coach.rehearsal.voices import voice
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise
from voice_coach.speaking.tones import render, tones

CUES = (4.0, 7.5, 11.0)
GENTLE = 14.5
LANDS = 0.3
"""Seconds from a cue to the landing."""

NEIGHBOUR = "Anna called about the money"


@cache
def said(text: str) -> Samples:
    """Return a synthetic voice that says `text`."""
    return voice("en-gb")(text)


@cache
def kept_calibration(
    *says: tuple[float, str],
    seed: int = 3,
    level_db: float = 60.0,
    noises: tuple[Noise, ...] = (),
    absent: tuple[float, ...] = (),
) -> KeptSound:
    """Return three good drops and a gentle one on tiles; `says` are (second, text).

    At the cues that are `absent` nobody lands.
    """
    kitchen = Kitchen(floor="tile", footwear="shoe", seed=seed, noises=noises)
    own = np.zeros(to_samples(17.0), np.float32)
    tone = render(tones()["drop"])
    for second in (*CUES, GENTLE):
        at = to_samples(second)
        own[at : at + len(tone)] += tone
        if second not in absent:
            kitchen.strike(at + to_samples(LANDS), 0.3 if second == GENTLE else 1.0)
    for second, text in says:
        kitchen.speak(to_samples(second), said(text), level_db)
    sound = np.concatenate([kitchen.microphone(block) for block in own.reshape(-1, SAMPLE_RATE)])
    known = Circumstances(list(CUES), [GENTLE], "slippers", "tiles")
    return KeptSound(sound, own, known)
