"""What is known beside a sound: the moment, the room and the person's landings so far."""

import numpy as np
import pytest

from voice_coach.clock import to_samples
from voice_coach.hearing.heels import judge
from voice_coach.hearing.heels.circumstances import AT_ONCE, LATER, LEAST, Circumstances, picture
from voice_coach.hearing.heels.comparison import Comparison
from voice_coach.hearing.heels.features import NAMES, PARTS, Vector
from voice_coach.hearing.heels.onsets import AROUND
from voice_coach.hearing.heels.spectrum import BANDS, HOP

TILES = len(PARTS["height"])
HEIGHTS = NAMES.index(f"height {PARTS['height'][0]}")
LOW = np.where(np.arange(TILES) % 6 < 2, 20.0, 0.0).astype(np.float32)
HIGH = np.where(np.arange(TILES) % 6 > 3, 20.0, 0.0).astype(np.float32)


def sound(seconds: float, heights: Vector = LOW, level_db: float = 0.0) -> Comparison:
    """Return a sound with these heights over the room."""
    features = np.zeros(len(NAMES), np.float32)
    features[HEIGHTS : HEIGHTS + TILES] = heights
    at = to_samples(seconds)
    return Comparison(
        at, at + to_samples(0.07), level_db, 0.0, features, at // HOP, np.ones(BANDS, np.float32)
    )


def told(known: Circumstances, name: str, heights: Vector = LOW, evidence: float = 1.0) -> float:
    """Return one figure of a sound at 20 s, 0.4 s after its cue."""
    figures = known.at_once(sound(20.0, heights), evidence, to_samples(0.4), [])
    return float(figures[AT_ONCE.index(name)])


def test_where_nothing_is_known_there_is_only_the_sound() -> None:
    known = Circumstances()
    for name in ("rhythm", "like the room", "like the landings", "landings", "unprompted"):
        assert told(known, name) == 0.0
    assert told(known, "just before") == told(known, "best before") == LEAST
    assert told(known, "evidence") == 1.0


def test_a_picture_is_the_same_at_any_level() -> None:
    low, fainter, high = (picture(sound(1.0, h)) for h in (LOW, LOW / np.float32(2), HIGH))
    assert np.dot(low, fainter) == pytest.approx(1.0, abs=1e-3)
    assert np.dot(low, high) < 0.0


def test_a_sound_that_came_unprompted_is_known_again() -> None:
    known = Circumstances()
    known.sounded(sound(15.0, HIGH), 0.5)
    assert told(known, "like the room", HIGH) > 0.99
    assert told(known, "as like", HIGH) == 0.5
    assert told(known, "like the room", LOW) < 0.5
    assert told(known, "unprompted") > 0.0


def test_steps_just_before_are_told_from_steps_long_ago() -> None:
    known = Circumstances()
    known.sounded(sound(15.0), 3.0)
    assert told(known, "just before") == LEAST
    known.sounded(sound(19.5), 2.0)
    assert told(known, "just before") == 2.0


def test_a_landing_resembles_the_landings_before_it() -> None:
    known = Circumstances()
    known.landed(sound(10.0, LOW, level_db=-2.0), 5.0, to_samples(0.4))
    assert told(known, "like the landings", LOW) > 0.99
    assert told(known, "like the landings", HIGH) < 0.0
    assert told(known, "level of landings") == 2.0
    assert told(known, "evidence of landings", evidence=3.0) == -2.0


def test_another_person_is_not_held_to_the_landings_of_the_last() -> None:
    known = Circumstances()
    known.landed(sound(10.0), 5.0, to_samples(0.4))
    known.sounded(sound(15.0), 3.0)
    known.forget_the_person()
    assert told(known, "landings") == told(known, "like the room") == 0.0


def test_what_follows_may_be_held_against_a_sound() -> None:
    known = Circumstances()
    known.sounded(sound(23.0), 0.5)
    doubtful = sound(20.0)
    first = known.at_once(doubtful, 1.0, to_samples(0.4), [])
    later = known.at_once(doubtful, 1.0, to_samples(0.4), [], now=to_samples(24.0))
    like = AT_ONCE.index("like the room")
    assert first[like] == 0.0
    assert later[like] > 0.99


def test_the_second_look_tells_how_loud_it_was_before_and_after() -> None:
    known = Circumstances()
    at_once = known.at_once(sound(20.0), 1.0, to_samples(0.4), [])
    around = np.repeat(np.arange(4.0)[:, None], BANDS, axis=1).astype(np.float32)
    later = known.later(at_once, [2.5], around)
    assert later[: len(AT_ONCE)].tolist() == at_once.tolist()
    assert later[LATER.index("best other")] == 2.5
    assert later[LATER.index("mid before")] == 0.0
    assert later[LATER.index("high after 155 ms")] == 3.0
    assert len(later) == len(LATER)
    assert len(AROUND) == 4


def test_the_weighers_that_ship_were_fitted_with_these_figures() -> None:
    weigher = judge.weigher()
    assert weigher.first.mean.shape == (len(AT_ONCE),)
    assert weigher.second.mean.shape == (len(LATER),)
