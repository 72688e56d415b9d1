"""While the microphone is closed by hand, that is told, and no other program can undo it."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from voice_coach.home.switchboard import Switchboard
from voice_coach.intercom.client import SpeakerLine
from voice_coach.intercom.messages import Mute, SayTest


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_nobody_elsewhere_can_open_it() -> None:
    with tempfile.TemporaryDirectory() as folder, Switchboard(print) as switchboard:
        path = Path(folder) / "socket"
        switchboard.use(path)
        switchboard.in_order()
        with SpeakerLine(path) as line:
            until(lambda: line.status is not None and not line.status.muted)
            with switchboard.closed():
                until(lambda: line.status is not None and line.status.muted)
                assert line.ask(Mute(id=1, on=False)) == "not_ready"
                assert line.ask(SayTest(id=2)) == "not_ready"
            until(lambda: line.status is not None and not line.status.muted)


def test_without_an_intercom_nobody_is_told() -> None:
    with Switchboard(print) as switchboard, switchboard.closed():
        assert not switchboard.muted
