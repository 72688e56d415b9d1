"""The judge: fitted with the prior that ships, and ready to say what convinced it."""

from importlib.resources import files

import numpy as np
import pytest

from voice_coach.hearing.heels import judge, thresholds
from voice_coach.hearing.heels.features import NAMES, PARTS, Features


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


def test_judges_that_were_fitted_with_other_figures_are_refused() -> None:
    file = files("voice_coach.hearing.heels").joinpath("judges.json").read_bytes()
    assert judge.read(file).features == list(NAMES)
    renamed = file.replace(b'"misfit"', b'"mischief"', 1)
    with pytest.raises(ValueError, match="'mischief' where 'misfit' is measured"):
        judge.read(renamed)
    shorter = file.replace(b',"unlike where seen"', b"", 1)
    with pytest.raises(ValueError, match="'None' where 'unlike where seen'"):
        judge.read(shorter)


def test_every_figure_has_its_own_name_and_place() -> None:
    assert len(set(NAMES)) == len(NAMES)
    numbers = iter(range(len(NAMES)))
    features = Features._make(
        np.array([next(numbers) for _ in PARTS[name]]) if name in PARTS else next(numbers)
        for name in Features._fields
    )
    assert features.vector().tolist() == list(range(len(NAMES)))
    assert NAMES[int(features.misfit)] == "misfit"
    assert NAMES[int(features.surplus[1])] == "surplus low early"
    assert NAMES[int(features.unlike[0])] == "unlike from 62 Hz, -10 ms"


def test_the_limits_say_why_they_are_what_they_are() -> None:
    assert "development" in thresholds.load().reason
