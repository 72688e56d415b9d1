"""The bridge between the intercom and a broker of messages.

A thread of its own does all work; the broker may come and go, be slow or send what it likes, and
neither the speaker nor the page notices.
"""

import json
import logging
import queue
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from voice_coach import __version__
from voice_coach.errors import UserError
from voice_coach.home.page_settings import Broker
from voice_coach.home.settings import Settings
from voice_coach.intercom.client import SpeakerLine
from voice_coach.intercom.messages import (
    Event,
    Mute,
    News,
    Remind,
    Request,
    Status,
    Stop,
    Trouble,
    Volume,
)
from voice_coach.mqtt.discovery import COMMANDS, Topics, discovery
from voice_coach.mqtt.figures import figures
from voice_coach.text_files import read_text

_LOG = logging.getLogger(__name__)

LOOK: Final = 60.0
"""Seconds from one look into the diaries to the next."""
LONGEST: Final = 16
"""Bytes of a command; a longer one is none."""
WAITING: Final = 64
"""Messages that wait for the broker, or for this program, to take them."""
ON: Final = "ON"
OFF: Final = "OFF"


class Bridge:
    """Tells a broker of what the speaker does; also a context manager that ends it.

    Parameters
    ----------
    load
        Returns the settings as they are now.
    line
        To the speaker.
    clock
        Tells the time of the day.
    """

    def __init__(
        self, load: Callable[[], Settings], line: SpeakerLine, clock: Callable[[], datetime]
    ) -> None:
        broker = load().mqtt
        assert broker is not None
        self._load = load
        self._line = line
        self._clock = clock
        self._broker = broker
        self._topics = Topics(broker.topic, broker.name)
        self._todo: queue.Queue[Callable[[], None] | None] = queue.Queue(WAITING)
        self._said: dict[str, str] = {}
        self._new = False
        self._client = self._made(broker)
        self._thread = threading.Thread(target=self._work, name="mqtt", daemon=True)
        line.listen(self._heard)

    def __enter__(self) -> Self:
        self._thread.start()
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=30)
        self._client.loop_start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(queue.Full):
            self._todo.put(None, timeout=1.0)
        self._thread.join(2.0)
        self._client.publish(self._topics.bridge, "offline", qos=1, retain=True)
        self._client.disconnect()
        self._client.loop_stop()

    def _made(self, broker: Broker) -> paho.Client:
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"voice-coach-{broker.name}")
        if broker.user is not None:
            password = None
            if broker.password_file is not None:
                password = read_text(broker.password_file, "password file").strip()
            client.username_pw_set(broker.user, password)
        if broker.tls:
            try:
                context = ssl.create_default_context(
                    cafile=None if broker.ca is None else str(broker.ca)
                )
            except OSError as error:
                raise UserError(f"The certificate {broker.ca} cannot be read ({error}).") from error
            client.tls_set_context(context)
        client.will_set(self._topics.bridge, "offline", qos=1, retain=True)
        client.max_queued_messages_set(WAITING)
        client.reconnect_delay_set(1, 60)
        client.on_connect = self._connected
        client.on_message = self._came
        client.suppress_exceptions = True
        return client

    # -- in the threads of the broker and of the speaker: nothing but to hand over -----------

    def _connected(self, client: paho.Client, *rest: Any) -> None:
        reason = rest[2] if len(rest) > 2 else None
        if reason is not None and getattr(reason, "is_failure", False):
            _LOG.warning("the broker refuses: %s", reason)
            return
        client.subscribe(
            [(f"{self._broker.discovery}/status", 1)]
            + [(self._topics.command(name), 1) for name in COMMANDS]
        )
        self._introduce_soon()

    def _came(self, client: paho.Client, data: Any, message: paho.MQTTMessage) -> None:
        if len(message.payload) > LONGEST:
            return
        payload = message.payload.decode("ascii", errors="replace").strip()
        if message.topic == f"{self._broker.discovery}/status":
            if payload == "online":
                self._introduce_soon()
            return
        if message.retain:
            return  # somebody's wish of yesterday
        request = wanted(message.topic, payload, self._topics)
        if request is not None:
            self._do(lambda: self._ask(request))

    def _heard(self, event: Event | None) -> None:
        self._do(lambda: self._tell(event))

    def _introduce_soon(self) -> None:
        """Have everything told anew, however much there is to do."""
        self._new = True
        self._do(lambda: None)

    def _do(self, work: Callable[[], None]) -> None:
        with suppress(queue.Full):
            self._todo.put_nowait(work)

    # -- in the thread of its own ------------------------------------------------------------

    def _work(self) -> None:
        while True:
            try:
                work = self._todo.get(timeout=LOOK)
            except queue.Empty:
                work = self._tell_figures
            if work is None:
                return
            try:
                if self._new:
                    self._new = False
                    self._introduce()
                work()
            except Exception:
                _LOG.exception("this is a mistake in voice-coach")

    def _introduce(self) -> None:
        """Tell everything anew: the broker or Home Assistant has just come."""
        self._said.clear()
        settings = self._load()
        people: list[str | None] = [*settings.people] or [None]
        message = json.dumps(discovery(self._topics, people, __version__))
        self._say(self._topics.discovery(self._broker.discovery), message)
        self._say(self._topics.bridge, "online")
        self._tell_status(self._line.status)
        self._tell_trouble(self._line.trouble)
        self._tell_figures()

    def _tell(self, event: Event | None) -> None:
        match event:
            case None | Status():
                # Of many that came at once, the latest.
                self._tell_status(self._line.status)
            case Trouble():
                self._tell_trouble(self._line.trouble)
            case News():
                content: dict[str, str] = {"event_type": event.what}
                if event.person is not None:
                    content["person"] = event.person
                topic = self._topics.state("news")
                self._client.publish(topic, json.dumps(content), qos=1)
                self._tell_figures()

    def _tell_status(self, status: Status | None) -> None:
        self._say(self._topics.speaker, "offline" if status is None else "online")
        if status is not None:
            self._say(self._topics.state("doing"), status.doing)
            self._say(self._topics.state("volume"), str(status.volume))
            self._say(self._topics.state("mute"), ON if status.muted else OFF)

    def _tell_trouble(self, text: str | None) -> None:
        self._say(self._topics.state("problem"), OFF if text is None else ON)

    def _tell_figures(self) -> None:
        settings = self._load()
        people: list[str | None] = [*settings.people] or [None]
        for person in people:
            found = figures(settings.of(person), self._clock())
            if found is None:
                continue
            for name, value in (
                ("heard", str(found.heard)),
                ("next", "None" if found.next is None else found.next.isoformat()),
                ("adherence", str(found.adherence)),
                ("done", ON if found.done else OFF),
            ):
                self._say(self._topics.state(name, person), value)

    def _say(self, topic: str, payload: str) -> None:
        """Say what holds from now on, unless it was said already."""
        if self._said.get(topic) != payload:
            self._said[topic] = payload
            self._client.publish(topic, payload, qos=1, retain=True)

    def _ask(self, request: Request) -> None:
        why = self._line.ask(request)
        if why is not None:
            _LOG.info("the speaker did not do it: %s", why)
        # What was not done goes back to what it was.
        self._said.pop(self._topics.state("volume"), None)
        self._said.pop(self._topics.state("mute"), None)
        self._tell_status(self._line.status)


def wanted(topic: str, payload: str, topics: Topics) -> Request | None:
    """Return what a message asks of the speaker; None where it is nothing that can be asked."""
    if topic == topics.command("stop"):
        return Stop(id=0)
    if topic == topics.command("remind"):
        return Remind(id=0)
    if topic == topics.command("mute") and payload in {ON, OFF}:
        return Mute(id=0, on=payload == ON)
    if topic == topics.command("volume"):
        with suppress(ValueError):
            steps = float(payload)
            if steps in range(-3, 4):
                return Volume(id=0, steps=int(steps))
    return None
