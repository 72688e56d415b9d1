"""How much later our sound comes is learnt from what the microphone hears of it."""

import numpy as np
import pytest

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise
from voice_coach.simulation.talk import babble
from voice_coach.sound.loudspeaker_delay import LoudspeakerDelay

SECONDS = 15
TEN_MILLISECONDS = to_samples(0.01)
ON_ITS_WAY = to_samples(0.025)
"""How long the sound of the loudspeaker is on its way in the simulated kitchen."""


def talk(seed: int, seconds: float = SECONDS) -> Samples:
    """Return speech-like sound, as loud as the coach."""
    rng = np.random.default_rng(seed)
    return (0.06 * babble(rng, to_samples(seconds), 0)).astype(np.float32)


def later(sound: Samples, seconds: float) -> Samples:
    """Return `sound` so much later, in its length."""
    shift = to_samples(seconds)
    moved = np.zeros_like(sound)
    moved[max(0, shift) : len(sound) + min(0, shift)] = sound[
        max(0, -shift) : len(sound) - max(0, shift)
    ]
    return moved


def kitchen(seed: int, noise: str | None, emitted: Samples) -> Samples:
    """Return what the microphone of a kitchen hears of what the loudspeaker emits in it."""
    noises = [] if noise is None else [Noise(noise)]
    return Kitchen(floor="tile", footwear="shoe", noises=noises, seed=seed).microphone(emitted)


def found(microphone: Samples, playback: Samples) -> list[int]:
    """Return the delays found, in the order in which they were."""
    delay = LoudspeakerDelay()
    pairs = (
        delay.feed(microphone[at : at + BLOCK], playback[at : at + BLOCK])
        for at in range(0, len(playback) - BLOCK + 1, BLOCK)
    )
    return [one for one in pairs if one is not None]


def near(delay: int, seconds: float) -> bool:
    """Whether `delay` is that of a loudspeaker which is late by `seconds`."""
    return abs(delay - ON_ITS_WAY - to_samples(seconds)) <= TEN_MILLISECONDS


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.2, 0.35, 0.5])
@pytest.mark.parametrize("noise", [None, "tap", "dishes", "music"])
def test_the_delay_of_a_loudspeaker_is_found_in_any_kitchen(
    seconds: float, noise: str | None
) -> None:
    said = talk(seed=round(1000 * seconds))
    delays = found(kitchen(3, noise, later(said, seconds)), said)
    assert delays
    assert all(near(one, seconds) for one in delays)


def test_a_delay_taken_for_longer_than_it_is_is_found_too() -> None:
    said = talk(seed=4)
    delays = found(kitchen(3, None, later(said, -0.3)), said)
    assert delays
    assert all(near(one, -0.3) for one in delays)


def test_who_talks_while_we_cannot_be_heard_is_no_echo() -> None:
    said = talk(seed=5, seconds=60)
    silence = np.zeros_like(said)
    assert found(talk(seed=6, seconds=60) + kitchen(3, "tap", silence), said) == []


def test_nothing_is_learnt_while_we_are_silent() -> None:
    assert found(talk(seed=7), np.zeros(SECONDS * SAMPLE_RATE, np.float32)) == []


def test_a_delay_that_changes_is_found_anew() -> None:
    said = np.concatenate([talk(seed=8), talk(seed=9)])
    half = len(said) // 2
    emitted = np.concatenate([later(said[:half], 0.1), later(said[half:], 0.3)])
    delays = found(kitchen(3, None, emitted), said)
    assert near(delays[0], 0.1)
    assert near(delays[-1], 0.3)
