"""“Why does it not hear me?”: what a look at the microphone and the loudspeaker finds."""

import numpy as np
import pytest

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.samples import Samples
from voice_coach.sound.checkup import AFTER, ROOM, TONE, examine, tone
from voice_coach.sound.floor import Floor

LENGTH = to_samples(ROOM + TONE + AFTER)


def room(level_db: float = -60.0, seed: int = 0) -> Samples:
    noise = np.random.default_rng(seed).normal(size=LENGTH)
    return (10 ** (level_db / 20) * noise).astype(np.float32)


def with_tone(sound: Samples, gain: float = 0.3, late: float = 0.01) -> Samples:
    begin = to_samples(ROOM + late)
    heard = sound.copy()
    heard[begin : begin + len(tone())] += np.float32(gain) * tone()
    return heard


def sine(hertz: float, level_db: float) -> Samples:
    t = np.arange(LENGTH) / SAMPLE_RATE
    sound: Samples = 10 ** (level_db / 20) * np.sqrt(2) * np.sin(2 * np.pi * hertz * t)
    return sound.astype(np.float32)


@pytest.mark.parametrize("level_db", [-78.0, -60.0, -42.0])
@pytest.mark.parametrize("gain", [0.1, 1.0])
def test_where_all_is_well_there_is_nothing_to_do(level_db: float, gain: float) -> None:
    found = examine(with_tone(room(level_db), gain))
    assert found.advice == ()
    assert found.room_db == pytest.approx(level_db, abs=0.5)
    assert found.late == pytest.approx(0.01, abs=0.001)
    assert found.tone_db == pytest.approx(-14 + 20 * np.log10(gain), abs=1.5)


def test_a_muted_microphone() -> None:
    found = examine(np.zeros(LENGTH, np.float32))
    assert "hears nothing at all" in found.advice[0]


def test_a_stream_that_was_moved_to_the_monitor() -> None:
    heard, floor = with_tone(np.zeros(LENGTH, np.float32), 1.0, 0.0), Floor()
    for begin in range(0, LENGTH, BLOCK):
        floor.fill(heard[begin : begin + BLOCK])
    assert "own monitor" in examine(heard).advice[0]


def test_a_loudspeaker_that_is_off() -> None:
    found = examine(room())
    assert found.late is None
    assert "not heard" in found.advice[0]


def test_the_tone_is_found_in_a_noisy_kitchen() -> None:
    assert examine(with_tone(room(-40), 0.15)).late is not None


def test_an_overloaded_microphone() -> None:
    found = examine(np.clip(with_tone(room(), 6.0), -1, 1))
    assert any("overloaded" in sentence for sentence in found.advice)


@pytest.mark.parametrize("mains", [50.0, 60.0])
@pytest.mark.parametrize("harmonic", [1, 2])
def test_the_mains_hum(mains: float, harmonic: int) -> None:
    found = examine(with_tone(room() + sine(mains * harmonic, -48)))
    assert found.hum_hz == mains or mains * harmonic == 120.0
    assert any("hum" in sentence for sentence in found.advice)


def test_a_room_without_hum_has_none() -> None:
    for seed in range(20):
        assert examine(with_tone(room(-50, seed))).hum_hz is None


def test_automatic_gain() -> None:
    heard = with_tone(room(-55))
    heard[to_samples(ROOM + TONE + 0.1) :] *= np.float32(0.3)
    assert any("automatic gain" in sentence for sentence in examine(heard).advice)


def test_a_loud_room() -> None:
    assert any("room is loud" in sentence for sentence in examine(with_tone(room(-30), 1.0)).advice)


def test_a_microphone_that_filters_what_is_no_speech() -> None:
    assert any("suppression" in sentence for sentence in examine(with_tone(room(-95))).advice)
