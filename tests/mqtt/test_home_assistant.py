"""A real Home Assistant on a real broker: what it shows, what it can ask, whom it tells.

`scripts/home-assistant` installs it; without it, the test is skipped. VOICE_COACH_HOME_ASSISTANT
names another folder that it was installed in.
"""

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

pytest.importorskip("paho.mqtt.client", reason="pip install 'voice-coach[home]'")
from tests.mqtt.household import MOSQUITTO, SECRET, House, Speaker, free_port, until
from voice_coach.intercom.messages import Mute, News, Status, Stop, Volume

ROOT = Path(__file__).parents[2]
HASS = Path(os.environ.get("VOICE_COACH_HOME_ASSISTANT", ROOT / ".home-assistant")) / "bin" / "hass"
BLUEPRINT = ROOT / "docs" / "homeassistant" / "she_does_not_answer.yaml"

if MOSQUITTO is None:
    pytest.skip("there is no mosquitto: apt install mosquitto", allow_module_level=True)
if not HASS.is_file():
    pytest.skip("there is no Home Assistant: scripts/home-assistant", allow_module_level=True)

pytestmark = pytest.mark.slow

CONFIGURATION = """
homeassistant:
  time_zone: UTC
  unit_system: metric
http:
  server_host: 127.0.0.1
  server_port: {port}
frontend:
config:
mobile_app:
automation: !include automations.yaml
"""


