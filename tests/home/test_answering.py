"""What other programs of the house are told by the speaker, and what they can make it do."""

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.home.test_session_loop import MORNING, Home
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.coach import Command, Intent, State
from voice_coach.home.answering import Answering, Troubles
from voice_coach.home.reminding import Reminder
from voice_coach.home.reporting import Reporter
from voice_coach.intercom.messages import (
    LONGEST,
    Count,
    Devices,
    Done,
    Event,
    LetGo,
    Levels,
    ListDevices,
    Measure,
    Mute,
    News,
    Remind,
    Request,
    SayTest,
    Status,
    Stop,
    Trouble,
    Volume,
    line,
    read_event,
)
from voice_coach.intercom.server import Intercom
from voice_coach.programme.ledger import Complaint
from voice_coach.samples import Samples


class Neighbour:
    """A home whose speaker has an intercom, and somebody at its other end."""

    def __init__(self, home: Home, path: Path) -> None:
        self.home = home
        self.intercom = Intercom(path)
        self.intercom.ready = True
        home.loop._observers = (*home.loop._observers, Reporter(self.intercom, home.household))
        self.answering = Answering(self.intercom, home.loop, Reminder(None, home.household))
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._socket.settimeout(5)
        self._lines = self._socket.makefile("rb")
        self.told: list[Event] = []
        self.hear()
        self.hear()

    def ask(self, request: Request) -> Done:
        """Ask, let the loop run until it is answered, and return the answer."""
        self._socket.sendall(line(request))
        deadline = time.monotonic() + 5
        while not self.intercom._asked:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        self.answering.serve(lambda: MORNING)
        while True:
            event = self.hear()
            if isinstance(event, Done):
                return event

    def hear(self) -> Event:
        event = read_event(self._lines.readline())
        self.told.append(event)
        return event

    def everything(self) -> list[Event]:
        """Return all that has been told so far."""
        self.intercom.tell(Trouble(text="the end"))
        while self.hear() != Trouble(text="the end"):
            pass
        return self.told

    def close(self) -> None:
        self._lines.close()
        self._socket.close()
        self.intercom.close()


@pytest.fixture
def neighbour(tmp_path: Path) -> Iterator[Neighbour]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vc"))
        neighbour = Neighbour(Home(tmp_path, stack), Path(folder) / "s")
        yield neighbour
        neighbour.close()


def test_a_session_is_told_by_its_counts(neighbour: Neighbour) -> None:
    neighbour.home.hear(Intent.START, "beginner")
    neighbour.home.live(30.0)
    neighbour.home.hear(Intent.STOP)
    neighbour.home.live(0.5)
    told = neighbour.everything()
    assert [event.what for event in told if isinstance(event, News)] == ["started", "stopped"]
    counts = [event for event in told if isinstance(event, Count)]
    assert counts[0].number == 1
    assert counts[0].repetitions == 4
    assert counts[-1].not_heard >= 1
    doing = [event.doing for event in told if isinstance(event, Status)]
    assert "exercising" in doing
    assert doing[-1] == "asleep"


def test_nobody_who_answers_is_told_within_five_seconds_of_the_pause(neighbour: Neighbour) -> None:
    neighbour.home.hear(Intent.START, "beginner")
    neighbour.home.live(120.0)
    assert neighbour.home.loop.coach.state is State.PAUSED
    assert News(what="not_answering") in neighbour.everything()


def test_a_cry_for_help_is_told_without_its_words(neighbour: Neighbour) -> None:
    neighbour.home.loop.ask(Intent.TROUBLE)
    assert News(what="asked_for_help") in neighbour.everything()


@pytest.mark.parametrize(
    ("complaint", "is_told"),
    [(Complaint.FALL, True), (Complaint.CHEST_PAIN, True), (Complaint.SORENESS, False)],
)
def test_a_fall_is_told_and_what_hurts_is_not(
    neighbour: Neighbour, complaint: Complaint, is_told: bool
) -> None:
    at = neighbour.home.loop.position
    neighbour.home.loop.tell(Command(at, Intent.COMPLAIN, complaint=complaint))
    told = neighbour.everything()
    assert (News(what="asked_for_help") in told) is is_told
    assert not any(str(complaint) in line(event).decode() for event in told)


def test_stop_stops_at_once(neighbour: Neighbour) -> None:
    neighbour.home.hear(Intent.START, "beginner")
    neighbour.home.live(2.0)
    assert neighbour.ask(Stop(id=1)).done
    assert neighbour.home.loop.coach.state is State.SUMMING_UP
    assert not neighbour.home.loop.coach.in_session


