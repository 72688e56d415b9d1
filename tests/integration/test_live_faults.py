"""The live speaker when the sound system fails it: one sentence, no traceback, nothing lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.household import Inhabitant, drop_cue, speaker
from tests.soundserver import SoundServer

pytestmark = [pytest.mark.real_time, pytest.mark.usefixtures("a_speaker_can_run")]


def refused(server: SoundServer, settings: Path, *arguments: str) -> str:
    """Run the speaker, which must refuse; return its one sentence."""
    done = subprocess.run(
        [sys.executable, "-m", "voice_coach", "run", "--settings", str(settings), *arguments],
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def faults(settings: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "voice_coach", "history", "--json", "--settings", str(settings)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [fault["text"] for s in json.loads(done.stdout)["sessions"] for fault in s["faults"]]


def test_a_microphone_by_a_name_that_there_is_not(settings: Path) -> None:
    with SoundServer() as server:
        said = refused(server, settings, "--input", "Nonesuch")
    assert "Nonesuch" in said
    assert "microphone" in said


def test_a_sound_system_that_does_not_answer(settings: Path) -> None:
    with SoundServer() as server:
        server.kill()
        said = refused(server, settings)
    assert "microphone" in said or "loudspeaker" in said


def test_a_missing_microphone_is_said_aloud(settings_of_a_first_start: Path) -> None:
    with SoundServer() as server, server.record_speaker() as heard:
        refused(server, settings_of_a_first_start, "--input", "Nonesuch")
        assert abs(heard.samples).max() > 0.1


def test_a_session_outlives_a_pulled_plug(settings: Path, voice_cache: Path) -> None:
    with SoundServer() as server, speaker(server, settings) as process:
        assert process.stdout is not None
        assert "Listening" in process.stdout.readline()
        somebody = Inhabitant(server, drop_cue(voice_cache / "clips"))
        somebody.start()
        somebody.wait_for_silence(2.0, within=30)
        somebody.start_a_session()
        somebody.wait_for_sound(within=10)
        server.unplug()
        assert "plug it in" in process.stdout.readline()
        somebody.leave()
        server.plug_in()
        assert "back" in process.stdout.readline()
        with server.record_speaker() as heard:
            assert abs(heard.read(4.0)).max() > 0.05
        process.terminate()
        process.terminate()  # who asks twice gets the same orderly end
        assert "Ended." in process.stdout.readline()
    assert len(faults(settings)) == 1
