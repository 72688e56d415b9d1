"""The intercom: what a caller gets, what it may ask, and what it cannot do to the speaker."""

import json
import os
import socket
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.errors import UserError
from voice_coach.intercom.messages import LONGEST, News, Status, Stop, Trouble, Volume, read_request
from voice_coach.intercom.server import BURST, CALLERS, UNREAD, WAITING, Intercom


class Caller:
    """Somebody at the other end."""

    all: ClassVar[list["Caller"]] = []

    def __init__(self, path: Path) -> None:
        self.all.append(self)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(5)
        self.socket.connect(str(path))
        self._lines = self.socket.makefile("rb")

    def hear(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line:
            raise EOFError
        event: dict[str, Any] = json.loads(line)
        return event

    def ask(self, **request: Any) -> None:
        self.socket.sendall(json.dumps(request).encode() + b"\n")

    def is_cut_off(self) -> bool:
        try:
            while True:
                self.hear()
        except (EOFError, ConnectionError):
            return True
        except TimeoutError:
            return False

    def hang_up(self) -> None:
        self._lines.close()
        self.socket.close()


@pytest.fixture(autouse=True)
def everybody_hangs_up() -> Iterator[None]:
    yield
    while Caller.all:
        Caller.all.pop().hang_up()


@pytest.fixture
def path() -> Iterator[Path]:
    """A short path: one of a test's own folder may be too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="vc") as folder:
        yield Path(folder) / "private" / "intercom.sock"


@pytest.fixture
def intercom(path: Path) -> Iterator[Intercom]:
    with Intercom(path) as intercom:
        intercom.ready = True
        yield intercom


def until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def test_a_caller_is_greeted_and_told_what_goes_on(intercom: Intercom, path: Path) -> None:
    intercom.tell(Status(doing="exercising", session=True))
    intercom.tell(Trouble(text="The microphone has gone."))
    intercom.tell(News(what="started"))  # before the call: news are not told twice
    time.sleep(0.05)
    caller = Caller(path)
    assert caller.hear()["protocol"] == 1
    assert caller.hear()["doing"] == "exercising"
    assert caller.hear()["text"] == "The microphone has gone."
    intercom.tell(News(what="not_answering", person="anna"))
    assert caller.hear() == {"event": "news", "what": "not_answering", "person": "anna"}


def test_what_did_not_change_is_not_told_again(intercom: Intercom, path: Path) -> None:
    caller = Caller(path)
    caller.hear()
    caller.hear()
    intercom.tell(Status())
    intercom.tell(Status(volume=1))
    assert caller.hear()["volume"] == 1


def test_a_request_is_taken_by_the_loop_and_answered(intercom: Intercom, path: Path) -> None:
    caller = Caller(path)
    caller.hear()
    caller.hear()
    caller.ask(request="volume", id=7, steps=2)
    assert until(lambda: bool(intercom._asked))
    taken = list(intercom.take())
    assert taken[0].request == Volume(id=7, steps=2)
    intercom.answer(taken[0], "busy")
    assert caller.hear() == {"event": "done", "id": 7, "done": False, "why": "busy"}


def test_a_request_is_refused_while_nobody_can_take_it(intercom: Intercom, path: Path) -> None:
    intercom.ready = False
    caller = Caller(path)
    caller.hear()
    caller.hear()
    caller.ask(request="stop", id=1)
    assert caller.hear()["why"] == "not_ready"


def test_only_its_owner_and_group_may_call(intercom: Intercom, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_socket_goes_when_the_speaker_ends(path: Path) -> None:
    with Intercom(path):
        caller = Caller(path)
    assert caller.is_cut_off()
    assert not path.exists()


def test_a_socket_that_was_left_behind_is_taken_over(path: Path) -> None:
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with Intercom(path):
        Caller(path).hear()


def test_two_speakers_cannot_have_the_same(intercom: Intercom, path: Path) -> None:
    with pytest.raises(UserError, match="already running"):
        Intercom(path)
    Caller(path).hear()


def test_a_file_of_somebodys_is_no_socket(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("dear diary")
    with pytest.raises(UserError, match="not the intercom's"):
        Intercom(path)
    assert path.read_text() == "dear diary"


def test_a_path_too_long_for_a_socket() -> None:
    with pytest.raises(UserError, match="too long"):
        Intercom(Path("/tmp") / ("a" * 120))


@pytest.mark.parametrize(
    "line",
    [
        b"hello\n",
        b"[]\n",
        b'{"request":"start","id":1}\n',
        b'{"request":"stop"}\n',
        b'{"request":"volume","id":1,"steps":400}\n',
        b'{"request":"stop","id":1,"and":"more"}\n',
        b"\xff\xfe\n",
        b"[" * 3000 + b"\n",
        b"x" * (LONGEST + 1),
    ],
)
def test_whoever_sends_anything_else_is_cut_off(
    intercom: Intercom, path: Path, line: bytes
) -> None:
    caller, bystander = Caller(path), Caller(path)
    caller.socket.sendall(line)
    assert caller.is_cut_off()
    intercom.tell(Status(volume=2))
    assert [bystander.hear().get("volume") for _ in range(3)][-1] == 2
    assert not list(intercom.take())


def test_whoever_asks_too_often_is_cut_off(intercom: Intercom, path: Path) -> None:
    caller = Caller(path)
    caller.socket.sendall(b'{"request":"stop","id":1}\n' * (2 * BURST))
    assert caller.is_cut_off()
    assert len(list(intercom.take())) <= WAITING


def test_more_than_a_few_callers_are_turned_away(intercom: Intercom, path: Path) -> None:
    callers = [Caller(path) for _ in range(CALLERS)]
    for caller in callers:
        caller.hear()
    assert Caller(path).is_cut_off()
    callers[0].hang_up()
    assert until(lambda: not _refused(path))


def _refused(path: Path) -> bool:
    try:
        Caller(path).hear()
    except (EOFError, ConnectionError):
        return True
    return False


def test_a_caller_who_does_not_read_is_left_and_costs_the_loop_nothing(
    intercom: Intercom, path: Path
) -> None:
    Caller(path).hear()
    asleep = Caller(path)
    asleep.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    spent = time.thread_time()
    for number in range(UNREAD // 16):
        intercom.tell(Trouble(text=f"{number} " + "x" * 100))
        if number % 100 == 0:
            time.sleep(0.01)
    assert time.thread_time() - spent < 1.0
    assert until(lambda: len(intercom._callers) < 2)
    intercom.tell(Status(volume=3))


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_no_line_breaks_it(line: bytes) -> None:
    try:
        request = read_request(line)
    except ValueError:
        return
    assert request.id >= 0


def test_a_request_reads_as_it_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "intercom.md").read_text(encoding="utf-8")
    assert '{"request":"test","id":1}' in text
    assert read_request(b'{"request":"stop","id":3}') == Stop(id=3)


def test_it_uses_no_processor_while_nothing_happens(intercom: Intercom, path: Path) -> None:
    caller = Caller(path)
    caller.hear()
    before = os.times()
    time.sleep(0.5)
    after = os.times()
    assert (after.user + after.system) - (before.user + before.system) < 0.1
