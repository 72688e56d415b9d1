"""What comes back of our voice after the end of the echo canceller's filter."""

import numpy as np
import numpy.typing as npt
import pytest

from voice_coach.clock import BLOCK
from voice_coach.hearing.commands.late_echo import LateEcho

BINS = BLOCK + 1
HOPS = 12


def faded(per_hop_db: float) -> npt.NDArray[np.float32]:
    """Return the power of a path that fades so much from hop to hop, in every bin."""
    powers = 10 ** (per_hop_db / 10 * np.arange(HOPS))
    return np.repeat(powers[:, None], BINS, axis=1).astype(np.float32)


@pytest.mark.parametrize("per_hop_db", [-1.7, -3.0, -6.0])
def test_the_room_goes_on_fading_as_the_filter_does(per_hop_db: float) -> None:
    late = LateEcho()
    late.look(faded(per_hop_db), np.zeros((HOPS, BINS), np.float32))
    first = late.step(np.ones(BINS, np.float32)).copy()
    second = late.step(None)
    assert 10 * np.log10(first) == pytest.approx(np.full(BINS, HOPS * per_hop_db), abs=0.2)
    assert 10 * np.log10(second / first) == pytest.approx(np.full(BINS, per_hop_db), abs=0.1)


def test_of_a_filter_that_is_mere_doubt_nothing_is_expected() -> None:
    late = LateEcho()
    late.look(faded(-3), faded(-3))
    assert not late.step(np.ones(BINS, np.float32)).any()
