"""What the service manager is told: that the speaker is ready, and lives, as long as that is so."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.household import Room, speaker
from tests.soundserver import SoundServer
from voice_coach.home.service import ServiceManager


class Manager:
    """The end of the socket that the service manager has."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)

    def told(self, within: float) -> str:
        """Return the next message; an empty one where none comes in time."""
        self._socket.settimeout(within)
        try:
            return self._socket.recv(4096).decode()
        except TimeoutError:
            return ""

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    made = Manager(tmp_path)
    monkeypatch.setenv("NOTIFY_SOCKET", made.address)
    yield made
    made.close()


def test_it_is_told_once_that_the_start_is_over_then_that_all_is_well(manager: Manager) -> None:
    told = ServiceManager()
    told.alive()  # what is not ready yet is not watched either
    told.ready("Listening.")
    told.alive()
    assert manager.told(1) == "READY=1\nSTATUS=Listening.\nWATCHDOG=1"
    assert manager.told(1) == "WATCHDOG=1"


def test_where_nobody_asked_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    ServiceManager().ready("Listening.")
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
    ServiceManager().ready("Listening.")


@pytest.mark.real_time
@pytest.mark.usefixtures("a_speaker_can_run")
def test_it_hears_of_the_speaker_while_sound_flows_and_not_when_all_of_it_hangs(
    manager: Manager, settings: Path
) -> None:
    with SoundServer() as server:
        room = server.play_into_microphone(Room().tone(60))
        with speaker(server, settings):
            assert manager.told(60).startswith("READY=1\nSTATUS=Listening.")
            for _ in range(3):
                assert manager.told(3) == "WATCHDOG=1"
            server.freeze()
            frozen = time.monotonic()
            while manager.told(5):
                assert time.monotonic() - frozen < 10, "still called alive"
            server.freeze(thaw=True)
            assert manager.told(10) == "WATCHDOG=1"
        room.stop()
