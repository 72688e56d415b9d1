"""Shaping: whatever comes in, what goes out is trimmed, levelled and free of rumble."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking.shaping import HEADROOM, HIGH_PASS, LOUDNESS, shape_speech, shape_tone

Energy = Callable[[Samples, float, float], float]


def buzz(seconds: float, rate: int = SAMPLE_RATE, pitch: float = 110.0) -> Samples:
    """A voice of sorts: harmonics of a low pitch, swelling and fading four times a second."""
    t = np.arange(round(seconds * rate)) / rate
    harmonics = [k for k in range(1, 30) if k * pitch < rate / 2]
    wave = sum(np.sin(2 * np.pi * k * pitch * t + k * k) / k for k in harmonics)
    return (0.1 * wave * (0.6 - 0.4 * np.cos(2 * np.pi * 4 * t))).astype(np.float32)


def loudness(sound: Samples) -> float:
    return 10 * float(np.log10(np.mean(sound**2)))


@settings(max_examples=20, deadline=None)
@given(
    lead=st.floats(0, 1),
    trail=st.floats(0, 1),
    gain=st.floats(0.01, 3),
    rate=st.sampled_from([8000, 16000, 22050, 44100, 48000]),
)
def test_speech_comes_out_the_same_however_it_was_recorded(
    lead: float, trail: float, gain: float, rate: int
) -> None:
    rng = np.random.default_rng(0)
    sound = np.pad(buzz(1.0, rate), (round(lead * rate), round(trail * rate))) * gain
    hiss = rng.standard_normal(len(sound)) * 1e-4 * gain
    shaped = shape_speech((sound + hiss).astype(np.float32), rate).samples
    assert 0.95 < len(shaped) / SAMPLE_RATE < 1.06
    assert loudness(shaped) == pytest.approx(LOUDNESS, abs=3)
    assert np.abs(shaped).max() <= HEADROOM
    assert abs(shaped[0]) < 0.01
    assert abs(shaped[-1]) < 0.01


def test_nothing_is_left_where_thumps_are_heard(energy: Energy) -> None:
    sound = buzz(1.0)
    assert energy(sound, 0, 250) > 0.3
    assert energy(shape_speech(sound, SAMPLE_RATE).samples, 0, 250) < 1e-5
    assert energy(shape_tone(sound, SAMPLE_RATE), 0, 250) < 1e-4


@pytest.mark.parametrize("length", [1, 2, 999, 16_000, 50_021])
def test_the_high_pass_is_the_butterworth_filter_passed_forwards_and_backwards(length: int) -> None:
    sound = np.random.default_rng(length).uniform(-1, 1, length).astype(np.float32)
    # Silence on either side, long enough for the filter to ring out.
    pad = SAMPLE_RATE // 20
    sections = signal.butter(8, HIGH_PASS, "highpass", fs=SAMPLE_RATE, output="sos")
    padded = np.pad(sound.astype(np.float64), pad)
    wanted = signal.sosfiltfilt(sections, padded, padtype=None)[pad : pad + length]
    np.testing.assert_allclose(shape_tone(0.2 * sound, SAMPLE_RATE), 0.2 * wanted, atol=1e-7)


def test_resampling_makes_no_tone_that_was_not_there() -> None:
    t = np.arange(22050) / 22050
    speech = 0.1 * np.sin(2 * np.pi * 1000 * t)
    whistle = 0.1 * np.sin(2 * np.pi * 9500 * t)
    shaped = shape_tone((speech + whistle).astype(np.float32), 22050)
    power = np.abs(np.fft.rfft(shaped * np.hanning(len(shaped)))) ** 2
    frequency = np.fft.rfftfreq(len(shaped), 1 / SAMPLE_RATE)
    alias = power[np.abs(frequency - 6500) < 50].max()
    assert alias < 1e-6 * power.max()


@pytest.mark.parametrize("length", [0, 1, 160, 16000])
def test_silence_comes_out_empty(length: int) -> None:
    assert len(shape_speech(np.zeros(length, dtype=np.float32), SAMPLE_RATE).samples) == 0


@pytest.mark.parametrize("length", [1, 5, 160, 320, 700])
def test_the_shortest_click_is_no_reason_to_fail(length: int) -> None:
    click = np.full(length, 0.5, dtype=np.float32)
    assert np.abs(shape_speech(click, SAMPLE_RATE).samples).max(initial=0) <= HEADROOM


def test_a_tone_keeps_its_time_and_its_level() -> None:
    t = np.arange(1600) / SAMPLE_RATE
    tone = (0.2 * np.hanning(1600) * np.sin(2 * np.pi * 800 * t)).astype(np.float32)
    shaped = shape_tone(np.pad(tone, (500, 0)), SAMPLE_RATE)
    assert len(shaped) == 2100
    np.testing.assert_allclose(shaped[500:], tone, atol=0.002)


def test_a_tone_too_loud_for_the_mixer_is_brought_down_whole() -> None:
    t = np.arange(1600) / SAMPLE_RATE
    shaped = shape_tone(np.sin(2 * np.pi * 800 * t).astype(np.float32), SAMPLE_RATE)
    assert np.abs(shaped).max() == pytest.approx(HEADROOM)