class Phone:
    """Where Home Assistant sends what a telephone is to show."""

    def __init__(self) -> None:
        self.shown: queue.Queue[dict[str, Any]] = queue.Queue()
        shown = self.shown

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                shown.put(json.loads(self.rfile.read(length)))
                self.send_response(201)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *rest: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/push"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class HomeAssistant:
    """One that has just been set up by somebody who knows nothing of us."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._token = ""

    def ask(self, path: str, content: Any = None, form: dict[str, str] | None = None) -> Any:
        data = None if content is None else json.dumps(content).encode()
        headers = {"content-type": "application/json"}
        if form is not None:
            data, headers = urlencode(form).encode(), {}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        with urlopen(Request(f"{self._base}{path}", data, headers), timeout=30) as answer:
            text = answer.read().decode()
        return json.loads(text) if text[:1] in "{[" else text

    def is_there(self) -> bool:
        try:
            return bool(self.ask("/api/onboarding"))
        except OSError:
            return False

    def set_up(self, broker: int) -> None:
        person = {"name": "Maria", "username": "maria", "password": "maria", "language": "en"}
        client = f"{self._base}/"
        code = self.ask("/api/onboarding/users", person | {"client_id": client})["auth_code"]
        form = {"grant_type": "authorization_code", "code": code, "client_id": client}
        self._token = self.ask("/auth/token", form=form)["access_token"]
        flow = self.ask("/api/config/config_entries/flow", {"handler": "mqtt"})
        while flow["type"] == "menu":
            choice = {"next_step_id": "broker"}
            flow = self.ask(f"/api/config/config_entries/flow/{flow['flow_id']}", choice)
        given = {"broker": "127.0.0.1", "port": broker, "username": "coach", "password": SECRET}
        done = self.ask(f"/api/config/config_entries/flow/{flow['flow_id']}", given)
        assert done["type"] == "create_entry", done

    def state(self, entity: str) -> str:
        try:
            return str(self.ask(f"/api/states/{entity}")["state"])
        except HTTPError:
            return "not there"

    def entities(self) -> set[str]:
        return {
            each["entity_id"]
            for each in self.ask("/api/states")
            if "heel_drops" in each["entity_id"]
        }

    def do(self, service: str, entity: str, **more: Any) -> None:
        domain, _, name = service.partition(".")
        self.ask(f"/api/services/{domain}/{name}", {"entity_id": entity, **more})

    def register(self, phone: Phone) -> str:
        """Register a telephone, as its app does; return the id of its device."""
        about = {
            "app_id": "io.example.app",
            "app_name": "App",
            "app_version": "1",
            "device_name": "Marias phone",
            "device_id": "maria1",
            "manufacturer": "M",
            "model": "P",
            "os_name": "OS",
            "os_version": "1",
            "supports_encryption": False,
            "app_data": {"push_token": "t", "push_url": phone.address},
        }
        self.ask("/api/mobile_app/registrations", about)
        found = self.ask("/api/template", {"template": "{{ device_id('Marias phone') }}"})
        assert found != "None"
        return str(found)


@contextmanager
def running(folder: Path) -> Iterator[HomeAssistant]:
    port = free_port()
    folder.mkdir()
    (folder / "configuration.yaml").write_text(CONFIGURATION.format(port=port))
    (folder / "automations.yaml").write_text("[]\n")
    place = folder / "blueprints" / "automation" / "voice-coach"
    place.mkdir(parents=True)
    shutil.copy(BLUEPRINT, place)
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [HASS, "--config", folder, "--skip-pip"], stdout=output, stderr=output
        )
    try:
        home = HomeAssistant(port)
        until(home.is_there, within=240)
        yield home
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_it_shows_what_goes_on_asks_and_tells_a_telephone() -> None:
    with tempfile.TemporaryDirectory(prefix="vc") as name:
        house = House(Path(name))
        phone = Phone()
        try:
            with running(Path(name) / "hass") as home, house.program() as program:
                home.set_up(house.broker.port)
                speaker = Speaker(house.folder / "s")
                speaker.intercom.tell(Status(doing="asleep"))
                shows_what_goes_on(home, speaker)
                buttons_work(home, speaker)
                a_telephone_is_told(home, speaker, phone)
                speaker.close()
                until(lambda: home.state("sensor.heel_drops_session") == "unavailable", within=5)
                assert home.state("binary_sensor.heel_drops_done_today") in {"on", "off"}
                program.kill()
                program.wait(10)
                until(
                    lambda: home.state("binary_sensor.heel_drops_done_today") == "unavailable",
                    within=5,
                )
        finally:
            phone.close()
            house.broker.stop()


def shows_what_goes_on(home: HomeAssistant, speaker: Speaker) -> None:
    until(lambda: home.state("sensor.heel_drops_session") == "asleep", within=60)
    assert home.entities() == {
        "sensor.heel_drops_session",
        "sensor.heel_drops_drops_heard_today",
        "sensor.heel_drops_next_session",
        "sensor.heel_drops_days_of_this_week",
        "binary_sensor.heel_drops_problem",
        "binary_sensor.heel_drops_done_today",
        "event.heel_drops_news",
        "number.heel_drops_volume",
        "switch.heel_drops_microphone_muted",
        "button.heel_drops_stop",
        "button.heel_drops_remind_now",
    }
    speaker.intercom.tell(Status(doing="exercising", session=True))
    until(lambda: home.state("sensor.heel_drops_session") == "exercising", within=5)
    assert home.state("binary_sensor.heel_drops_problem") == "off"


def buttons_work(home: HomeAssistant, speaker: Speaker) -> None:
    home.do("button.press", "button.heel_drops_stop")
    home.do("number.set_value", "number.heel_drops_volume", value=2)
    home.do("switch.turn_on", "switch.heel_drops_microphone_muted")
    until(lambda: len(speaker.asked) == 3, within=5)
    assert [type(each) for each in speaker.asked] == [Stop, Volume, Mute]
    until(lambda: home.state("switch.heel_drops_microphone_muted") == "on", within=5)


def a_telephone_is_told(home: HomeAssistant, speaker: Speaker, phone: Phone) -> None:
    """By the blueprint, as somebody fills it in."""
    inputs = {"news": "event.heel_drops_news", "phone": home.register(phone)}
    automation = {
        "alias": "She does not answer",
        "use_blueprint": {"path": f"voice-coach/{BLUEPRINT.name}", "input": inputs},
    }
    home.ask("/api/config/automation/config/answer", automation)
    until(lambda: home.state("automation.she_does_not_answer") == "on", within=30)
    speaker.intercom.tell(News(what="started"))
    began = time.monotonic()
    speaker.intercom.tell(News(what="not_answering", person="anna"))
    shown = phone.shown.get(timeout=5)
    assert time.monotonic() - began < 5
    assert shown["title"] == "She does not answer"
    assert "Anna" in shown["message"]
    speaker.intercom.tell(News(what="asked_for_help"))
    assert phone.shown.get(timeout=5)["title"] == "Help was called for"
    assert phone.shown.empty(), "a session that starts is no news for a telephone"
