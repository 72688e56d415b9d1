"""Of several templates, the one that the first landings resemble is used."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.hearing.heels.home import CALIBRATION, CUE, Sound, counted, live
from voice_coach.clock import to_samples
from voice_coach.hearing.heels import (
    Calibrator,
    HeelTemplate,
    TemplateChoice,
    ThumpDetector,
    renewed_by,
)
from voice_coach.hearing.heels.template_choice import misfit_db
from voice_coach.simulation import Kitchen

DROPS = tuple((1.35 + 4 * i, 1.0) for i in range(5))
WINDOWS = [(to_samples(1.0 + 4 * i), to_samples(2.05 + 4 * i)) for i in range(5)]


def at_home(floor: str, footwear: str, seed: int, **more: Any) -> Sound:
    return live(DROPS, seconds=21.0, floor=floor, footwear=footwear, seed=seed, **more)


def listen(
    sound: Sound, present: HeelTemplate, *others: HeelTemplate
) -> tuple[list[int], TemplateChoice]:
    """Return where landings were heard, and what was chosen."""
    choice = TemplateChoice(ThumpDetector(present, gated=True), others)
    for start, end in WINDOWS:
        choice.open_window(start, end, prompted=start + CUE)
    heard = []
    for i in range(0, len(sound.microphone), 320):
        block = slice(i, i + 320)
        heard += choice.feed(sound.microphone[block], sound.playback[block])
    return [landing.impact for landing in counted(heard)], choice


@pytest.mark.parametrize(
    ("real", "other", "seed"),
    [
        (("wood", "shoe"), ("tile", "shoe"), 7),
        (("tile", "shoe"), ("wood", "shoe"), 8),
        (("vinyl", "slipper"), ("vinyl", "shoe"), 7),
        (("tile", "shoe"), ("tile", "slipper"), 8),
    ],
)
@pytest.mark.parametrize("likeliest", ["real", "other"])
def test_the_first_landings_tell_which_it_is_and_all_of_them_are_heard(
    real: tuple[str, str], other: tuple[str, str], seed: int, likeliest: str
) -> None:
    sound = at_home(*real, seed)
    templates = [sound.template, at_home(*other, seed).template]
    if likeliest == "other":
        templates.reverse()
    heard, choice = listen(sound, *templates)
    assert choice.chosen is not None
    assert choice.chosen.template is sound.template
    assert np.allclose(heard, sound.arrivals, atol=to_samples(0.05))


def test_nothing_is_chosen_while_nobody_lands() -> None:
    sound = live(DROPS[:1], seconds=21.0)
    heard, choice = listen(sound, sound.template, at_home("tile", "shoe", 4).template)
    assert len(heard) == 1
    assert choice.chosen is None


def test_a_closed_window_reports_nothing_but_tells_which_it_is() -> None:
    sound = at_home("wood", "shoe", 4)
    choice = TemplateChoice(
        ThumpDetector(sound.template, gated=True), [at_home("tile", "shoe", 4).template]
    )
    heard = []
    for i in range(0, len(sound.microphone), 320):
        for start, end in WINDOWS:
            if i <= start - 8_000 < i + 320:
                choice.open_window(start, end, prompted=start + CUE)
            if i <= start + 800 < i + 320:
                choice.close_window()
        heard += choice.feed(sound.microphone[i : i + 320])
    assert heard == []
    assert choice.chosen is not None
    assert choice.chosen.template is sound.template


def test_it_can_hear_if_any_of_the_templates_stands_out_of_the_room() -> None:
    sound = at_home("wood", "shoe", 7)
    faint = replace(sound.template, power=sound.template.power * np.float32(1e-6))
    room = ThumpDetector(faint, gated=True)
    room.feed(sound.microphone[: to_samples(1.0)])
    assert not room.can_hear
    assert not TemplateChoice(room, [faint]).can_hear
    assert TemplateChoice(room, [sound.template]).can_hear


def test_what_is_closed_before_it_begins_is_forgotten() -> None:
    sound = at_home("wood", "shoe", 4)
    choice = TemplateChoice(ThumpDetector(sound.template, gated=True), [sound.template])
    choice.open_window(*WINDOWS[0], prompted=WINDOWS[0][0] + CUE)
    choice.close_window()
    assert choice.feed(sound.microphone) == []
    assert choice.chosen is None


def test_a_copied_detector_hears_on_from_where_it_was_copied() -> None:
    sound = at_home("wood", "shoe", 4)
    detector = ThumpDetector(sound.template)
    half = to_samples(10) + 123
    detector.feed(sound.microphone[:half])
    copy = deepcopy(detector)
    rest = sound.microphone[half:]
    assert copy.feed(rest) == detector.feed(rest) != []


@pytest.mark.parametrize("underfoot", [("wood", "shoe"), ("tile", "slipper"), ("vinyl", "sock")])
@pytest.mark.parametrize(("seed", "gain_db"), [(7, 0.0), (8, -6.0)])
def test_the_same_underfoot_learnt_again_renews_what_was_known_of_it(
    underfoot: tuple[str, str], seed: int, gain_db: float
) -> None:
    """Also after the microphone's level was changed."""
    floor, footwear = underfoot
    kitchen = Kitchen(floor=floor, footwear=footwear, seed=seed, gain_db=gain_db)
    kitchen.strike(to_samples(0.5))  # other drops than those learnt before
    later = to_samples(2.0)
    calibrator = Calibrator()
    for start, end in CALIBRATION:
        kitchen.strike(start + later + to_samples(0.3))
        calibrator.open_window(start + later, end + later)
    calibrator.feed(kitchen.microphone(np.zeros(later + CALIBRATION[-1][1] + 8_000, np.float32)))
    known = [live(seconds=0.1, floor=f, seed=seed).template for f in ("laminate", "concrete")]
    before = live(seconds=0.1, floor=floor, footwear=footwear, seed=seed).template
    assert renewed_by(calibrator.finish(), [*known, before]) == 2


@pytest.mark.parametrize("seed", [7, 8])
def test_another_floor_is_not_renewed(seed: int) -> None:
    wood, tile, laminate = (
        live(seconds=0.1, floor=floor, seed=seed).template for floor in ("wood", "tile", "laminate")
    )
    assert renewed_by(laminate, [wood, tile]) is None
    assert renewed_by(wood, [tile]) is None
    assert renewed_by(wood, []) is None


def test_the_misfit_knows_no_level_and_no_order() -> None:
    one, other = at_home("wood", "shoe", 4).template, at_home("tile", "sock", 4).template
    assert misfit_db(one, one) == 0.0
    assert misfit_db(one, other) == pytest.approx(misfit_db(other, one), rel=0.15)
