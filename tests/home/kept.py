"""A kept calibration in a simulated kitchen, in which somebody may speak."""

from functools import cache

from research.heels.speech_left import calibrated
from voice_coach.clock import to_samples
from voice_coach.home.kept_sound import KeptSound
from voice_coach.rehearsal.voices import voice
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise

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
    talk = [(to_samples(second), said(text), level_db) for second, text in says]
    return calibrated(
        kitchen, talk, cues=CUES, gentle=GENTLE, seconds=17.0, absent=absent, lands=LANDS
    )
