"""What stands out of the room, and what of it is our own echo."""

import numpy as np
import numpy.typing as npt
import pytest

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.hearing.commands.activity import BANDS, VoiceActivity, bands
from voice_coach.hearing.commands.expected_echo import ExpectedEcho
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


def somebody_speaks(seconds: list[float], level_db: float) -> Samples:
    """Return somebody who speaks for a second from each of `seconds` on."""
    person = np.zeros(6 * SAMPLE_RATE, np.float32)
    for start in seconds:
        person[at(start) : at(start + 1)] = hum(1, level_db)
    return person


def standing_out(
    echo: ExpectedEcho, microphone: Samples, playback: Samples
) -> npt.NDArray[np.bool_]:
    activity = VoiceActivity()
    found = []
    for heard, sent in zip(hops(microphone), hops(playback), strict=True):
        level = bands(heard)
        found.append(activity.step(level, echo.excess(level, bands(sent))))
    return np.array(found)


class TestBands:
    def test_a_full_scale_tone_is_at_0_db_in_its_band(self) -> None:
        tone = np.sin(2 * np.pi * 1000 * np.arange(BLOCK) / SAMPLE_RATE).astype(np.float32)
        assert bands(tone).max() == pytest.approx(0.0, abs=2.0)

    def test_silence_and_dc_are_silent(self) -> None:
        assert bands(np.zeros(BLOCK, np.float32)).max() == pytest.approx(-100)
        assert bands(np.full(BLOCK, 0.9, np.float32)).max() < -70


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


class TestEcho:
    def played(
        self,
        coupling_db: float,
        room_db: float = -70,
        besides: Samples | float = 0.0,
        ours: Samples | float = 1.0,
    ) -> tuple[ExpectedEcho, Samples, Samples]:
        """Return one that has heard 6 s of our voice, in a room's noise, and what it heard."""
        echo, playback = ExpectedEcho(), (hum(6, -20) * ours).astype(np.float32)
        delayed = np.concatenate([np.zeros(160, np.float32), playback])[: len(playback)]
        echoed = delayed * 10 ** (coupling_db / 20)
        microphone = (echoed + noise(6, room_db) + besides).astype(np.float32)
        for heard, sent in zip(hops(microphone), hops(playback), strict=True):
            echo.excess(bands(heard), bands(sent))
        return echo, microphone, playback

    # What stands out of a faint echo in its gaps is the room, unless that is fainter yet.
    @pytest.mark.parametrize(("coupling_db", "room_db"), [(-30, -80), (-10, -70), (0, -70)])
    def test_our_echo_does_not_stand_out_once_it_is_known(
        self, coupling_db: float, room_db: float
    ) -> None:
        echo, microphone, playback = self.played(coupling_db, room_db)
        excess = [
            echo.excess(bands(heard), bands(sent))
            for heard, sent in zip(hops(microphone)[50:], hops(playback)[50:], strict=True)
        ]
        assert np.mean(np.array(excess) > 0) < 0.02

    def test_somebody_louder_than_our_echo_stands_out(self) -> None:
        echo, microphone, playback = self.played(-20)
        louder = microphone + np.roll(hum(6, -25), 1000)
        excess = [
            echo.excess(bands(heard), bands(sent))
            for heard, sent in zip(hops(louder)[:50], hops(playback)[:50], strict=True)
        ]
        assert np.mean(np.array(excess) > 0) > 0.2

    def test_a_running_tap_does_not_pass_for_a_loud_echo(self) -> None:
        echo, tap, playback = self.played(-40, room_db=-40)
        assert standing_out(echo, tap, playback)[150:].mean() < 0.02
        person = somebody_speaks([4.5], -25)
        assert standing_out(echo, tap + person, playback)[225:275].mean() > 0.3

    def test_somebody_talking_while_we_are_soft_does_not_pass_for_a_loud_echo(self) -> None:
        ours = np.repeat(np.array([1, 0.1] * 3, np.float32), SAMPLE_RATE)
        person = somebody_speaks([1.0, 3.0, 5.0], -20)
        echo, both, playback = self.played(-30, besides=person, ours=ours)
        assert standing_out(echo, both, playback)[255:295].mean() > 0.3

    def test_before_the_echo_is_known_a_loud_one_is_assumed(self) -> None:
        sent = hops(hum(1, -20))[3]
        assert (ExpectedEcho().excess(bands(sent), bands(sent)) <= 0).all()

    def test_without_playback_everything_is_somebody_elses(self) -> None:
        silent, faint = (bands(noise(0.02, level)) for level in (-200, -50))
        assert (ExpectedEcho().excess(faint, silent) > 0).all()
        assert faint.shape == (BANDS,)


def at(seconds: float) -> int:
    return to_samples(seconds)
