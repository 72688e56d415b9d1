"""The thump detector: every drop once, where and when it was, and nothing else."""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hearing.heels.home import Sound, counted, expect, listen, live
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.heels import HeelTemplate, Landing, Rejection, ThumpDetector
from voice_coach.hearing.heels.features import NAMES
from voice_coach.samples import Samples
from voice_coach.simulation import Noise

DROPS = tuple((3.3 + 2.0 * i, 1.0) for i in range(4))
WINDOWS = [(3.0 + 2.0 * i, 3.9 + 2.0 * i) for i in range(4)]


def places(sound: Sound, heard: list[Landing]) -> list[int]:
    """Return which arrival each thump belongs to (within 50 ms); -1 when to none."""
    found = []
    for thump in heard:
        near = [i for i, at in enumerate(sound.arrivals) if abs(thump.impact - at) <= 800]
        found.append(near[0] if near else -1)
    return found


@pytest.mark.parametrize(
    ("floor", "footwear"),
    [
        ("wood", "shoe"),
        ("wood", "bare"),
        ("laminate", "slipper"),
        ("tile", "shoe"),
        ("vinyl", "sock"),
    ],
)
def test_each_drop_is_heard_once_at_its_place(floor: str, footwear: str) -> None:
    sound = live(DROPS, floor=floor, footwear=footwear)
    assert places(sound, listen(sound, WINDOWS)) == [0, 1, 2, 3]


def test_it_is_decided_within_a_tenth_of_a_second() -> None:
    sound = live(DROPS)
    for thump, arrival in zip(listen(sound, WINDOWS), sound.arrivals, strict=True):
        assert arrival < thump.decided <= arrival + to_samples(0.1)


SOFT = tuple((at, 10 ** (db / 20)) for (at, _), db in zip(DROPS, (-8, -10, -12, -11), strict=True))


@pytest.mark.parametrize(
    ("floor", "footwear"), [("wood", "shoe"), ("laminate", "sock"), ("tile", "shoe")]
)
def test_soft_landings_are_heard_in_a_quiet_kitchen_and_told_soon(
    floor: str, footwear: str
) -> None:
    sound = live(SOFT, floor=floor, footwear=footwear, seed=5)
    heard = listen(sound, WINDOWS)
    assert places(sound, heard) == [0, 1, 2, 3]
    assert all(thump.level_db < -3.0 for thump in heard)
    assert all(
        thump.decided <= at + to_samples(0.27)
        for thump, at in zip(heard, sound.arrivals, strict=True)
    )


def test_without_windows_thumps_are_heard_wherever_they_are() -> None:
    sound = live(DROPS)
    assert places(sound, listen(sound)) == [0, 1, 2, 3]


def test_outside_the_windows_nothing_counts() -> None:
    sound = live(DROPS)
    assert places(sound, listen(sound, [(3.0, 3.9), (7.0, 7.9)])) == [0, 2]


def test_a_window_without_a_drop_stays_empty() -> None:
    sound = live(DROPS)
    assert listen(sound, [(4.0, 4.9), (6.0, 6.9)]) == []


def test_two_drops_in_one_window_are_one_repetition() -> None:
    sound = live(((3.3, 1.0), (3.75, 1.0)))
    assert places(sound, listen(sound, [(3.0, 4.2)])) == [0]


def test_two_heels_and_a_bounce_are_one_repetition_without_windows() -> None:
    for seed in range(6):
        sound = live(((3.3, 1.0), (5.3, 1.0)), seconds=7.0, seed=seed)
        assert places(sound, listen(sound)) == [0, 1]


def test_a_drop_on_one_leg_is_a_repetition() -> None:
    sound = live(DROPS, heels=1)
    assert places(sound, listen(sound, WINDOWS)) == [0, 1, 2, 3]
    assert places(sound, listen(sound)) == [0, 1, 2, 3]


