"""What ``voice-coach hear`` tells of the thumps and the commands in a recording."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.conftest import Command
from tests.hearing.commands.conftest import VOICES, spoken_by
from tests.hearing.heels.home import Sound, live
from voice_coach.clock import SAMPLE_RATE
from voice_coach.hearing.commands import Reason
from voice_coach.hearing.commands.acceptance import Features
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


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A command, something else, and the command once more."""
    folder = tmp_path_factory.mktemp("spoken")
    paths = []
    for number, text in enumerate(("stop the session", "the weather is nice", "stop it")):
        paths.append(folder / f"{number}.wav")
        write_wav(paths[-1], np.pad(spoken_by(VOICES["flite"], text, folder), SAMPLE_RATE))
    return paths


def commands(command: Command, printed: Printed, *arguments: str | Path) -> list[dict[str, Any]]:
    said = ("--only", "commands", "--state", "exercising", "--json")
    assert command("hear", *said, *arguments) == 0
    return [json.loads(line) for line in printed.readouterr().out.splitlines()]


def test_of_every_file_is_heard_what_is_heard_of_it_alone(
    command: Command, capsys: Printed, spoken: list[Path]
) -> None:
    alone = [event for path in spoken for event in commands(command, capsys, path)]
    assert commands(command, capsys, *spoken) == alone
    assert [event["intent"] for event in alone if event["event"] == "command"] == ["stop", "stop"]


def test_why_tells_what_was_read_and_how_certain_it_was(
    command: Command, capsys: Printed, spoken: list[Path]
) -> None:
    heard = commands(command, capsys, "--why", *spoken[:2])
    (believed,) = (event for event in heard if event.get("outcome") == Reason.BELIEVED)
    assert believed["intent"] == "stop"
    assert believed["sentence"] in believed["read"]
    assert believed["confidence"] >= believed["threshold"]
    assert set(believed["features"]) == set(Features.__struct_fields__)
    others = {event["outcome"] for event in heard if event["file"] == str(spoken[1])}
    assert others == {Reason.NO_SENTENCE}
    assert [event for event in heard if event["event"] != "considered"] == commands(
        command, capsys, *spoken[:2]
    )
