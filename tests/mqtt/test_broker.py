"""A real broker: what is told arrives, what is asked is done, and either may come and go."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

paho = pytest.importorskip("paho.mqtt.client", reason="pip install 'voice-coach[home]'")
from paho.mqtt.enums import CallbackAPIVersion  # noqa: E402

from tests.cli.diaries import keep_two_sessions  # noqa: E402
from voice_coach.home.settings import Settings  # noqa: E402
from voice_coach.intercom.messages import Mute, News, Request, Status, Volume  # noqa: E402
from voice_coach.intercom.server import Intercom  # noqa: E402

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
if MOSQUITTO is None:
    pytest.skip("there is no mosquitto: apt install mosquitto", allow_module_level=True)

pytestmark = pytest.mark.slow
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


class Neighbour:
    """Somebody else on the broker, such as Home Assistant."""

    def __init__(self, port: int) -> None:
        self.heard: dict[str, str] = {}
        self.news: list[str] = []
        self.client = paho.Client(CallbackAPIVersion.VERSION2)
        self.client.username_pw_set("coach", SECRET)
        self.client.on_connect = lambda client, *rest: client.subscribe("#", 1)
        self.client.on_message = self._came
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def _came(self, client: object, data: object, message: Any) -> None:
        text = message.payload.decode(errors="replace")
        self.heard[message.topic] = text
        if message.topic == f"{BASE}/news":
            self.news.append(json.loads(text)["event_type"])

    def say(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


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


@pytest.fixture
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="vc") as folder:
        house = House(Path(folder))
        yield house
        house.broker.stop()


def test_what_goes_on_is_told_and_what_is_asked_is_done(house: House) -> None:
    speaker = Speaker(house.folder / "s")
    neighbour = Neighbour(house.broker.port)
    with house.program() as process:
        config = "homeassistant/device/voice-coach_speaker/config"
        until(lambda: config in neighbour.heard)
        until(lambda: neighbour.heard.get(f"{BASE}/speaker") == "online")
        until(lambda: f"{BASE}/done" in neighbour.heard)
        assert neighbour.heard[f"{BASE}/bridge"] == "online"
        assert neighbour.heard[f"{BASE}/problem"] == "OFF"
        topics = {
            each.get("state_topic") for each in json.loads(neighbour.heard[config])["cmps"].values()
        }
        told = topics - {None, f"{BASE}/news"}
        until(lambda: told <= neighbour.heard.keys())

        began = time.monotonic()
        speaker.intercom.tell(News(what="not_answering"))
        until(lambda: neighbour.news == ["not_answering"], within=5.0)
        assert time.monotonic() - began < 5.0

        neighbour.say(f"{BASE}/stop/set", "PRESS")
        neighbour.say(f"{BASE}/volume/set", "2")
        neighbour.say(f"{BASE}/mute/set", "ON")
        until(lambda: len(speaker.asked) == 3)
        until(lambda: neighbour.heard[f"{BASE}/mute"] == "ON")

        for payload in (b"\xff" * 1000, b"x" * 500_000, b"", b"9" * 16, b'{"a": 1}'):
            for topic in ("volume", "mute", "start", "news"):
                if topic != "news":
                    neighbour.say(f"{BASE}/{topic}/set", payload)
        neighbour.say("homeassistant/status", b"\0" * 100)
        neighbour.say(f"{BASE}/stop/set", "PRESS", retain=True)
        time.sleep(0.5)
        assert process.poll() is None
        assert all(request.id >= 0 for request in speaker.asked)

        neighbour.heard.clear()
        neighbour.say("homeassistant/status", "online")
        until(lambda: config in neighbour.heard)

        speaker.close()
        until(lambda: neighbour.heard.get(f"{BASE}/speaker") == "offline")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        until(lambda: neighbour.heard.get(f"{BASE}/bridge") == "offline")
    neighbour.close()


def test_a_broker_that_goes_and_comes_back_is_told_again(house: House) -> None:
    speaker = Speaker(house.folder / "s")
    with house.program() as process:
        first = Neighbour(house.broker.port)
        until(lambda: f"{BASE}/doing" in first.heard)
        first.close()
        house.broker.stop()
        for _ in range(300):  # nobody takes it, and nobody waits
            speaker.intercom.tell(Status(doing="resting"))
            speaker.intercom.tell(Status(doing="exercising"))
        assert process.poll() is None
        house.broker.start()
        again = Neighbour(house.broker.port)
        until(lambda: again.heard.get(f"{BASE}/doing") == "exercising", within=30)
        until(lambda: again.heard.get(f"{BASE}/bridge") == "online")
        again.close()
    speaker.close()


def test_without_a_broker_the_page_is_there_all_the_same(house: House) -> None:
    house.broker.stop()
    with house.program() as process:
        port = Settings.load(house.file).home.port
        with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
            one.sendall(b"GET /enter HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
            assert one.recv(100).startswith(b"HTTP/1.1 200")
        assert process.poll() is None
