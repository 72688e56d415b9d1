"""A folder with the set-group-ID bit: what is made in it is for its group, and nobody else."""

import os
import stat
from pathlib import Path

import pytest

from voice_coach.diary.diary import Diary
from voice_coach.private_files import private_folder, write_private


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    folder.chmod(0o2770)
    if not folder.stat().st_mode & stat.S_ISGID:
        pytest.skip("this file system has no such bit")
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_in_it_is_for_the_group(state: Path) -> None:
    before = os.umask(0o077)
    try:
        private_folder(state / "calibration" / "anna")
        write_private(state / "calibration" / "anna" / "heels", "what was learnt")
        Diary.open(state / "diary", exclusive=True).close()
        Diary.open(state / "diary", exclusive=True).close()
    finally:
        os.umask(before)
    assert mode(state / "calibration" / "anna") == mode(state / "diary") == 0o2770
    made = [path for path in state.rglob("*") if path.is_file()]
    assert {path.name for path in made} >= {"heels", "diary.sqlite3", "diary.lock"}
    assert {mode(path) for path in made} == {0o660}


def test_elsewhere_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    Diary.open(tmp_path / "diary", exclusive=True).close()
    assert mode(tmp_path / "diary") == 0o700
    assert {mode(path) for path in (tmp_path / "diary").iterdir()} == {0o600}
