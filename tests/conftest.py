from collections.abc import Iterator

import pytest

from tests.soundserver import SoundServer, inside, missing


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    """A private sound server that this process and its children use; its room is silent."""
    if reason := missing():
        pytest.skip(reason)
    with SoundServer() as server, inside(server):
        yield server


@pytest.fixture
def echoing_sound_server() -> Iterator[SoundServer]:
    """A private sound server whose microphone hears the loudspeaker."""
    if reason := missing():
        pytest.skip(reason)
    with SoundServer(echo=True) as server, inside(server):
        yield server
