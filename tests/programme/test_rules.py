"""The rules that ship make sense, and a band of firmness has an inside."""

import pytest

from voice_coach.programme.firmness import Band
from voice_coach.programme.rules import load_rules


@pytest.mark.parametrize("hard_above_db", [-6.0, -7.0])
def test_a_band_lies_between_soft_and_hard(hard_above_db: float) -> None:
    with pytest.raises(ValueError, match="must be lower"):
        Band(-6.0, hard_above_db)


def test_firmer_is_never_softer() -> None:
    firmness = load_rules().firmness
    gentle, moderate, firm = (firmness[name].band for name in ("gentle", "moderate", "firm"))
    assert gentle.soft_below_db < moderate.soft_below_db < firm.soft_below_db
    assert gentle.hard_above_db < moderate.hard_above_db < firm.hard_above_db
