"""The mixer: to the sample, whatever the blocks; silent when it must be; cheap."""

import threading
import time
import tracemalloc
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import Mixer
from voice_coach.speaking.mixer import LEAD

RNG = np.random.default_rng(0)
NOISE: Samples = RNG.uniform(-0.15, 0.15, 4000).astype(np.float32)

placements = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 1500), st.floats(-12, 3)), max_size=6
)
cuts = st.lists(st.integers(1, 700), min_size=1, max_size=12)


def play(mixer: Mixer, blocks: Iterable[int], start: int = 0) -> Samples:
    """Render blocks of these lengths one after the other."""
    parts = []
    for length in blocks:
        out = np.full(length, np.nan, dtype=np.float32)
        mixer.render(start, out)
        start += length
        parts.append(out)
    return np.concatenate(parts)


def fill(cut: Sequence[int], total: int) -> list[int]:
    """Return lengths that repeat those of `cut` until there are `total` samples."""
    lengths: list[int] = []
    while (left := total - sum(lengths)) > 0:
        lengths.append(min(cut[len(lengths) % len(cut)], left))
    return lengths


def decibels(ratio: float) -> float:
    return 20 * float(np.log10(ratio))


def test_nothing_placed_is_silence() -> None:
    assert not play(Mixer(), [BLOCK, 1, 5000]).any()


@settings(deadline=None)
@given(placed=placements)
def test_the_stream_is_the_sum_of_what_was_placed(
    placed: list[tuple[int, int, float]],
) -> None:
    mixer = Mixer()
    expected = np.zeros(6000)
    for at, length, gain_db in placed:
        clip = NOISE[:length] / np.float32(len(placed))
        assert mixer.place(clip, at, gain_db=gain_db) == (at, at + length)
        expected[at : at + length] += clip * 10 ** (gain_db / 20)
    np.testing.assert_allclose(play(mixer, fill([BLOCK], 6000)), expected, atol=1e-6)


@settings(deadline=None)
@given(placed=placements, cut=cuts, volume=st.floats(-20, 20), ducked=st.booleans())
def test_the_stream_does_not_depend_on_how_it_is_cut(
    placed: list[tuple[int, int, float]], cut: list[int], volume: float, ducked: bool
) -> None:
    def stream(first: list[int], second: list[int]) -> Samples:
        mixer = Mixer()
        mixer.set_volume(volume)
        for at, length, gain_db in placed:
            mixer.place(NOISE[:length] * 4, at, gain_db=gain_db)
        before = play(mixer, first)
        mixer.duck(ducked)
        mixer.hush()
        mixer.place(NOISE, 2200)
        return np.concatenate([before, play(mixer, second, start=len(before))])

    whole = stream([2000], [4000])
    pieces = stream(fill(cut, 2000), fill(cut[::-1], 4000))
    np.testing.assert_array_equal(whole, pieces)


@settings(deadline=None)
@given(placed=placements, volume=st.floats(-20, 30))
def test_the_stream_never_exceeds_full_scale(
    placed: list[tuple[int, int, float]], volume: float
) -> None:
    mixer = Mixer()
    mixer.set_volume(volume)
    for at, length, gain_db in placed:
        mixer.place(NOISE[:length] * 6, at, gain_db=gain_db)
    assert np.abs(play(mixer, fill([BLOCK], 6000))).max() < 1.0


def test_the_limiter_bends_without_a_corner() -> None:
    mixer = Mixer()
    rising = np.linspace(0, 3, 3000, dtype=np.float32)
    mixer.place(rising, 0)
    bent = play(mixer, [3000])
    np.testing.assert_array_equal(bent[rising <= 0.8], rising[rising <= 0.8])
    slope = np.diff(bent) / np.diff(rising)
    assert slope.min() > 0
    assert np.abs(np.diff(slope)).max() < 0.02


