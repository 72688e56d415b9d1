"""“The clock is never right here”: whole lives with a wrong clock keep the limits in true time."""

from pathlib import Path

import pytest

from bench.torture.clocks import MACHINES, live

LIVES = 3
"""Of each kind of clock; `python -m bench.torture` lives through thousands."""


@pytest.mark.parametrize("kind", MACHINES)
def test_the_limits_hold_and_nobody_is_locked_out(kind: str, tmp_path: Path) -> None:
    for number in range(LIVES):
        assert live(MACHINES.index(kind) + number * len(MACHINES), tmp_path).done
