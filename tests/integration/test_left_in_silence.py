"""“It just does not answer”: whatever keeps the speaker from starting, it says so aloud."""

import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.soundserver import SoundServer
from voice_coach.clock import SAMPLE_RATE
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.rehearsal.voices import voice

pytestmark = [pytest.mark.real_time, pytest.mark.usefixtures("a_speaker_can_run")]


@contextmanager
def service(server: SoundServer, settings: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """Run the speaker as the service does; it must end in good order within two seconds."""
    command = [sys.executable, "-m", "voice_coach", "run", "--patient", "--settings", str(settings)]
    process = subprocess.Popen(
        [*command, *more],
        env=server.environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
        began = time.monotonic()
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 2
    finally:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str], within: float = 60) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], within)
    assert ready, "nothing was said on the screen"
    return process.stdout.readline()


def spoil_diary(settings: Path) -> None:
    folder = settings.parent / "diary"
    Diary.open(folder, exclusive=True).close()
    (folder / FILE).unlink()
    (folder / FILE).mkdir()


FAULTS: dict[str, Callable[[Path], object]] = {
    "a mistake in the settings": lambda settings: settings.write_text("words_per_minute = fast"),
    "settings that are no text": lambda settings: settings.write_bytes(b"\xff\xfe\x00"),
    "a diary that cannot be opened": spoil_diary,
    "a voice that there is not": lambda settings: settings.write_text(
        'voice = "klingon"\n' + settings.read_text()
    ),
    "a model that there is not": lambda settings: settings.write_text(
        'model = "none"\n' + settings.read_text()
    ),
    "a name that is a command": lambda settings: settings.write_text(
        settings.read_text().replace('prescription = "prescription.toml"', "")
        + "[people.stop]\n[people.ben]\n"
    ),
}


@pytest.mark.parametrize("spoil", FAULTS.values(), ids=FAULTS)
def test_it_says_what_is_wrong_and_goes_on_when_that_is_put_right(
    settings: Path, spoil: Callable[[Path], object]
) -> None:
    before = settings.read_bytes()
    spoil(settings)
    with (
        SoundServer() as server,
        server.record_speaker() as heard,
        service(server, settings) as process,
    ):
        assert "Trying again until it works." in line(process)
        assert abs(heard.samples).max() > 0.05
        settings.write_bytes(before)
        if (settings.parent / "diary" / FILE).is_dir():
            (settings.parent / "diary" / FILE).rmdir()
        assert "Listening" in line(process)


def test_what_is_wrong_is_said_once_and_not_every_ten_seconds(settings: Path) -> None:
    settings.write_text("words_per_minute = fast")
    with (
        SoundServer() as server,
        server.record_speaker() as heard,
        service(server, settings) as process,
    ):
        line(process)
        said = len(heard.samples)
        time.sleep(12.0)  # in which it has tried twice
        assert (
            abs(heard.samples[said + SAMPLE_RATE :]).max() <= 2**-15
        )  # the floor that keeps it awake
        assert process.poll() is None


def test_i_spoke_to_it_and_it_told_me_again(settings: Path) -> None:
    asking = voice("gmw/en-us+m3")("start beginner") * np.float32(0.3)
    FAULTS["a mistake in the settings"](settings)
    with (
        SoundServer() as server,
        server.record_speaker() as heard,
        service(server, settings) as process,
    ):
        room(server)
        line(process)
        time.sleep(3.0)  # its own words are over
        said = heard.position
        for _ in range(6):
            server.play_into_microphone(asking).wait(30)
            if abs(heard.read(heard.position / SAMPLE_RATE + 5.0)[said:]).max() > 0.05:
                break
        else:
            pytest.fail("nobody answered")
        assert process.poll() is None


def test_the_microphone_was_not_plugged_in_yet(settings: Path) -> None:
    with SoundServer() as server:
        server.unplug()
        with service(server, settings) as process:
            assert "microphone" in line(process)
            server.plug_in()
            assert "Listening" in line(process)


def test_a_prescription_that_cannot_be_read_keeps_the_lowest_limits(settings: Path) -> None:
    (settings.parent / "prescription.toml").write_text("level = 7")
    with (
        SoundServer() as server,
        server.record_speaker() as heard,
        service(server, settings) as process,
    ):
        assert "Listening" in line(process)
        assert abs(heard.read(heard.position / SAMPLE_RATE + 4.0)).max() > 0.05


def room(server: SoundServer) -> None:
    """Let the microphone hear a room for a while, as one that works does."""
    noise = np.random.default_rng(1).integers(-2, 3, 60 * SAMPLE_RATE).astype(np.float32)
    server.play_into_microphone(noise * np.float32(2**-15))


def test_the_microphone_was_muted(settings: Path) -> None:
    with SoundServer() as server:
        room(server)
        with server.record_speaker() as heard, service(server, settings) as process:
            assert "Listening" in line(process)
            time.sleep(4.0)
            server.pactl("set-source-mute", "microphone", "1")
            began, said = time.monotonic(), heard.position
            assert "hears nothing at all" in line(process)
            assert time.monotonic() - began < 2.5
            assert abs(heard.read(said / SAMPLE_RATE + 4.0)[said:]).max() > 0.05
            server.pactl("set-source-mute", "microphone", "0")
            assert "hears again" in line(process)


def test_the_sound_server_hung_and_the_program_ended_all_the_same(settings: Path) -> None:
    with SoundServer() as server:
        room(server)
        with service(server, settings) as process:
            assert "Listening" in line(process)
            server.freeze()
            try:
                assert "no sound any more" in line(process)
                time.sleep(1.0)
                began = time.monotonic()
                process.send_signal(signal.SIGINT)
                assert process.wait(10) == 0
                assert time.monotonic() - began < 2.5
            finally:
                server.freeze(thaw=True)


def test_the_sound_server_hung_for_a_while(settings: Path) -> None:
    with SoundServer() as server:
        room(server)
        with service(server, settings) as process:
            assert "Listening" in line(process)
            server.freeze()
            assert "no sound any more" in line(process)
            server.freeze(thaw=True)
            assert "The sound is back." in line(process)


def test_without_a_terminal_or_a_service_it_ends_with_one_sentence(settings: Path) -> None:
    settings.write_text("words_per_minute = fast")
    with SoundServer() as server, server.record_speaker() as heard:
        done = subprocess.run(
            [sys.executable, "-m", "voice_coach", "run", "--settings", str(settings)],
            env=server.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert abs(heard.samples).max() > 0.05