@settings(deadline=None)
@given(late=st.integers(1, 5000))
def test_a_clip_that_comes_late_begins_a_lead_after_the_horizon(late: int) -> None:
    mixer = Mixer()
    play(mixer, [6000])
    assert mixer.horizon == 6000
    start, end = mixer.place(NOISE[:100], 6000 - late)
    assert (start, end) == (6000 + LEAD, 6100 + LEAD)
    rendered = play(mixer, fill([BLOCK], 2000), start=6000)
    np.testing.assert_array_equal(rendered[LEAD : LEAD + 100], NOISE[:100])
    assert not rendered[:LEAD].any()


@settings(deadline=None)
@given(
    jumps=st.lists(st.integers(-5, 5), min_size=10, max_size=10),
    cut=st.lists(st.integers(20, 700), min_size=1, max_size=12),
)
def test_a_clip_that_has_begun_plays_on_when_the_position_jumps(
    jumps: list[int], cut: list[int]
) -> None:
    mixer = Mixer()
    mixer.place(NOISE, 0)
    position, parts = 0, []
    for index, length in enumerate(fill(cut, 4000)):
        parts.append(play(mixer, [length], start=position))
        assert mixer.horizon == position + length
        position += length + jumps[index % len(jumps)]
    np.testing.assert_array_equal(np.concatenate(parts), NOISE)


def test_a_clip_that_has_not_begun_begins_where_the_position_says() -> None:
    mixer = Mixer()
    mixer.place(NOISE[:50], 1000)
    assert not play(mixer, [BLOCK]).any()
    later = play(mixer, [BLOCK], start=900)
    np.testing.assert_array_equal(later[100:150], NOISE[:50])


def test_a_clip_whose_beginning_was_jumped_over_is_not_lost() -> None:
    mixer = Mixer()
    mixer.place(NOISE[:50], 325)
    play(mixer, [BLOCK])
    np.testing.assert_array_equal(play(mixer, [BLOCK], start=330)[:50], NOISE[:50])


@settings(deadline=None)
@given(
    placed=placements,
    cut=st.lists(st.integers(1, BLOCK), min_size=1, max_size=5),
    at=st.integers(0, 2500),
)
def test_a_hush_is_silence_within_fifty_milliseconds(
    placed: list[tuple[int, int, float]], cut: list[int], at: int
) -> None:
    mixer = Mixer()
    for start, length, gain_db in placed:
        mixer.place(NOISE[:length], start, gain_db=gain_db)
    before = play(mixer, fill(cut, at)) if at else np.zeros(0)
    mixer.hush()
    after = play(mixer, fill(cut, 4000), start=len(before))
    # What is not rendered yet is all that can be hushed: a block more may be on its way out.
    assert not after[round(0.050 * SAMPLE_RATE) - BLOCK :].any()


@settings(deadline=None)
@given(at=st.integers(0, 3000))
def test_what_is_placed_after_a_hush_is_heard_whole(at: int) -> None:
    mixer = Mixer()
    mixer.place(NOISE, 0)
    mixer.place(NOISE, 900)
    play(mixer, [BLOCK])
    mixer.hush()
    start, end = mixer.place(NOISE[:500], 1000 + at)
    rest = play(mixer, fill([BLOCK], 5000), start=BLOCK)
    np.testing.assert_array_equal(rest[start - BLOCK : end - BLOCK], NOISE[:500])


def test_a_hush_fades_and_does_not_click() -> None:
    mixer = Mixer()
    mixer.place(np.full(4000, 0.5, dtype=np.float32), 0)
    play(mixer, [BLOCK])
    mixer.hush()
    assert np.abs(np.diff(play(mixer, [1000], start=BLOCK), prepend=0.5)).max() < 0.004


def test_a_second_hush_does_not_begin_the_fade_again() -> None:
    mixer = Mixer()
    mixer.place(np.full(4000, 0.5, dtype=np.float32), 0)
    play(mixer, [BLOCK])
    mixer.hush()
    play(mixer, [200], start=BLOCK)
    mixer.hush()
    fading = play(mixer, [1000], start=BLOCK + 200)
    assert fading[0] < 0.25
    assert not fading[120:].any()


