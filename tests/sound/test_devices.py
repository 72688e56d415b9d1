import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soundserver import SoundServer
from voice_coach.errors import UserError
from voice_coach.sound.devices import (
    Device,
    devices,
    find,
    matching,
    name_for_settings,
    owner_of_busy,
    usb,
)

pytestmark = pytest.mark.real_time


def test_the_devices_of_the_sound_server_are_listed_by_name(sound_server: SoundServer) -> None:
    there = {device.name: device for device in devices()}
    assert set(there) == {"speaker", "microphone", "default"}
    assert (there["speaker"].does("output"), there["speaker"].does("input")) == (True, False)
    assert (there["microphone"].does("output"), there["microphone"].does("input")) == (False, True)
    assert there["default"].default_input
    assert there["default"].default_output


@pytest.mark.parametrize("name", ["microphone", "MicroPhone", "phone"])
def test_part_of_a_name_in_any_case_will_do(sound_server: SoundServer, name: str) -> None:
    assert find("input", name).name == "microphone"


def test_without_a_name_the_default_is_meant(sound_server: SoundServer) -> None:
    assert find("input", None).name == "default"
    assert find("output", None).name == "default"


def test_a_name_that_fits_several_asks_for_more_of_it(sound_server: SoundServer) -> None:
    with pytest.raises(UserError, match=r"any of these loudspeakers: '.*', '.*'.*--output"):
        find("output", "a")


def test_an_unknown_name_lists_those_there_are(sound_server: SoundServer) -> None:
    with pytest.raises(UserError, match=r"no microphone called 'speaker'.*'microphone'"):
        find("input", "speaker")


def test_a_machine_without_sound_is_told_so(
    sound_server: SoundServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bare = tmp_path_factory.mktemp("bare") / "asound.conf"
    bare.write_text('pcm.!default { type pulse server "unix:/no/such/server" }')
    run = subprocess.run(
        [sys.executable, "-c", "from voice_coach.sound.devices import find; find('input', None)"],
        env={**os.environ, "ALSA_CONFIG_PATH": str(bare)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr.endswith(
        "UserError: There is no microphone on this machine: "
        "plug one in, then see 'voice-coach devices'.\n"
    )


def test_without_portaudio_the_package_to_install_is_named() -> None:
    # An interpreter in which no shared library is found, as on a machine without PortAudio.
    program = (
        "import ctypes.util, sys; ctypes.util.find_library = lambda name: None\n"
        "from voice_coach.errors import UserError\n"
        "from voice_coach.sound.devices import devices\n"
        "try: devices()\n"
        "except UserError as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == (
        "The sound library PortAudio is not installed: run 'sudo apt install libportaudio2' "
        "and try again.\n"
    )


def test_the_program_that_holds_a_device_is_named(tmp_path: Path) -> None:
    def substream(name: str, status: str) -> None:
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "status").write_text(status)

    substream("card0/pcm0p/sub0", f"state: RUNNING\nowner_pid   : {os.getpid()}\ndelay: 0\n")
    substream("card1/pcm0c/sub0", "closed\n")
    assert owner_of_busy("input", tmp_path) is None
    owner = owner_of_busy("output", tmp_path)
    assert owner is not None
    assert f"(process {os.getpid()})" in owner


def card_device(index: int, name: str) -> Device:
    return Device(index, name, 1, 1, default_input=False, default_output=False)


def test_the_name_for_settings_leaves_out_the_numbers_that_change() -> None:
    jabra = card_device(0, "Jabra SPEAK 410 USB: Audio (hw:1,0)")
    among = [jabra, card_device(1, "bcm2835 Headphones: - (hw:0,0)"), card_device(2, "default")]
    assert name_for_settings(jabra, among) == "Jabra SPEAK 410 USB: Audio"


def plugged_in(sysfs: Path, card: int, socket: str, serial: str | None) -> Device:
    """Return a USB device as PortAudio and the kernel tell of it."""
    usb_device = sysfs / "devices" / "usb1" / "1-1" / socket
    (usb_device / f"{socket}:1.0" / "sound" / f"card{card}").mkdir(parents=True)
    if serial is not None:
        (usb_device / "serial").write_text(f"{serial}\n")
    (sysfs / f"card{card}").mkdir()
    (sysfs / f"card{card}" / "device").symlink_to(usb_device / f"{socket}:1.0")
    name = f"USB PnP Sound Device: Audio (hw:{card},0)"
    return Device(card, name, 1, 1, default_input=False, default_output=False, **usb(name, sysfs))


@pytest.mark.parametrize(
    ("serials", "told_apart"),
    [
        (("A1", "B2"), ["serial A1", "serial B2"]),
        (("same", "same"), ["socket 1-1.2", "socket 1-1.4"]),
        ((None, None), ["socket 1-1.2", "socket 1-1.4"]),
    ],
)
def test_two_that_are_alike_are_told_apart_whichever_comes_first(
    tmp_path: Path, serials: tuple[str | None, str | None], told_apart: list[str]
) -> None:
    for cards in ((1, 2), (2, 1)):
        sysfs = tmp_path / f"first{cards[0]}"
        twins = [
            plugged_in(sysfs, card, socket, serial)
            for card, socket, serial in zip(cards, ("1-1.2", "1-1.4"), serials, strict=True)
        ]
        names = [name_for_settings(twin, twins) for twin in twins]
        assert names == [f"USB PnP Sound Device: Audio, {mark}" for mark in told_apart]
        assert [matching(name.upper(), twins) for name in names] == [[twins[0]], [twins[1]]]
        assert len(matching("USB PnP", twins)) == 2


def test_what_is_no_usb_device_has_no_socket(tmp_path: Path) -> None:
    assert usb("default", tmp_path) == usb("Headphones (hw:0,0)", tmp_path)
    assert usb("default", tmp_path) == {"socket": None, "serial": None}


def test_the_name_for_settings_keeps_them_where_two_are_alike() -> None:
    twins = [card_device(i, f"USB Audio: - (hw:{i},0)") for i in range(2)]
    assert name_for_settings(twins[1], twins) == "USB Audio: - (hw:1,0)"


def test_quiet_silences_the_c_libraries_but_not_python() -> None:
    program = (
        "import ctypes, os, sys\n"
        "from voice_coach.sound.devices import quiet\n"
        "libc = ctypes.CDLL(None)\n"
        "with quiet():\n"
        "    libc.perror(b'ALSA lib')\n"
        "    print('heard', file=sys.stderr)\n"
        "libc.perror(b'again')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stderr.startswith("heard\nagain: ")