@pytest.mark.parametrize("apart", [0.02, 0.04, 0.06])
def test_two_heels_up_to_60_ms_apart_are_one_repetition(apart: float) -> None:
    sound = live(((3.3, 1.0), (3.3 + apart, 0.8), (5.3, 1.0), (5.3 + apart, 0.8)), heels=1)
    for heard in (listen(sound, WINDOWS[:2]), listen(sound)):
        assert [round(thump.impact / SAMPLE_RATE, 1) for thump in heard] in ([3.3, 5.3], [3.4, 5.4])


@pytest.mark.parametrize("after", [0.08, 0.12, 0.16])
def test_a_bounce_is_not_a_second_repetition(after: float) -> None:
    sound = live(((3.3, 1.0), (3.3 + after, 0.3), (5.3, 1.0), (5.3 + after, 0.3)), heels=1)
    for heard in (listen(sound, [(3.0, 4.2), (5.0, 6.2)]), listen(sound)):
        assert places(sound, heard) == [0, 2]


def test_drops_that_are_all_louder_than_those_learnt_are_told() -> None:
    drops = tuple((2.3 + 1.5 * i, 1.0) for i in range(8))
    windows = [(2.0 + 1.5 * i, 2.9 + 1.5 * i) for i in range(8)]
    sound = live(drops, seconds=15.0)
    for gain, drifted in ((1.0, False), (2.5, True)):
        detector = ThumpDetector(sound.template)
        for start, end in windows:
            expect(detector, start, end)
        assert len(counted(detector.feed(gain * sound.microphone))) == 8
        assert detector.drifted is drifted


def test_a_room_that_thumps_by_itself_is_not_one_to_hear_in() -> None:
    drops = tuple((2.0 + 0.6 * i, 1.0) for i in range(12))
    thumping = live(drops, seconds=10.0)
    quiet = live((), seconds=10.0)
    margins = []
    for sound in (quiet, thumping):
        detector = ThumpDetector(sound.template)
        detector.feed(sound.microphone)
        margins.append(detector.margin_db())
    assert margins[1] < margins[0] - 12


def test_a_closed_window_counts_nothing() -> None:
    sound = live(DROPS)
    detector = ThumpDetector(sound.template)
    for start, end in WINDOWS:
        expect(detector, start, end)
    half = to_samples(4.5)
    assert places(sound, counted(detector.feed(sound.microphone[:half]))) == [0]
    detector.close_window()
    assert detector.feed(sound.microphone[half:]) == []


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 40_000), max_size=10))
def test_the_block_lengths_do_not_matter(cuts: list[int]) -> None:
    sound = live(DROPS, noises=(Noise("dishes"),), ticks=(3.0, 5.0))
    detector = ThumpDetector(sound.template)
    for start, end in WINDOWS:
        expect(detector, start, end)
    total = len(sound.microphone)
    edges = [0, *np.minimum(np.cumsum(cuts), total).tolist(), total]
    heard = [
        thump
        for a, b in itertools.pairwise(edges)
        for thump in detector.feed(sound.microphone[a:b], sound.playback[a:b])
    ]
    assert counted(heard + detector.flush()) == listen(sound, WINDOWS)


def test_levels_are_relative_to_the_calibration_whatever_the_gain() -> None:
    efforts = ((3.3, 1.0), (5.3, 0.4), (7.3, 1.0), (9.3, 0.4))
    for gain in (-6.0, 6.0):
        heard = listen(live(efforts, gain_db=gain), WINDOWS)
        good, soft = [t.level_db for t in heard[::2]], [t.level_db for t in heard[1::2]]
        assert max(map(abs, good)) < 5
        assert max(soft) < -4


def test_dishes_and_cupboards_in_empty_windows_are_not_counted() -> None:
    windows = [(1.0 + 1.1 * i, 1.9 + 1.1 * i) for i in range(50)]
    sound = live((), seconds=58.0, noises=(Noise("dishes"), Noise("cupboard", 68.0)))
    assert len(listen(sound, windows)) <= 1


def test_the_own_cue_is_not_a_thump_even_before_its_echo_is_known() -> None:
    sound = live((), ticks=tuple(0.5 + 1.0 * i for i in range(11)))
    assert listen(sound) == []


