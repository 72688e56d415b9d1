"""The judge: fitted with the prior that ships, and ready to say what convinced it."""

import numpy as np
import pytest

from voice_coach.hearing.heels import judge, thresholds
from voice_coach.hearing.heels.comparison import NAMES


def test_the_judges_were_fitted_with_the_prior_that_ships() -> None:
    assert judge.fitted_with() == judge.prior()


@pytest.mark.parametrize("kind", ["calibrated", "generic"])
def test_a_judge_knows_every_figure_and_names_the_one_that_spoke_loudest(kind: str) -> None:
    fitted = judge.load(kind)
    assert fitted.mean.shape == fitted.scale.shape == (len(NAMES),)
    for shift in (-1.0, 1.0):
        figures = (fitted.mean + shift * fitted.scale).astype(np.float32)
        assert np.isfinite(fitted.evidence(figures))
        assert fitted.loudest(figures) in NAMES


def test_the_limits_say_why_they_are_what_they_are() -> None:
    assert "development" in thresholds.load().reason
