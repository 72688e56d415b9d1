"""Keys of any device are followed, and nothing else of it."""

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.controls.machine import KEY, SYN, InputDevice
from voice_coach.controls import key_names
from voice_coach.controls.keys import MUTE_SWITCH, Keys, Moved

STOP, B, SPACE = (key_names.NUMBERS[name] for name in ("stop", "b", "space"))


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    followed = followed_at(tmp_path)
    yield followed
    followed.close()


def followed_at(root: Path, called: str | None = None) -> Keys:
    return Keys({STOP, B, MUTE_SWITCH}, called, root / "input", root / "dev")


def test_on_a_machine_without_any_nothing_is_pressed(keys: Keys) -> None:
    assert keys.look() == []
    assert keys.take() == []


def test_a_button_that_is_pressed_and_let_go(tmp_path: Path, keys: Keys) -> None:
    pedal = InputDevice(tmp_path, "event3", "PCsensor FootSwitch", [B, SPACE])
    keys.look()
    pedal.press(B)
    pedal.happens(KEY, B, 2)  # held down: the kernel repeats it
    pedal.let_go(B)
    assert keys.take() == [
        Moved("PCsensor FootSwitch", B, True),
        Moved("PCsensor FootSwitch", B, False),
    ]
    assert keys.take() == []


def test_what_else_is_typed_is_taken_no_notice_of(tmp_path: Path, keys: Keys) -> None:
    keyboard = InputDevice(tmp_path, "event0", "A keyboard", [B, SPACE, STOP])
    keys.look()
    keyboard.press(SPACE)
    keyboard.press(STOP)
    assert keys.take() == [Moved("A keyboard", STOP, True)]


def test_a_device_without_such_a_key_is_not_opened(tmp_path: Path, keys: Keys) -> None:
    InputDevice(tmp_path, "event0", "A mouse", [272, 273])
    keys.look()
    assert keys.names == []


def test_a_device_that_is_plugged_in_later_is_found(tmp_path: Path, keys: Keys) -> None:
    keys.look()
    pedal = InputDevice(tmp_path, "event7", "A pedal", [B])
    keys.look()
    pedal.press(B)
    assert keys.take() == [Moved("A pedal", B, True)]


def test_only_the_device_that_is_named_is_followed(tmp_path: Path) -> None:
    InputDevice(tmp_path, "event0", "A keyboard", [B])
    InputDevice(tmp_path, "event1", "PCsensor FootSwitch", [B])
    keys = followed_at(tmp_path, "footswitch")
    keys.look()
    assert keys.names == ["PCsensor FootSwitch"]
    keys.close()


def test_the_switch_of_a_device(tmp_path: Path, keys: Keys) -> None:
    card = InputDevice(tmp_path, "event2", "A microphone hat", switches=[14])
    keys.look()
    card.turn(14, on=True)
    card.turn(14, on=True)
    card.turn(14, on=False)
    assert [moved.down for moved in keys.take()] == [True, False]


def test_after_events_were_lost_nothing_is_taken_to_be_held_that_is_not(
    tmp_path: Path, keys: Keys
) -> None:
    pedal = InputDevice(tmp_path, "event3", "A pedal", [B])
    keys.look()
    pedal.press(B)
    keys.take()
    pedal.happens(SYN, 3, 0)
    assert keys.take() == [Moved("A pedal", B, False)]


def test_a_device_that_may_not_be_read_is_told_of(tmp_path: Path, keys: Keys) -> None:
    pedal = InputDevice(tmp_path, "event3", "A pedal", [B])
    pedal.pipe.unlink()  # as good as forbidden, for whoever may read all
    keys.look()
    assert keys.refused == {"A pedal": "No such file or directory"}


def test_more_than_one_reading_at_a_time_is_read(tmp_path: Path, keys: Keys) -> None:
    pedal = InputDevice(tmp_path, "event3", "A pedal", [B])
    keys.look()
    for _ in range(200):
        pedal.press(B)
        pedal.let_go(B)
    assert len(keys.take()) == 400


@given(st.sampled_from(sorted(key_names.NUMBERS)))
def test_a_key_has_one_number_and_one_name(name: str) -> None:
    number = key_names.number(name)
    assert number is not None
    assert key_names.name(number) == name


def test_a_key_without_a_name_goes_by_its_number() -> None:
    assert key_names.number(600) == 600
    assert key_names.number(5000) is None
    assert key_names.number("nonesuch") is None


def test_the_kernels_own_keys_are_read_as_they_are() -> None:
    """A device that the kernel makes for us, where it may (``/dev/uinput``)."""
    try:
        made = os.open("/dev/uinput", os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        pytest.skip(f"no device can be made here: /dev/uinput: {error.strerror}")
    set_kind, set_key, set_switch = 0x40045564, 0x40045565, 0x4004556D
    create, destroy, setup = 0x5501, 0x5502, 0x405C5503
    try:
        fcntl.ioctl(made, set_kind, 1)
        fcntl.ioctl(made, set_key, STOP)
        fcntl.ioctl(made, set_kind, 5)
        fcntl.ioctl(made, set_switch, 14)
        fcntl.ioctl(made, setup, struct.pack("HHHH80sI", 3, 1, 1, 1, b"a test of voice-coach", 0))
        fcntl.ioctl(made, create)
        event = struct.Struct("llHHi")
        os.write(made, event.pack(0, 0, 5, 14, 1) + event.pack(0, 0, 0, 0, 0))
        time.sleep(0.5)  # udev makes its file
        keys = Keys({STOP, MUTE_SWITCH}, "a test of voice-coach")
        assert keys.look() == [Moved("a test of voice-coach", MUTE_SWITCH, True)]
        os.write(made, event.pack(0, 0, 1, STOP, 1) + event.pack(0, 0, 0, 0, 0))
        assert keys.take() == [Moved("a test of voice-coach", STOP, True)]
        fcntl.ioctl(made, destroy)
        assert keys.take() == []
        assert keys.names == []
    finally:
        os.close(made)
