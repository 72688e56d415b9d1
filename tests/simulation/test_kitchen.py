"""The simulated kitchen: seeded, block by block, with levels that mean what they say."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.simulation import FLOORS, FOOTWEAR, NOISE_KINDS, Kitchen, Noise


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def level_db(sound: Samples) -> float:
    return float(10 * np.log10(np.mean(np.asarray(sound, float) ** 2) + 1e-12))


def make(*noises: Noise, seed: int = 1, **options: object) -> Kitchen:
    return Kitchen(floor="wood", footwear="shoe", noises=noises, seed=seed, **options)  # type: ignore[arg-type]


def busy(automatic_gain: bool) -> Kitchen:
    everything = [Noise(kind, start=300) for kind in NOISE_KINDS]
    kitchen = make(*everything, automatic_gain=automatic_gain)
    kitchen.strike(5_000)
    kitchen.speak(2_000, np.random.default_rng(0).normal(0, 0.1, 4_000).astype(np.float32))
    return kitchen


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 3_000), max_size=8), st.booleans())
def test_the_samples_do_not_depend_on_the_block_lengths(cuts: list[int], gain: bool) -> None:
    speaker = np.random.default_rng(2).normal(0, 0.05, 16_000).astype(np.float32)
    whole = busy(gain).microphone(speaker)
    kitchen = busy(gain)
    edges = [0, *np.minimum(np.cumsum(cuts), 16_000).tolist(), 16_000]
    pieces = [kitchen.microphone(speaker[a:b]) for a, b in itertools.pairwise(edges)]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_one_seed_is_one_kitchen() -> None:
    def heard(seed: int) -> Samples:
        kitchen = make(Noise("tap"), seed=seed)
        kitchen.strike(4_000)
        return kitchen.microphone(silence(1))

    np.testing.assert_array_equal(heard(3), heard(3))
    assert not np.array_equal(heard(3), heard(4))


def test_it_delivers_sixteen_bit_samples_within_full_scale() -> None:
    kitchen = make(gain_db=60.0)
    kitchen.strike(2_000)
    sound = kitchen.microphone(silence(0.5))
    assert sound.dtype == np.float32
    assert sound.min() == -1.0
    assert sound.max() <= 1.0
    np.testing.assert_array_equal(sound * 32768, np.round(sound * 32768))


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("footwear", FOOTWEAR)
def test_a_drop_on_any_floor_stands_out_of_a_quiet_kitchen(floor: str, footwear: str) -> None:
    kitchen = Kitchen(floor=floor, footwear=footwear, seed=5)
    kitchen.strike(8_000)
    sound = kitchen.microphone(silence(1))
    assert np.abs(sound[8_000:12_000]).max() > 5 * np.abs(sound[1_000:8_000]).max()


def test_a_drop_arrives_after_the_travel_time_of_its_sound() -> None:
    near, far = (make(distance_m=metres) for metres in (1.0, 2.0))
    travel = [kitchen.strike(8_000) - 8_000 for kitchen in (near, far)]
    assert travel == pytest.approx([47, 93], abs=1)
    for kitchen, late in zip((near, far), travel, strict=True):
        sound = np.abs(kitchen.microphone(silence(1)))
        arrival = 8_000 + round(late)
        assert sound[: arrival - 1].max() < 0.01 < sound[arrival : arrival + 800].max()


def test_a_soft_landing_is_fainter_and_duller() -> None:
    def landing(effort: float) -> Samples:
        kitchen = Kitchen(floor="tile", footwear="shoe", seed=1)
        kitchen.strike(8_000, effort)
        return kitchen.microphone(silence(1))[8_000:10_000]

    good, soft = landing(1.0), landing(0.42)
    fainter = level_db(good) - level_db(soft)
    assert 6 < fainter < 11
    assert level_db(np.diff(good)) - level_db(np.diff(soft)) > fainter


@pytest.mark.parametrize("kind", ["tap", "talk", "music", "fridge"])
def test_a_steady_noise_has_the_level_asked_for(kind: str) -> None:
    sound = make(Noise(kind, 70.0)).microphone(silence(8))
    assert level_db(sound) == pytest.approx(70 - 100, abs=4.5)


@pytest.mark.parametrize("kind", ["dishes", "cupboard", "steps"])
def test_the_events_of_a_noise_peak_near_the_level_asked_for(kind: str) -> None:
    sound = make(Noise(kind, 80.0), seed=2).microphone(silence(20))
    assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(80 - 100, abs=7)


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_a_noise_sounds_between_its_times_only(kind: str) -> None:
    sound = make(Noise(kind, 85.0, start=16_000, end=256_000)).microphone(silence(17))
    quiet = level_db(make().microphone(silence(1)))
    assert level_db(sound[:16_000]) == pytest.approx(quiet, abs=1)
    assert level_db(sound[256_000 + 8_000 :]) == pytest.approx(quiet, abs=1)
    assert level_db(sound[16_000:256_000]) > quiet + 10


def test_the_loudspeaker_comes_back_late_and_at_its_level() -> None:
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    tone = (0.1 * np.sin(2 * np.pi * 1_000 * time)).astype(np.float32)
    heard = make(echo_db=-10.0).microphone(tone)
    assert level_db(heard[:350]) < -55
    assert level_db(heard[4_000:]) == pytest.approx(level_db(tone) - 10, abs=4)
    assert level_db(make(echo_db=-np.inf).microphone(tone)) < -55


def test_a_voice_has_the_level_asked_for() -> None:
    kitchen = make()
    voice = np.random.default_rng(0).normal(0, 0.02, SAMPLE_RATE).astype(np.float32)
    kitchen.speak(SAMPLE_RATE, voice, level_db=66.0)
    sound = kitchen.microphone(silence(3))
    assert level_db(sound[: SAMPLE_RATE - 1]) < -55
    assert level_db(sound[18_000:30_000]) == pytest.approx(66 - 100, abs=3)


def test_automatic_gain_lifts_a_quiet_room() -> None:
    plain, lifted = (
        level_db(make(automatic_gain=on).microphone(silence(8))[-BLOCK * 10 :])
        for on in (False, True)
    )
    assert lifted > plain + 8


@pytest.mark.parametrize(
    "wrong", [{"floor": "lava"}, {"footwear": "skates"}, {"noises": [Noise("dragon")]}]
)
def test_unknown_names_are_told_in_one_sentence(wrong: dict[str, object]) -> None:
    options = {"floor": "wood", "footwear": "bare", "seed": 1, **wrong}
    with pytest.raises(UserError, match="choose one of"):
        Kitchen(**options)  # type: ignore[arg-type]


def test_nothing_asked_for_is_nothing_heard() -> None:
    assert len(make().microphone(silence(0))) == 0
