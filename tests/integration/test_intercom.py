"""The live speaker and its intercom: a prescription changed, the files let go of, a way out."""

import socket
import tempfile
import time
from pathlib import Path

import pytest

from tests.integration.household import speaker
from tests.soundserver import SoundServer
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.intercom.messages import Event, LetGo, Request, SayTest, Take, line, read_event

pytestmark = [pytest.mark.real_time, pytest.mark.usefixtures("a_speaker_can_run")]


class Caller:
    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(20)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")

    def hear(self, name: str) -> Event:
        while True:
            event = read_event(self._lines.readline())
            if type(event).__name__ == name:
                return event

    def ask(self, request: Request) -> str | None:
        self._socket.sendall(line(request))
        done = self.hear("Done")
        return getattr(done, "why", None)

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


def patiently(caller: Caller, request: Request) -> None:
    """Ask until nothing else is going on."""
    for _ in range(100):
        if caller.ask(request) is None:
            return
        time.sleep(0.2)
    raise AssertionError("never done")


def test_what_is_changed_is_taken_over_while_it_runs(settings: Path) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="vc") as folder,
        SoundServer() as server,
    ):
        path = Path(folder) / "s"
        with settings.open("a") as more:
            more.write(f'intercom = "{path}"\n')
        with speaker(server, settings) as process:
            assert process.stdout is not None
            assert "Listening" in process.stdout.readline()
            caller = Caller(path)
            caller.hear("Hello")
            patiently(caller, SayTest(id=1))
            paper = settings.with_name("prescription.toml")
            paper.write_text(paper.read_text() + 'cautions = ["Hold the sink with both hands."]\n')
            assert "changed" in process.stdout.readline()

            diary = settings.with_name("diary")
            with pytest.raises(UserError, match="in use"):
                Diary.open(diary, exclusive=True)
            patiently(caller, LetGo(id=2, seconds=60))
            Diary.open(diary, exclusive=True).close()
            assert caller.ask(SayTest(id=3)) == "not_ready"
            assert caller.ask(Take(id=4)) is None
            assert "changed" in process.stdout.readline()
            with pytest.raises(UserError, match="in use"):
                Diary.open(diary, exclusive=True)
            caller.close()
        assert not path.exists()
