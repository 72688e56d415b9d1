import pytest

from tests.soundserver import missing
from voice_coach.errors import UserError
from voice_coach.hearing.commands.models import choose


@pytest.fixture
def a_speaker_can_run() -> None:
    """There are a sound server and a recogniser's model, or the test is skipped."""
    if reason := missing():
        pytest.skip(reason)
    try:
        choose()
    except UserError as error:
        pytest.skip(str(error))
