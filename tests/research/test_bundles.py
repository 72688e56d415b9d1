"""Bundles that households send are evidence of their own."""

from pathlib import Path

import numpy as np
import pytest

from research.heels import bundles, card
from tests.home.kept import GENTLE, kept_calibration
from voice_coach.hearing.commands.model_store import choose
from voice_coach.hearing.commands.phone_network import PhoneWeights
from voice_coach.home.bundle import Bundle, Kind
from voice_coach.home.contributing import cut
from voice_coach.home.kept_sound import KeptSound


def bundle(kept: KeptSound) -> Bundle:
    phones = PhoneWeights.of_model(choose().path)
    assert phones is not None
    pieces = tuple(each.piece for each in cut(kept, phones) if each.piece is not None)
    return Bundle("slippers", "tiles", None, None, pieces)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bundles: of somebody who did what was asked, and of somebody who left one out."""
    place = tmp_path_factory.mktemp("bundles")
    (place / "a.zip").write_bytes(bundle(kept_calibration()).as_bytes())
    (place / "b.zip").write_bytes(bundle(kept_calibration(seed=8, absent=(GENTLE,))).as_bytes())
    return place


def test_the_drops_of_each_bundle_are_counted_and_its_room_is_not(folder: Path) -> None:
    table = bundles.tables(folder)
    assert list(table) == [
        "1: slippers on tiles, unknown microphone",
        "2: slippers on tiles, unknown microphone",
        "all",
    ]
    first, second, every = table.values()
    assert every[Kind.GOOD] == {"pieces": 6, "counted": 1.0, "left_open": 0.0, "soft": 0.0}
    assert every[Kind.NOTHING]["pieces"] >= 8
    assert every[Kind.NOTHING]["counted"] == 0.0
    assert first[Kind.GENTLE] == {"pieces": 1, "counted": 1.0, "left_open": 0.0, "soft": 1.0}
    assert second[Kind.GENTLE] == {"pieces": 1, "counted": 0.0, "left_open": 0.0, "soft": 0.0}


def test_from_too_few_drops_nothing_is_told() -> None:
    few = bundle(kept_calibration()).pieces[:2]
    assert bundles.of_bundle(Bundle(None, None, None, None, few)) == []


def test_they_have_rows_of_their_own_in_the_card(folder: Path) -> None:
    lines = card.heels(bundles.tables(folder))
    assert len([line for line in lines if "slippers on tiles" in line]) == 2
    assert "| all | 6 | 100.0 %" in lines[-1]


def test_a_room_that_is_repeated_keeps_its_level() -> None:
    room = np.random.default_rng(2).normal(0, 0.01, 5_600).astype(np.float32)
    sound = bundles.repeated(room, 40_000)
    assert len(sound) == 40_000
    for second in np.split(sound, 10):
        assert np.std(second) == pytest.approx(0.01, rel=0.15)
