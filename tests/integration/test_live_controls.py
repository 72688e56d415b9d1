"""The live speaker with a button, a switch for its microphone, and lights."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.controls.machine import InputDevice, brightness, led
from tests.integration.household import Inhabitant, drop_cue, speaker
from tests.soundserver import SoundServer
from voice_coach.home.hands import CALM, HELD

pytestmark = [pytest.mark.real_time, pytest.mark.usefixtures("a_speaker_can_run")]

STOP, SW_MUTE = 128, 14

_SPEAKER_ON = """
import functools, pathlib, sys
from voice_coach.cli import main
from voice_coach.home import speaker
root = pathlib.Path({root!r})
places = dict(input_devices=root / "input", devices=root / "dev", leds=root / "leds")
speaker.Panel = functools.partial(speaker.Panel, **places)
sys.exit(main(["run", *sys.argv[1:]]))
"""
"""The speaker on a machine whose keys and lights lie in another place."""


def until(come: Callable[[], bool], within: float = 15.0) -> None:
    deadline = time.monotonic() + within
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def says(process: subprocess.Popen[str], words: str) -> None:
    """Wait for a line with these words on the screen."""
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError(f"ended before “{words}”")


def is_open(server: SoundServer) -> bool:
    """Tell whether the speaker has the microphone open, as the sound server has it."""
    listening = server.pactl("list", "source-outputs")
    return "ALSA plug-in" in listening


def test_a_button_begins_and_stops_and_a_switch_closes_the_microphone(
    settings: Path, voice_cache: Path, tmp_path: Path
) -> None:
    off = tmp_path / "off"
    settings.write_text(settings.read_text() + f'[controls]\npower_off = ["touch", "{off}"]\n')
    machine = tmp_path / "machine"
    listening, muted = led(machine, "listening"), led(machine, "muted")
    button = InputDevice(machine, "event0", "gpio-keys", [STOP], [SW_MUTE])
    program = ("-c", _SPEAKER_ON.format(root=str(machine)))
    with SoundServer() as server:
        person = Inhabitant(server, drop_cue(voice_cache))
        person.start()
        with speaker(server, settings, program) as process:
            says(process, "Listening.")
            person.wait_for_sound(within=10)
            person.wait_for_silence(1.0, within=10)
            assert brightness(listening)

            # It begins, and asks the first question; it stops, and says nothing more.
            button.press(STOP)
            button.let_go(STOP)
            person.wait_for_sound(within=3)
            button.press(STOP)
            button.let_go(STOP)
            person.wait_for_silence(1.0, within=3)
            pressed = time.monotonic()

            assert is_open(server)
            button.turn(SW_MUTE, on=True)
            says(process, "The microphone is closed by hand.")
            assert brightness(muted)
            assert not brightness(listening)
            assert not is_open(server)
            person.wait_for_sound(within=10)
            person.wait_for_silence(1.5, within=15)

            button.turn(SW_MUTE, on=False)
            says(process, "The microphone is open again.")
            person.wait_for_sound(within=5)
            person.wait_for_silence(1.0, within=10)
            until(lambda: brightness(listening) > 0 and not brightness(muted))

            # Held down, it says so, and has the machine switched off; this one stays on.
            time.sleep(max(0.0, pressed + CALM - time.monotonic()))
            button.press(STOP)
            person.wait_for_sound(within=HELD + 3)
            until(off.exists)
            says(process, "Switching off.")
        assert not brightness(listening)
        person.leave()


def test_where_the_switch_is_on_at_the_start_the_microphone_is_not_opened_first(
    settings: Path, voice_cache: Path, tmp_path: Path
) -> None:
    machine = tmp_path / "machine"
    muted = led(machine, "muted")
    button = InputDevice(machine, "event0", "gpio-keys", [STOP], [SW_MUTE])
    button.turn(SW_MUTE, on=True)
    program = ("-c", _SPEAKER_ON.format(root=str(machine)))
    with SoundServer() as server:
        person = Inhabitant(server, drop_cue(voice_cache))
        person.start()
        with speaker(server, settings, program) as process:
            says(process, "The microphone is closed by hand.")
            person.wait_for_sound(within=10)
            assert brightness(muted)
            assert not is_open(server)
            person.wait_for_silence(1.5, within=15)
            button.press(STOP)
            button.let_go(STOP)
            person.wait_for_sound(within=10)  # why nothing begins
            assert not is_open(server)
            button.turn(SW_MUTE, on=False)
            says(process, "Listening.")
            until(lambda: is_open(server) and not brightness(muted))
        person.leave()


def test_a_speaker_that_waits_for_its_settings_to_be_mended_listens_to_nobody_either(
    settings: Path, tmp_path: Path
) -> None:
    machine = tmp_path / "machine"
    button = InputDevice(machine, "event0", "gpio-keys", [STOP], [SW_MUTE])
    settings.write_text(settings.read_text() + "nonsense = 1\n")
    program = ("-c", _SPEAKER_ON.format(root=str(machine)), "--patient")
    with SoundServer() as server, speaker(server, settings, program) as process:
        says(process, "Trying again until it works.")
        until(lambda: is_open(server))
        button.turn(SW_MUTE, on=True)
        until(lambda: not is_open(server))
        time.sleep(3)
        assert not is_open(server)
