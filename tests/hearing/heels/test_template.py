"""The template: kept as text, refused when broken."""

import json

import numpy as np
import pytest

from tests.hearing.heels.home import live
from voice_coach.errors import UserError
from voice_coach.hearing.heels import HeelTemplate


def test_what_is_kept_is_what_was_learnt() -> None:
    template = live().template
    again = HeelTemplate.from_json(template.to_json())
    np.testing.assert_allclose(10 * np.log10(again.power), 10 * np.log10(template.power), atol=0.06)
    assert again.to_json() == template.to_json()
    assert (again.calibrated, again.drops) == (True, 3)


def test_the_built_in_prior_is_not_a_calibration() -> None:
    assert not HeelTemplate.generic().calibrated


def _broken(**changes: object) -> str:
    return json.dumps({**json.loads(live().template.to_json()), **changes})


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1, 2]", "not json", _broken(format=2), _broken(decibel_tenths=[[1, 2]]),
     _broken(decibel_tenths=[]), _broken(drops="three"), _broken(extra=1)],
)  # fmt: skip
def test_a_broken_one_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(UserError, match="calibrate again"):
        HeelTemplate.from_json(text)
