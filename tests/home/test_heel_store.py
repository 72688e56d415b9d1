"""What was learnt of the heels is kept for each footwear and floor, and renewed by its sound."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.hearing.heels.home import live
from voice_coach.errors import UserError
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home.heel_store import MOST_UNNAMED, Underfoot, keep, known

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SLIPPERS = Underfoot("slippers", "tiles")


def heels(floor: str = "wood", footwear: str = "shoe", seed: int = 4) -> HeelTemplate:
    return live(seconds=0.1, floor=floor, footwear=footwear, seed=seed).template


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_where_nothing_was_learnt_nothing_is_known(tmp_path: Path) -> None:
    assert known(tmp_path) == []
    assert known(tmp_path / "never made") == []


def test_the_one_file_of_before_is_still_known(tmp_path: Path) -> None:
    (tmp_path / "heels.json").write_text(heels().to_json())
    (only,) = known(tmp_path)
    assert only.template.drops == 3
    assert only.name == ""


def test_drops_in_the_same_footwear_on_the_same_floor_renew_its_file(tmp_path: Path) -> None:
    keep(tmp_path, heels(), NOW)
    louder = replace(heels(), power=heels().power * 4)
    (only,) = keep(tmp_path, louder, NOW)
    assert files(tmp_path) == ["heels.json"]
    assert known(tmp_path)[0].template.to_json() == only.template.to_json() == louder.to_json()


def test_drops_on_another_floor_are_kept_beside_it_the_latest_first(tmp_path: Path) -> None:
    keep(tmp_path, heels("wood"), NOW)
    kept = keep(tmp_path, heels("tile"), NOW)
    assert files(tmp_path) == ["heels.2.json", "heels.json"]
    assert [each.file for each in kept] == [each.file for each in known(tmp_path)]
    assert kept[0].template.to_json() == heels("tile").to_json()


def test_what_is_named_has_a_file_of_its_own_whatever_it_sounds_like(tmp_path: Path) -> None:
    keep(tmp_path, heels(), NOW)
    keep(tmp_path, heels(), NOW, SLIPPERS)
    keep(tmp_path, heels(), NOW, Underfoot(floor="wood"))
    assert files(tmp_path) == ["heels.any.wood.json", "heels.json", "heels.slippers.tiles.json"]
    assert {each.name for each in known(tmp_path)} == {"", "on wood", "slippers on tiles"}


def test_what_is_named_is_renewed_by_voice_too(tmp_path: Path) -> None:
    keep(tmp_path, heels("tile", "slipper"), NOW, SLIPPERS)
    keep(tmp_path, heels("tile", "slipper"), NOW)
    assert files(tmp_path) == ["heels.slippers.tiles.json"]


def test_a_gentle_drop_is_remembered_where_there_was_none_this_time(tmp_path: Path) -> None:
    keep(tmp_path, replace(heels(), gentle_db=-10.0), NOW)
    assert keep(tmp_path, heels(), NOW)[0].template.gentle_db == -10.0
    assert keep(tmp_path, replace(heels(), gentle_db=-14.0), NOW)[0].template.gentle_db == -14.0
    assert keep(tmp_path, heels("tile"), NOW)[0].template.gentle_db is None


def test_no_more_than_a_few_are_kept_and_never_one_with_a_name_is_lost(tmp_path: Path) -> None:
    keep(tmp_path, heels("tile", "slipper", seed=9), NOW, SLIPPERS)
    homes = [(floor, seed) for seed in (4, 5) for floor in ("wood", "tile", "laminate")]
    for floor, seed in homes:
        keep(tmp_path, heels(floor, seed=seed), NOW)
    kept = known(tmp_path)
    assert len(kept) <= MOST_UNNAMED + 1
    assert "slippers on tiles" in {each.name for each in kept}
    assert kept[0].template.to_json() == heels(*homes[-1:][0][:1], seed=5).to_json()


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1), timedelta(days=-400)])
def test_what_is_kept_last_is_the_latest_whatever_the_clock_says(
    tmp_path: Path, later: timedelta
) -> None:
    floors = ("wood", "tile", "laminate")
    for number, floor in enumerate(floors):
        keep(tmp_path, heels(floor), NOW + number * later, Underfoot(floor=floor))
    assert [each.name for each in known(tmp_path)] == ["on laminate", "on tile", "on wood"]
    keep(tmp_path, heels("tile"), NOW - timedelta(days=1000), Underfoot(floor="tile"))
    assert [each.name for each in known(tmp_path)] == ["on tile", "on laminate", "on wood"]


def test_the_order_does_not_depend_on_when_it_was_really_kept(tmp_path: Path) -> None:
    for folder in (tmp_path / "once", tmp_path / "again"):
        keep(folder, heels(), NOW)
        keep(folder, heels("tile"), NOW + timedelta(minutes=1))
    once, again = (known(tmp_path / name) for name in ("once", "again"))
    assert [each.learnt_ns for each in once] == [each.learnt_ns for each in again]


def test_a_folder_of_before_keeps_the_order_of_its_files(tmp_path: Path) -> None:
    for number, name in enumerate(("heels.json", "heels.any.wood.json", "heels.2.json")):
        (tmp_path / name).write_text(heels().to_json())
        os.utime(tmp_path / name, (number, number))
    shutil.copytree(tmp_path, tmp_path / "copy")
    for folder in (tmp_path, tmp_path / "copy"):
        assert [each.file.name for each in known(folder)] == [
            "heels.2.json",
            "heels.any.wood.json",
            "heels.json",
        ]


def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    (kept,) = keep(tmp_path / "new", heels(), NOW, SLIPPERS)
    assert kept.file.stat().st_mode & 0o077 == 0
    assert kept.file.parent.stat().st_mode & 0o077 == 0


def test_a_broken_file_is_answered_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "heels.json").write_text("{}")
    with pytest.raises(UserError, match="calibrate again"):
        known(tmp_path)
