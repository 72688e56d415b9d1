"""From the speaker to the page: somebody said yes, and somebody comes in."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.website.conftest import House
from voice_coach.home.switchboard import Switchboard
from voice_coach.intercom.client import SpeakerLine
from voice_coach.intercom.server import Intercom
from voice_coach.website.door import door


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def speaker(short_path: Path) -> Iterator[Switchboard]:
    with Switchboard(print) as switchboard:
        switchboard.use(short_path)
        yield switchboard


@pytest.fixture
def lived_in(
    houses: Callable[..., House], short_path: Path, speaker: Switchboard
) -> Iterator[House]:
    with SpeakerLine(short_path) as line:
        house = houses(line=line)
        line.listen(door(house.access))
        until(lambda: line.status is not None)
        yield house


@pytest.mark.parametrize("role", ["look", "change", "therapist"])
def test_the_digits_that_were_said_let_in(lived_in: House, speaker: Switchboard, role: str) -> None:
    assert speaker.door is not None
    code = speaker.door.let_in(role)
    assert code is not None
    assert len(code) == 6
    browser = lived_in.browser()
    until(lambda: "invitations" in _kept(lived_in))
    until(lambda: browser.send("/enter", code=code, name="a").status_code == 303)
    assert lived_in.access.devices()[0].role == role


def test_a_word_at_the_speaker_withdraws_everybody(lived_in: House, speaker: Switchboard) -> None:
    browser = lived_in.browser("change")
    assert speaker.door is not None
    assert speaker.door.show_out()
    until(lambda: browser.get("/").status_code == 303)


def test_without_a_page_no_digits_are_made(short_path: Path) -> None:
    with Switchboard(print) as alone:
        alone.use(short_path)
        assert alone.door is not None
        assert alone.door.let_in("look") is None
        assert not alone.door.show_out()
    assert Switchboard(print).door is None


def test_digits_cannot_be_asked_for_over_the_intercom(short_path: Path) -> None:
    with Intercom(short_path) as intercom, socket.socket(socket.AF_UNIX) as caller:
        intercom.ready = True
        caller.connect(str(short_path))
        caller.sendall(b'{"request":"let_in","id":1,"role":"change"}\n')
        caller.settimeout(5)
        while caller.recv(4096):
            pass
        assert not list(intercom.take())


def _kept(house: House) -> str:
    file = house.settings.home.folder / "devices.json"
    return file.read_text() if file.is_file() else ""
