"""“Is it the microphone?”: the doctor opens the devices, listens, plays a tone and hears it."""

import subprocess
import sys

import numpy as np
import pytest

from tests.soundserver import SoundServer
from voice_coach.clock import SAMPLE_RATE

pytestmark = pytest.mark.real_time


def doctor(server: SoundServer, *more: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "voice_coach", "doctor", *more],
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def room(server: SoundServer) -> None:
    noise = np.random.default_rng(1).normal(size=60 * SAMPLE_RATE) * 10 ** (-60 / 20)
    server.play_into_microphone(noise.astype(np.float32))


def line(lines: list[str], name: str) -> str:
    return next(line for line in lines if f" {name}:" in line)


def test_it_hears_the_room_and_its_own_tone() -> None:
    with SoundServer(echo=True) as server:
        room(server)
        lines = doctor(server)
    assert "the tone was heard at" in line(lines, "sound")


def test_the_microphone_was_muted() -> None:
    with SoundServer() as server:
        server.pactl("set-source-mute", "microphone", "1")
        lines = doctor(server)
    assert line(lines, "sound").startswith("note")
    assert "unmute it" in lines[-1]
    assert lines[-1].startswith("What to do first:")


def test_no_device_is_opened_where_nobody_wants_to_hear_it() -> None:
    with SoundServer() as server:
        lines = doctor(server, "--silent")
    assert not any(" sound:" in line for line in lines)