def test_a_drop_right_after_the_own_cue_is_heard() -> None:
    drops = tuple((3.16 + 2.0 * i, 1.0) for i in range(4))
    sound = live(drops, ticks=tuple(3.0 + 2.0 * i for i in range(4)))
    assert places(sound, listen(sound, [(2.85 + 2 * i, 3.9 + 2 * i) for i in range(4)])) == [
        0,
        1,
        2,
        3,
    ]


def test_it_knows_beforehand_when_it_cannot_hear() -> None:
    quiet, loud = (live((), seconds=4.0, noises=noises) for noises in ((), (Noise("tap", 84.0),)))
    snr = []
    for sound in (quiet, loud):
        detector = ThumpDetector(sound.template)
        detector.feed(sound.microphone)
        snr.append(detector.expected_snr_db())
        assert detector.can_hear is (sound is quiet)
    assert snr[0] > snr[1] + 15


def test_every_sudden_sound_can_be_explained() -> None:
    sound = live(DROPS, noises=(Noise("dishes", 78.0),))
    detector = ThumpDetector(sound.template)
    expect(detector, *WINDOWS[0])
    verdicts = detector.verdicts(sound.microphone)
    assert [one.landing.certain for one in verdicts if one.rejected is None] == [True]
    assert any(one.rejected is Rejection.OUTSIDE_WINDOW for one in verdicts)
    for one in verdicts:
        assert detector.explain(one) in NAMES
        assert 0 <= one.landing.probability <= 1


def test_what_is_reported_is_what_was_counted_or_left_open() -> None:
    sound = live(DROPS, noises=(Noise("dishes", 78.0),))
    one, other = ThumpDetector(sound.template), ThumpDetector(sound.template)
    for window in WINDOWS:
        expect(one, *window)
        expect(other, *window)
    verdicts = one.verdicts(sound.microphone) + one.last_verdicts()
    reported = other.feed(sound.microphone) + other.flush()
    told = (None, Rejection.UNSURE)
    assert [v.landing for v in verdicts if v.rejected in told] == reported != []
    assert all(v.landing.certain is (v.rejected is None) for v in verdicts)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(32_000, np.float32),
        np.full(32_000, 0.25, np.float32),
        np.full(32_000, np.nan, np.float32),
        np.full(32_000, np.inf, np.float32),
        np.sign(np.sin(np.arange(32_000))).astype(np.float32),
    ],
    ids=["silence", "direct current", "not a number", "infinite", "full scale"],
)
@pytest.mark.parametrize("template", [None, "own"])
def test_sound_that_is_none_gives_no_thump(sound: Samples, template: str | None) -> None:
    detector = ThumpDetector(live().template if template else None)
    assert detector.feed(np.zeros(0, np.float32)) == []
    assert detector.feed(sound) + detector.flush() == []


def test_a_broken_sample_does_not_deafen_it() -> None:
    sound = live(DROPS)
    broken = sound.microphone.copy()
    broken[1_000:1_100] = np.nan
    detector = ThumpDetector(sound.template)
    for start, end in WINDOWS:
        expect(detector, start, end)
    assert places(sound, counted(detector.feed(broken))) == [0, 1, 2, 3]


@pytest.mark.slow
def test_its_memory_does_not_grow() -> None:
    detector = ThumpDetector(live().template)
    minute = np.random.default_rng(0).normal(0, 0.01, 20 * SAMPLE_RATE).astype(np.float32)
    minute[::8_000] = 0.9
    for i in range(2):
        detector.feed(minute)
        if i == 0:
            tracemalloc.start()
    for i in range(5):
        detector.feed(minute)
        if i == 1:
            before = tracemalloc.get_traced_memory()[0]
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 100_000


def test_without_a_calibration_it_listens_with_the_built_in_prior() -> None:
    sound = live(DROPS)
    generic = Sound(HeelTemplate.generic(), sound.microphone, sound.playback, sound.arrivals)
    found = places(generic, listen(generic, WINDOWS))
    assert len(found) >= 3
    assert -1 not in found
