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
def settings(tmp_path: Path) -> Path:
    """Settings whose plan is short: two sets of four drops."""
    (tmp_path / "prescription.toml").write_text(PRESCRIPTION)
    path = tmp_path / "settings.toml"
    path.write_text(
        'diary = "diary"\ncalibration = "heels"\ncache = "cache"\n'
        'prescription = "prescription.toml"\n'
    )
    return path
