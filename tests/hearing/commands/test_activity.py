"""What stands out of the room."""

import numpy as np
import numpy.typing as npt
import pytest

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.hearing.commands.activity import BANDS, VoiceActivity, bands, in_bands
from voice_coach.samples import Samples


def noise(seconds: float, level_db: float, seed: int = 0) -> Samples:
    rng = np.random.default_rng(seed)
    length = round(seconds * SAMPLE_RATE / BLOCK) * BLOCK
    return (rng.standard_normal(length) * 10 ** (level_db / 20)).astype(np.float32)


def hum(seconds: float, level_db: float) -> Samples:
    """Return a buzz of many harmonics with the rhythm of syllables: four a second."""
    time = np.arange(round(seconds * SAMPLE_RATE / BLOCK) * BLOCK) / SAMPLE_RATE
    tone = sum((np.sin(2 * np.pi * 150 * k * time) / k for k in range(1, 40)), 0 * time)
    syllables = np.clip(np.sin(2 * np.pi * 4 * time), 0, None)
    sound = tone * syllables
    hummed: Samples = (sound / np.std(sound) * 10 ** (level_db / 20)).astype(np.float32)
    return hummed


def hops(sound: Samples) -> list[Samples]:
    return [sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK)]


def voiced(sound: Samples) -> npt.NDArray[np.bool_]:
    activity = VoiceActivity()
    return np.array([activity.step(bands(hop)) for hop in hops(sound)])


class TestBands:
    def test_a_full_scale_tone_is_at_0_db_in_its_band(self) -> None:
        tone = np.sin(2 * np.pi * 1000 * np.arange(BLOCK) / SAMPLE_RATE).astype(np.float32)
        assert bands(tone).max() == pytest.approx(0.0, abs=2.0)

    def test_silence_and_dc_are_silent(self) -> None:
        assert bands(np.zeros(BLOCK, np.float32)).max() == pytest.approx(-100)
        assert bands(np.full(BLOCK, 0.9, np.float32)).max() < -70

    def test_the_power_of_a_hop_tells_its_bands_as_well(self) -> None:
        sound = hops(noise(2, -30))
        silence = np.zeros(BLOCK, np.float32)
        powers = [np.abs(np.fft.rfft(np.concatenate([silence, hop]))) ** 2 for hop in sound]
        told = np.mean([in_bands(power.astype(np.float32)) for power in powers], axis=0)
        assert told == pytest.approx(np.mean([bands(hop) for hop in sound], axis=0), abs=1.0)


class TestVoiceActivity:
    def test_silence_holds_no_voice(self) -> None:
        assert not voiced(np.zeros(2 * SAMPLE_RATE, np.float32)).any()

    @pytest.mark.parametrize("level_db", [-60, -40, -20])
    def test_steady_noise_becomes_the_room_within_three_seconds(self, level_db: float) -> None:
        assert voiced(noise(13, level_db))[3 * 50 :].mean() < 0.01

    @pytest.mark.parametrize("snr_db", [5, 10, 20])
    def test_a_voice_stands_out_of_steady_noise(self, snr_db: float) -> None:
        sound = noise(6, -40)
        sound[4 * SAMPLE_RATE : 5 * SAMPLE_RATE] += hum(1, -40 + snr_db)
        found = voiced(sound)
        assert found[200:250].mean() > 0.3
        assert not found[160:198].any()

    def test_a_voice_at_the_very_beginning_is_noticed(self) -> None:
        assert voiced(hum(1, -40))[:25].any()

    def test_our_own_echo_does_not_stand_out(self) -> None:
        activity = VoiceActivity()
        loud = [bands(hop) for hop in hops(hum(1, -20))]
        assert not any(activity.step(level, level - level) for level in loud)

    def test_in_a_noisy_room_our_voice_is_not_somebody_elses_from_the_beginning_on(self) -> None:
        activity = VoiceActivity()
        besides = np.full(BANDS, 20.0)
        found = [activity.step(bands(hop), besides) for hop in hops(noise(3, -30))]
        assert not any(found[10:])
