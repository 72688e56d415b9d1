from datetime import datetime
from pathlib import Path

import pytest

from tests.soundserver import missing
from voice_coach.errors import UserError
from voice_coach.hearing.commands.model_store import choose

PRESCRIPTION = f"""
signed_by = "the test"
signed_on = {datetime.now().date()}
valid_until = 2999-12-31
approved = true
level = "beginner"
repetitions = 4
tempo = "1.5-1-x-2"
"""


@pytest.fixture
def a_speaker_can_run() -> None:
    """There are a sound server and a recogniser's model, or the test is skipped."""
    if reason := missing():
        pytest.skip(reason)
    try:
        choose()
    except UserError as error:
        pytest.skip(str(error))


@pytest.fixture
def settings(tmp_path: Path, voice_cache: Path) -> Path:
    """Settings whose plan is short, two sets of four drops, and whose voice is ready."""
    return _written(tmp_path, voice_cache)


@pytest.fixture
def settings_of_a_first_start(tmp_path: Path) -> Path:
    """The same for a speaker that has never run: the voice is yet to be rendered."""
    return _written(tmp_path, tmp_path / "cache")


def _written(folder: Path, cache: Path) -> Path:
    (folder / "prescription.toml").write_text(PRESCRIPTION)
    path = folder / "settings.toml"
    path.write_text(
        f'diary = "diary"\ncalibration = "heels"\ncache = "{cache}"\n'
        'prescription = "prescription.toml"\nrecordings = "recordings"\n'
    )
    return path
