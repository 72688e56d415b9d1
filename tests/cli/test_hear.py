"""What ``voice-coach hear`` tells of the thumps in a recording."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.hearing.heels.home import Sound, live
from voice_coach.clock import SAMPLE_RATE
from voice_coach.sound.audio_files import write_wav

Printed = pytest.CaptureFixture[str]

DROPS = ((3.3, 1.0), (5.3, 1.0))
THUMP = {"file", "event", "at", "decided", "level_db", "probability"}


@pytest.fixture
def sound() -> Sound:
    return live(DROPS, seconds=8.0)


@pytest.fixture
def recording(sound: Sound, tmp_path: Path) -> Path:
    write_wav(tmp_path / "drops.wav", sound.microphone)
    return tmp_path / "drops.wav"


def hear(command: Command, printed: Printed, *arguments: str) -> list[dict[str, object]]:
    assert command("hear", "--only", "thumps", "--json", *arguments) == 0
    return [json.loads(line) for line in printed.readouterr().out.splitlines()]


def test_every_landing_is_a_line(
    command: Command, capsys: Printed, recording: Path, sound: Sound
) -> None:
    heard = hear(command, capsys, str(recording), "--cue", "3.05", "5.05")
    assert all(event.keys() == THUMP for event in heard)
    assert [event["event"] for event in heard] == ["thump", "thump"]
    for event, arrival in zip(heard, sound.arrivals, strict=True):
        assert event["at"] == pytest.approx(arrival / SAMPLE_RATE, abs=0.05)


def test_why_tells_of_every_sudden_sound_as_well(
    command: Command, capsys: Printed, recording: Path
) -> None:
    heard = hear(command, capsys, str(recording), "--cue", "3.05", "--why")
    (thump,) = (event for event in heard if event["event"] == "thump")
    sudden = [event for event in heard if event["event"] == "sudden_sound"]
    assert all(event.keys() == THUMP | {"counted", "refused", "why"} for event in sudden)
    (counted,) = (event for event in sudden if event["counted"])
    assert (counted["at"], counted["refused"]) == (thump["at"], None)
    assert "outside every listening window" in {event["refused"] for event in sudden}
    assert all(event["why"] for event in sudden)
