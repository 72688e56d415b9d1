"""The coach's own cues and words, back through the room, are never a repetition."""

import subprocess

import numpy as np
import pytest
from scipy import signal

from tests.hearing.heels.home import counted, live, tick
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.heels import ThumpDetector
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen

SENTENCES = ("Rise up on your toes.", "And drop.", "Seven. Well done.", "Hold the sink.")


def spoken(text: str) -> Samples:
    """Return `text` as the loudspeaker plays it: 16 kHz, without sound below 300 Hz."""
    wave = subprocess.run(["espeak-ng", "--stdout", text], check=True, capture_output=True).stdout
    sound = np.frombuffer(wave[44:], np.int16) / 32768
    sound = signal.resample_poly(sound, SAMPLE_RATE, 22_050)
    sos = signal.butter(4, 300, "highpass", fs=SAMPLE_RATE, output="sos")
    sound = signal.sosfilt(sos, sound)
    return np.asarray(0.1 * sound / np.sqrt(np.mean(sound**2)), np.float32)


@pytest.mark.parametrize("echo_db", [-14.0, -6.0, 2.0])
@pytest.mark.parametrize("gated", [True, False])
def test_a_minute_of_the_coach_counts_nothing(echo_db: float, gated: bool) -> None:
    total = to_samples(20)
    playback = np.zeros(total, np.float32)
    detector = ThumpDetector(live().template)
    words = [spoken(text) for text in SENTENCES]
    for i in range(4):
        cue = to_samples(1.0 + 4.6 * i)
        playback += tick(cue, total)
        if gated:
            detector.open_window(cue - to_samples(0.15), cue + to_samples(0.9), prompted=cue)
        at = cue + to_samples(1.0)
        playback[at : at + len(words[i])] += words[i][: total - at]
    kitchen = Kitchen(floor="wood", footwear="shoe", echo_db=echo_db, seed=9)
    heard = detector.feed(kitchen.microphone(playback), playback) + detector.flush()
    assert counted(heard) == []
