"""What the ear is given to hear while we speak, and what in it is somebody else's voice."""

import numpy as np
import numpy.typing as npt
import pytest

from tests.hearing.commands.our_voice import RMS, in_room, voice
from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.hearing.commands.front_end import FrontEnd
from voice_coach.samples import Samples

SECONDS = 10
HOPS = SAMPLE_RATE // BLOCK


def noise(seconds: float, level_db: float) -> Samples:
    rng = np.random.default_rng(4)
    length = int(seconds * SAMPLE_RATE)
    return (rng.standard_normal(length) * 10 ** (level_db / 20)).astype(np.float32)


def gain(db: float) -> np.float32:
    return np.float32(10 ** (db / 20))


def voiced(microphone: Samples, playback: Samples) -> npt.NDArray[np.bool_]:
    """Return in which hops a voice stands out."""
    front = FrontEnd()
    starts = range(0, len(microphone) - BLOCK + 1, BLOCK)
    blocks = [slice(at, at + BLOCK) for at in starts]
    return np.array([front.hop(microphone[block], playback[block])[1] for block in blocks])


def somebody_speaks(*seconds: float) -> Samples:
    """Return somebody who speaks for a second from each of `seconds` on, as loud as our echo."""
    person = np.zeros(SECONDS * SAMPLE_RATE, np.float32)
    words = max(voice(SECONDS, 2).reshape(SECONDS, SAMPLE_RATE), key=np.std)
    for start in seconds:
        at = int(start * SAMPLE_RATE)
        person[at : at + SAMPLE_RATE] = words
    return person


def share(found: npt.NDArray[np.bool_], person: Samples, second: float) -> float:
    """Return the share of the second's hops that stand out, of those that hold the `person`."""
    levels = np.std(person.reshape(-1, BLOCK), axis=1)
    hops = slice(int(second * HOPS), int((second + 1) * HOPS))
    return float(found[hops][levels[hops] > 0.3 * levels.max()].mean())


@pytest.mark.parametrize("reverberation", [0.2, 0.4, 0.7])
@pytest.mark.parametrize("coupling_db", [-20, 0, 6])
def test_our_own_voice_does_not_stand_out_from_the_first_second_on(
    reverberation: float, coupling_db: float
) -> None:
    playback = voice(SECONDS, 1)
    echo = in_room(playback, reverberation) * gain(coupling_db)
    assert voiced(echo + noise(SECONDS, -65), playback).mean() < 0.03


def test_nor_does_its_reverberation_when_we_fall_silent() -> None:
    playback = np.concatenate([voice(SECONDS - 2, 1), np.zeros(2 * SAMPLE_RATE, np.float32)])
    echo = in_room(playback, 0.8)
    found = voiced(echo + noise(SECONDS, -65), playback)
    assert not found[-2 * HOPS :].any()


def test_nor_what_a_small_loudspeaker_makes_of_it() -> None:
    playback = voice(SECONDS, 1)
    distorted = (np.tanh(playback / RMS) * RMS).astype(np.float32)
    found = voiced(in_room(distorted, 0.3) + noise(SECONDS, -65), playback)
    assert found[2 * HOPS :].mean() < 0.05


@pytest.mark.parametrize("coupling_db", [-10, 0, 6])
def test_somebody_who_talks_over_us_stands_out_from_the_third_second_on(coupling_db: float) -> None:
    playback = voice(SECONDS, 1)
    echo, person = in_room(playback, 0.4) * gain(coupling_db), somebody_speaks(2, 5, 8)
    found = voiced(echo + person + noise(SECONDS, -65), playback)
    assert min(share(found, person, second) for second in (2, 5, 8)) > 0.3


def test_a_running_tap_hides_our_echo_and_not_somebody_else() -> None:
    playback = voice(SECONDS, 1)
    tap = in_room(playback, 0.4) * gain(-20) + noise(SECONDS, -40)
    assert voiced(tap, playback).mean() < 0.03
    person = somebody_speaks(6)
    assert share(voiced(tap + person, playback), person, 6) > 0.5


def test_what_somebody_says_again_and_again_is_not_taken_for_a_loud_echo() -> None:
    playback = voice(SECONDS, 1)
    echo, person = in_room(playback, 0.4) * gain(-10), somebody_speaks(2, 3.5, 5, 6.5, 8)
    found = voiced(echo + person + noise(SECONDS, -65), playback)
    assert share(found, person, 8) > 0.5


def test_while_we_are_silent_every_sound_is_heard_as_it_is() -> None:
    front, sound = FrontEnd(), somebody_speaks(0)
    silence = np.zeros(BLOCK, np.float32)
    for at in range(0, SAMPLE_RATE, BLOCK):
        rest, _ = front.hop(sound[at : at + BLOCK], silence)
        assert np.array_equal(rest, sound[at : at + BLOCK])
