"""Compare voices of the engine, to choose those that ship.

Usage: python -m research.voices.choose [VOICE ...]

Prints what listeners would say of each, how much of its energy lies where old ears hear best, and
how fast it speaks.
"""

from __future__ import annotations

import argparse

import numpy as np

from research.model import kokoro_voices
from research.voices.quality import opinion
from voice_coach.clock import SAMPLE_RATE
from voice_coach.speaking import shaping

CANDIDATES = (
    "bf_emma", "bf_lily", "bf_alice", "bf_isabella", "bm_fable", "bm_george", "bm_daniel",
    "bm_lewis", "af_heart", "af_bella", "am_michael", "am_fenrir", "am_puck",
)  # fmt: skip
TEXTS = (
    "Hello. I am ready when you are.",
    "Put your feet hip-width apart.",
    "Please ask your doctor or therapist first.",
    "Twenty-one.",
    "Have you broken a bone in the last six months?",
    "Let them fall.",
    "Stand tall, with your shoulders back.",
    "Rest for one minute.",
    "You can say skip the rest to move on.",
    "When you are ready, say carry on, and we do.",
    "I did not quite catch that.",
)


def main() -> None:
    """Print a line for each candidate."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "voices", nargs="*", default=CANDIDATES, help="names as the engine has them"
    )
    words = sum(len(text.replace("-", " ").split()) for text in TEXTS)
    print("voice        overall  P.808  500-2000 Hz  words a minute")
    for name in parser.parse_args().voices:
        clips = []
        for text in TEXTS:
            sound, _ = kokoro_voices.speak_marked(name, text, 1.0)
            clips.append(shaping.shape_speech(sound, kokoro_voices.SAMPLE_RATE).samples)
        spoken = np.concatenate(clips)
        power = np.abs(np.fft.rfft(spoken)) ** 2
        frequency = np.fft.rfftfreq(len(spoken), 1 / SAMPLE_RATE)
        clear = power[(frequency >= 500) & (frequency < 2000)].sum() / power.sum()
        overall, p808 = opinion(clips)
        rate = 60 * words * SAMPLE_RATE / len(spoken)
        print(f"{name:12s} {overall:7.2f} {p808:6.2f} {clear:12.0%} {rate:15.0f}", flush=True)


if __name__ == "__main__":
    main()
