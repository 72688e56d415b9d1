import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.sound.ring import Ring

SIZE = 50


@given(start=st.integers(0, 200), lengths=st.lists(st.integers(0, SIZE), min_size=1, max_size=12))
def test_what_was_written_last_is_read_back_wherever_the_ring_wraps(
    start: int, lengths: list[int]
) -> None:
    ring = Ring(SIZE)
    stream = np.arange(1, start + sum(lengths) + 1, dtype=np.float32)
    at = start
    for length in lengths:
        ring.write(at, stream[at : at + length])
        at += length
    first = max(start, at - SIZE)
    np.testing.assert_array_equal(ring.read(first, at), stream[first:at])


@given(start=st.integers(0, 200), length=st.integers(0, SIZE))
def test_clearing_silences_those_positions_and_no_others(start: int, length: int) -> None:
    ring = Ring(SIZE)
    ring.write(start, np.ones(SIZE, np.float32))
    ring.clear(start, start + length)
    np.testing.assert_array_equal(ring.read(start, start + SIZE), np.arange(SIZE) >= length)
