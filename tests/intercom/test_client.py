"""The line to the speaker: it is there when the speaker is, and asks in vain when it is not."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voice_coach.intercom import client
from voice_coach.intercom.client import NOT_THERE, SpeakerLine
from voice_coach.intercom.messages import Event, News, SayTest, Status, Stop, Trouble
from voice_coach.intercom.server import Intercom


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(client, "AGAIN", 0.02)
    with tempfile.TemporaryDirectory(prefix="vc") as folder:
        yield Path(folder) / "s"


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_it_works_whoever_starts_first_and_whoever_ends(path: Path) -> None:
    heard: list[Event | None] = []
    with SpeakerLine(path) as line:
        line.listen(heard.append)
        assert line.ask(Stop(id=0)) == NOT_THERE
        for volume in (1, 2):
            with Intercom(path) as intercom:
                until(lambda: line.status is not None)
                intercom.tell(Status(volume=volume))
                intercom.tell(Trouble(text="The disk is full."))
                until(lambda: line.trouble is not None)
                assert line.status is not None
                assert line.status.volume == volume
            until(lambda: line.status is None)
            assert line.trouble is None
    assert heard.count(None) == 2


def test_an_answer_finds_who_asked(path: Path) -> None:
    with Intercom(path) as intercom, SpeakerLine(path) as line:
        intercom.ready = True
        until(lambda: line.status is not None)

        def loop() -> None:
            left = 8
            while left:
                for question in intercom.take():
                    stop = isinstance(question.request, Stop)
                    intercom.answer(question, None if stop else "busy")
                    left -= 1
                time.sleep(0.001)

        threading.Thread(target=loop, daemon=True).start()
        found: list[tuple[bool, str | None]] = []

        def ask(number: int) -> None:
            request = Stop(id=0) if number % 2 else SayTest(id=0)
            found.append((bool(number % 2), line.ask(request)))

        asking = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join(5)
        assert sorted(found, key=str) == sorted([(True, None), (False, "busy")] * 4, key=str)


def test_without_an_intercom_there_is_no_line() -> None:
    with SpeakerLine(None) as line:
        assert line.ask(Stop(id=0)) == NOT_THERE
        assert line.status is None


def test_a_listener_that_fails_keeps_nobody_else_from_hearing(path: Path) -> None:
    heard: list[Event | None] = []

    def fail(event: Event | None) -> None:
        raise RuntimeError("a mistake")

    with Intercom(path) as intercom, SpeakerLine(path) as line:
        line.listen(fail)
        line.listen(heard.append)
        until(lambda: line.status is not None)
        intercom.tell(News(what="started"))
        until(lambda: News(what="started") in heard)
