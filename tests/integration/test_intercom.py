"""The live speaker and its intercom: a prescription changed, the files let go of, a way out."""

import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.integration.household import Inhabitant, drop_cue, speaker
from tests.soundserver import SoundServer
from voice_coach.clock import SAMPLE_RATE
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.intercom.messages import (
    Devices,
    Event,
    LetGo,
    LetIn,
    Levels,
    ListDevices,
    Measure,
    Request,
    SayTest,
    Take,
    line,
    read_event,
)
from voice_coach.speaking import Script

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

    def send(self, request: Request) -> None:
        self._socket.sendall(line(request))

    def ask(self, request: Request) -> str | None:
        self.send(request)
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


@contextmanager
def called(settings: Path) -> Iterator[tuple[SoundServer, subprocess.Popen[str], Caller]]:
    """Run a speaker with an intercom on a sound server, and call it once it listens."""
    with tempfile.TemporaryDirectory(prefix="vc") as folder, SoundServer() as server:
        path = Path(folder) / "s"
        with settings.open("a") as more:
            more.write(f'intercom = "{path}"\n')
        with speaker(server, settings) as process:
            assert process.stdout is not None
            assert "Listening" in process.stdout.readline()
            yield server, process, Caller(path)
        assert not path.exists()


def sockets_of_a_network(pid: int) -> list[str]:
    """Return the sockets of a process that are not in the file system or of its own machine."""
    inodes = {
        match[1]
        for handle in Path(f"/proc/{pid}/fd").iterdir()
        if (match := re.match(r"socket:\[(\d+)\]", str(handle.readlink())))
    }
    found = []
    for kind in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6", "packet", "netlink"):
        file = Path(f"/proc/{pid}/net/{kind}")
        lines = file.read_text().splitlines()[1:] if file.is_file() else []
        found += [f"{kind}: {line}" for line in lines if inodes & set(line.split())]
    assert inodes
    return found


def test_somebody_at_the_speaker_lets_somebody_in(settings: Path, voice_cache: Path) -> None:
    with called(settings) as (server, process, caller):
        somebody = Inhabitant(server, drop_cue(voice_cache / "clips"))
        somebody.start()
        somebody.wait_for_silence(2.0, within=30)
        assert sockets_of_a_network(process.pid) == []
        somebody.say("let me look in")
        somebody.wait_for_sound(within=10)
        somebody.wait_for_silence(0.7, within=20)
        somebody.say("yes")
        let_in = caller.hear("LetIn")
        assert isinstance(let_in, LetIn)
        assert re.fullmatch(r"\d{6}", let_in.code)
        assert let_in.role == "look"
        caller.close()
        somebody.leave()


def test_what_is_changed_is_taken_over_while_it_runs(settings: Path) -> None:
    with called(settings) as (_, process, caller):
        assert process.stdout is not None
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


def test_levels_and_devices_are_told_and_a_recording_is_taken_over(
    settings: Path, voice_cache: Path
) -> None:
    with called(settings) as (server, process, caller):
        assert process.stdout is not None
        somebody = Inhabitant(server, drop_cue(voice_cache / "clips"))
        somebody.start()
        somebody.wait_for_silence(1.0, within=30)
        caller.send(ListDevices(id=1))
        devices = caller.hear("Devices")
        assert isinstance(devices, Devices)
        assert devices.input
        assert devices.output
        caller.send(Measure(id=2, seconds=10))
        quiet = caller.hear("Levels")
        assert isinstance(quiet, Levels)
        somebody.say("what can I say")
        heard = [caller.hear("Levels") for _ in range(8)]
        loudest = max(level.peak_db for level in heard if isinstance(level, Levels))
        assert loudest > quiet.peak_db + 10
        own = Script.load().language
        place = settings.with_name("recordings") / own / "lines"
        place.mkdir(parents=True)
        t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
        soundfile.write(place / "halfway-there.wav", 0.2 * np.sin(2 * np.pi * 700 * t), SAMPLE_RATE)
        assert "changed" in process.stdout.readline()
        somebody.leave()
        caller.close()