def test_ducking_goes_down_by_eighteen_decibels_and_comes_back() -> None:
    mixer = Mixer()
    mixer.place(np.full(SAMPLE_RATE, 0.5, dtype=np.float32), 0)
    play(mixer, [BLOCK])
    mixer.duck(True)
    down = play(mixer, [3200], start=BLOCK)
    mixer.duck(False)
    up = play(mixer, [3200], start=BLOCK + 3200)
    assert decibels(down[-1] / 0.5) == pytest.approx(-18, abs=0.01)
    assert up[-1] == pytest.approx(0.5)
    assert np.argmax(down <= down[-1] * 1.001) < 0.05 * SAMPLE_RATE
    assert np.abs(np.diff(np.concatenate([[0.5], down, up]))).max() < 0.003


@settings(deadline=None)
@given(changes=st.lists(st.tuples(st.floats(-30, 0), st.integers(1, 500)), min_size=1, max_size=8))
def test_the_volume_moves_without_a_step(changes: list[tuple[float, int]]) -> None:
    mixer = Mixer()
    mixer.place(np.full(SAMPLE_RATE, 0.5, dtype=np.float32), 0)
    parts = [play(mixer, [BLOCK])]
    position = BLOCK
    for db, length in changes:
        mixer.set_volume(db)
        parts.append(play(mixer, [length], start=position))
        position += length
    parts.append(play(mixer, [2000], start=position))
    stream = np.concatenate(parts)
    assert np.abs(np.diff(stream)).max() < 0.002
    assert decibels(stream[-1] / 0.5) == pytest.approx(changes[-1][0], abs=0.01)


def test_two_clips_of_the_voice_do_not_reach_the_limiter() -> None:
    mixer = Mixer()
    for _ in range(2):
        mixer.place(np.full(1000, 0.39, dtype=np.float32), 0)
    np.testing.assert_allclose(play(mixer, [1000]), 0.78, atol=1e-6)


@pytest.mark.uncounted  # what counts lines allocates
def test_rendering_allocates_nothing() -> None:
    block = 1024
    mixer = Mixer()
    out = np.zeros(block, dtype=np.float32)
    mixer.render(0, out)
    for at in (1500, 1700, 3200, 8000, 10000):
        mixer.place(NOISE * 5, at)
    mixer.set_volume(9)
    mixer.duck(True)
    tracemalloc.start()
    try:
        mixer.render(block, out)
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for number in range(2, 40):
            mixer.render(number * block, out)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Python's own numbers and views come and go; a single array of the block would show.
    assert after - before < 200
    assert peak - before < out.nbytes / 2


@settings(max_examples=5, deadline=None)
@given(clips=st.integers(0, 8))
def test_rendering_takes_less_than_a_tenth_of_the_block(clips: int) -> None:
    mixer = Mixer()
    long = np.tile(NOISE, 50)
    for _ in range(clips):
        mixer.place(long, 0, gain_db=6)
    out = np.zeros(BLOCK, dtype=np.float32)
    taken = []
    for block in range(300):
        mixer.duck(block % 3 == 0)
        begin = time.thread_time()
        mixer.render(block * BLOCK, out)
        taken.append(time.thread_time() - begin)
    assert np.median(taken) < 0.1 * BLOCK / SAMPLE_RATE


def test_two_threads_lose_nothing() -> None:
    mixer = Mixer()
    out = np.zeros(BLOCK, dtype=np.float32)
    total, stop = [0.0], threading.Event()

    def callback() -> None:
        position = 0
        while not stop.is_set() or position < end[0] + BLOCK:
            mixer.render(position, out)
            total[0] += float(out.sum())
            position += BLOCK

    end = [0]
    click = np.full(10, 1e-4, dtype=np.float32)
    thread = threading.Thread(target=callback)
    thread.start()
    for _ in range(2000):
        end[0] = max(end[0], mixer.place(click, mixer.horizon + LEAD)[1])
    stop.set()
    thread.join()
    assert total[0] == pytest.approx(2000 * 1e-3, rel=1e-3)