def test_the_volume_is_set_and_the_coach_knows_it(neighbour: Neighbour) -> None:
    neighbour.home.live(0.1)
    assert neighbour.ask(Volume(id=1, steps=3)).done
    told = neighbour.everything()
    assert [event.volume for event in told if isinstance(event, Status)][-1] == 3
    neighbour.home.hear(Intent.LOUDER)
    neighbour.home.live(0.5)
    assert neighbour.home.watcher.soundings[-1].cue.name == "loudest"


def test_who_is_muted_stops_the_session_first_and_says_so(neighbour: Neighbour) -> None:
    neighbour.home.hear(Intent.START, "beginner")
    neighbour.home.live(2.0)
    assert neighbour.ask(Mute(id=1, on=True)).done
    assert neighbour.answering.muted
    assert not neighbour.home.loop.coach.in_session
    assert neighbour.home.watcher.soundings[-1].cue.name == "muted"
    assert neighbour.ask(Mute(id=2, on=False)).done
    assert not neighbour.answering.muted


def test_a_reminder_is_said_only_when_nothing_is_going_on(neighbour: Neighbour) -> None:
    neighbour.home.live(0.1)
    assert neighbour.ask(Remind(id=1)).done
    assert neighbour.home.watcher.soundings[-1].cue.name == "reminder.first"
    neighbour.home.hear(Intent.START, "beginner")
    neighbour.home.live(2.0)
    assert neighbour.ask(Remind(id=2)).why == "busy"
    assert neighbour.ask(SayTest(id=3)).why == "busy"


def test_a_test_is_said(neighbour: Neighbour) -> None:
    neighbour.home.live(0.1)
    assert neighbour.ask(SayTest(id=1)).done
    assert neighbour.home.watcher.soundings[-1].cue.name == "test"


def test_files_are_let_go_of_only_when_nothing_is_going_on(neighbour: Neighbour) -> None:
    neighbour.home.hear(Intent.START, "beginner")
    neighbour.home.live(2.0)
    assert neighbour.ask(LetGo(id=1)).why == "busy"
    assert neighbour.answering.let_go is None


def test_troubles_are_told_as_long_as_there_is_one(neighbour: Neighbour) -> None:
    troubles = Troubles(neighbour.intercom)
    troubles.note("sound", "The microphone has gone.")
    troubles.note("diary", "The disk is full.")
    troubles.note("sound", None)
    troubles.note("diary", None)
    told = [event.text for event in neighbour.everything() if isinstance(event, Trouble)]
    assert told == ["The microphone has gone.", "The disk is full.", None, "the end"]


def hum(seconds: float, loud: float) -> Samples:
    t = np.arange(to_samples(seconds)) / SAMPLE_RATE
    return (loud * np.sin(2 * np.pi * 440 * t)).astype(np.float32)


class TestLevels:
    def test_are_told_twice_a_second_for_as_long_as_was_asked_for(
        self, neighbour: Neighbour
    ) -> None:
        meter = neighbour.answering.meter
        for block in np.split(hum(2.0, 0.1), 100):
            meter.hear(block)
        assert neighbour.ask(Measure(id=1, seconds=3)).done
        for block in np.split(hum(5.0, 0.1), 250):
            meter.hear(block)
        told = [event for event in neighbour.everything() if isinstance(event, Levels)]
        assert len(told) == 6
        for event in told:
            assert event.room_db == pytest.approx(-23.0, abs=0.1)
            assert event.peak_db == pytest.approx(-20.0, abs=0.1)
            assert not event.clipped

    @pytest.mark.parametrize(("loud", "clipped"), [(0.0, False), (0.9, False), (3.0, True)])
    def test_tell_silence_and_too_much(
        self, neighbour: Neighbour, loud: float, clipped: bool
    ) -> None:
        neighbour.ask(Measure(id=1))
        neighbour.answering.meter.hear(np.clip(hum(0.5, loud), -1, 1))
        (told,) = [event for event in neighbour.everything() if isinstance(event, Levels)]
        assert told.clipped is clipped
        assert -120 <= told.room_db <= told.peak_db <= 0


def test_devices_are_told_by_the_names_that_settings_know(neighbour: Neighbour) -> None:
    done = neighbour.ask(ListDevices(id=1))
    told = [event for event in neighbour.told if isinstance(event, Devices)]
    if done.done:
        assert told[0].input
        assert len(line(told[0])) <= LONGEST
    else:  # a machine without sound
        assert done.why == "not_ready"
        assert not told
