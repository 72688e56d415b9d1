"""A real broker: what is told arrives, what is asked is done, and either may come and go."""

import json
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

paho = pytest.importorskip("paho.mqtt.client", reason="pip install 'voice-coach[home]'")
from paho.mqtt.enums import CallbackAPIVersion  # noqa: E402

from tests.mqtt.household import BASE, MOSQUITTO, SECRET, House, Speaker, until  # noqa: E402
from voice_coach.home.settings import Settings  # noqa: E402
from voice_coach.intercom.messages import News, Status  # noqa: E402

if MOSQUITTO is None:
    pytest.skip("there is no mosquitto: apt install mosquitto", allow_module_level=True)

pytestmark = pytest.mark.slow


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
