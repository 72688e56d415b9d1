"""“The loudspeaker swallowed ‘any pain’”: the first words after a pause are heard.

An amplifier that falls asleep on silence, and plays nothing for a while when it is woken, behind
the very mixer, speech and floor of the output that play to it.
"""

import numpy as np
import pytest

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.samples import Samples
from voice_coach.sound.floor import STEP, Floor
from voice_coach.speaking import Clip, Mixer, Speech

WAKES = (0.05, 0.2, 0.5, 1.0, 1.5)
"""Seconds that it takes to wake."""
SLEEPS = 30.0
"""Seconds of silence after which it sleeps."""
PAUSE = to_samples(60.0)
"""The rest between two sets."""
DIGITAL = 0.0
"""What an amplifier takes for silence that looks at the samples ..."""
ANALOGUE = 10 ** (-60 / 20)
"""... and one that looks at their level."""


class Amplifier:
    """Plays what it is given, unless it sleeps."""

    def __init__(self, wakes: float, silence: float) -> None:
        self._wakes = to_samples(wakes)
        self._silence = silence
        self._quiet_for = to_samples(SLEEPS)
        self._waking = 0

    def play(self, block: Samples) -> Samples:
        """Return what is heard of `block`."""
        asleep = self._quiet_for >= to_samples(SLEEPS)
        if np.abs(block).max() > self._silence:
            if asleep:
                self._waking = self._wakes
            self._quiet_for = 0
        else:
            self._quiet_for += len(block)
        if asleep and self._quiet_for:
            return np.zeros_like(block)
        lost = min(self._waking, len(block))
        self._waking -= lost
        return np.concatenate([np.zeros(lost, np.float32), block[lost:]])


class Saying:
    """Says a second of sound, whatever is to be said."""

    def clip(self, cue: str, slots: object) -> Clip:
        return Clip(np.tile(np.array([0.3, -0.3], np.float32), SAMPLE_RATE // 2), "any pain")


def swallowed(wakes: float, silence: float, *, floor: bool, waking: float = 0.0) -> float:
    """Return the seconds that are lost of what is said at the start and after a pause."""
    mixer, amplifier, under = Mixer(), Amplifier(wakes, silence), Floor()
    speech = Speech(Saying(), mixer, waking=waking)
    heard, spans = [], []
    first = to_samples(2.0)
    for position in range(0, first + PAUSE + to_samples(5.0), BLOCK):
        if position in {first, first + PAUSE}:
            placed = speech.place(position + BLOCK, "any", {})
            spans.append((placed.start, placed.end))
        out = np.zeros(BLOCK, np.float32)
        mixer.render(position, out)
        if floor:
            under.fill(out)
        heard.append(amplifier.play(out))
    sound = np.concatenate(heard)
    lost = sum(int(np.count_nonzero(sound[start:end] == 0)) for start, end in spans)
    return lost / SAMPLE_RATE


@pytest.mark.parametrize("wakes", WAKES)
def test_one_that_sleeps_on_digital_silence_never_does(wakes: float) -> None:
    assert swallowed(wakes, DIGITAL, floor=False) > wakes / 2  # as it was
    assert swallowed(wakes, DIGITAL, floor=True) == 0


@pytest.mark.parametrize("wakes", WAKES)
def test_one_that_sleeps_on_faint_sound_is_woken_before_the_words(wakes: float) -> None:
    assert swallowed(wakes, ANALOGUE, floor=True) > wakes / 2
    assert swallowed(wakes, ANALOGUE, floor=True, waking=wakes + 0.1) == 0


def test_what_is_played_is_left_as_it_is() -> None:
    out = np.zeros(BLOCK, np.float32)
    out[7] = 0.25
    Floor().fill(out)
    assert np.flatnonzero(out).tolist() == [7]


def test_the_floor_is_never_silent_and_never_heard() -> None:
    floor, loudest = Floor(), 0.0
    for _ in range(200):
        out = np.zeros(BLOCK, np.float32)
        floor.fill(out)
        assert np.all(np.round(out * 2**15) != 0)
        loudest = max(loudest, float(np.abs(out).max()))
    assert loudest == STEP
    assert 20 * np.log10(loudest) < -90


def test_a_noise_wakes_it_only_after_a_pause() -> None:
    speech = Speech(Saying(), Mixer(), waking=1.0)
    first = speech.place(SAMPLE_RATE, "any", {})
    assert first.start == 2 * SAMPLE_RATE
    assert speech.place(first.end + 3 * SAMPLE_RATE, "any", {}).start == first.end + 3 * SAMPLE_RATE
    assert speech.place(20 * SAMPLE_RATE, "any", {}).start == 21 * SAMPLE_RATE
