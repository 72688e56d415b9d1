"""A stream cut into hops."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import BLOCK
from voice_coach.hearing.commands.hops import Hops


@given(st.lists(st.one_of(st.integers(0, 1000), st.just(BLOCK)), max_size=20))
def test_hops_are_the_stream_however_it_comes(lengths: list[int]) -> None:
    stream = np.arange(sum(lengths), dtype=np.float32)
    hops, cut, at = Hops(), [], 0
    for length in lengths:
        block = stream[at : at + length]
        cut += list(hops.cut(block, -block))
        at += length
        assert hops.missing == -at % BLOCK
        assert len(cut) == at // BLOCK
    for number, (microphone, playback) in enumerate(cut):
        np.testing.assert_array_equal(microphone, stream[number * BLOCK :][:BLOCK])
        np.testing.assert_array_equal(playback, -microphone)
