"""A household with a broker that wants a password, and the speaker's end of an intercom."""

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.cli.diaries import keep_two_sessions
from voice_coach.home.settings import Settings
from voice_coach.intercom.messages import Mute, Request, Status, Volume
from voice_coach.intercom.server import Intercom

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
"""Debian's broker; None where it is not installed."""
SECRET = "correct horse"
BASE = "voice-coach/speaker"


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(true: Callable[[], object], within: float = 15.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, true
        time.sleep(0.02)


class Mosquitto:
    """A broker that wants a user and a password."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        passwords = folder / "passwords"
        tool = shutil.which("mosquitto_passwd") or "mosquitto_passwd"
        subprocess.run([tool, "-b", "-c", passwords, "coach", SECRET], check=True)
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
            "user root\npersistence false\nlog_type none\n"
        )
        self.start()

    def start(self) -> None:
        assert MOSQUITTO is not None
        self.process = subprocess.Popen([MOSQUITTO, "-c", self._config])

        def is_there() -> bool:
            with closing(socket.socket()) as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        until(is_there)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)


class Speaker:
    """The speaker's end of an intercom that does what it is asked."""

    def __init__(self, path: Path) -> None:
        self.intercom = Intercom(path)
        self.intercom.ready = True
        self.asked: list[Request] = []
        self._ending = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ending:
            for question in self.intercom.take():
                self.asked.append(question.request)
                match question.request:
                    case Volume(steps=steps):
                        self.intercom.tell(Status(doing="asleep", volume=steps))
                    case Mute(on=on):
                        self.intercom.tell(Status(doing="asleep", muted=on))
                self.intercom.answer(question)
            time.sleep(0.01)

    def close(self) -> None:
        self._ending = True
        self._thread.join(5)
        self.intercom.close()


class House:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker = Mosquitto(folder)
        (folder / "password").write_text(f"{SECRET}\n")
        self.file = folder / "settings.toml"
        self.file.write_text(
            'diary = "diary"\ncalibration = "heels"\ncache = "cache"\nintercom = "s"\n'
            f'[home]\nfolder = "home"\nport = {free_port()}\n'
            f'[mqtt]\nhost = "127.0.0.1"\nport = {self.broker.port}\nuser = "coach"\n'
            'password_file = "password"\n'
        )
        keep_two_sessions(Settings.load(self.file))

    @contextmanager
    def program(self) -> Iterator[subprocess.Popen[str]]:
        """Run ``voice-coach home``."""
        process = subprocess.Popen(
            [sys.executable, "-m", "voice_coach", "home", "--settings", str(self.file)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert "The page is at" in process.stdout.readline()
        yield process
        process.terminate()
        process.wait(15)
        process.stdout.close()
