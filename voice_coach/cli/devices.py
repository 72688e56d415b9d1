"""``voice-coach devices``: the microphones and loudspeakers there are; what keys are called."""

import argparse
import sys
import time
from typing import Final

import msgspec

from voice_coach.controls import key_names
from voice_coach.controls.keys import MUTE_SWITCH, Keys
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings
from voice_coach.sound.devices import Device, Direction, devices, find, name_for_settings

_HEADINGS: Final[dict[Direction, str]] = {"input": "Microphones", "output": "Loudspeakers"}

_ADVICE: Final = """\
The arrow marks what the speaker uses. To use another, put its name, or a part of it, in the
settings (such as: input = "USB Audio") or give it with --input and --output."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print every device as JSON")
    form.add_argument(
        "--check",
        action="store_true",
        help="print nothing; succeed where the microphone and the loudspeaker "
        "that the speaker would use are there",
    )
    form.add_argument(
        "--keys",
        action="store_true",
        help="say what each key that is pressed is called, on a keyboard, a pedal or a pin",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the devices, or check for the two that the speaker would use."""
    if arguments.check:
        find("input", settings.input)
        find("output", settings.output)
        return 0
    if arguments.keys:
        return _tell_keys()
    there = devices()
    if arguments.json:
        content = [_entry(device, there) for device in there]
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode() + "\n")
        return 0
    print("\n".join(_table("input", settings.input, there)))
    print("\n".join(_table("output", settings.output, there)))
    if there:
        print(_ADVICE)
    return 0


def _tell_keys() -> int:
    """Say what is pressed, until it is ended."""
    keys = Keys({*range(1, key_names.HIGHEST + 1), MUTE_SWITCH})
    keys.look()
    if not keys.names:
        if keys.refused:
            raise UserError(
                f"The keys of {', '.join(keys.refused)} may not be read; to join the group that "
                "may: sudo adduser $USER input, then log in anew."
            )
        raise UserError("There is no key to be pressed here; plug one in.")
    print(f"Press a key, or Ctrl+C to end. Keys of: {', '.join(dict.fromkeys(keys.names))}.")
    try:
        while True:
            for moved in [*keys.look(), *keys.take()]:
                if moved.number == MUTE_SWITCH:
                    print(
                        f"{moved.device}: the microphone's switch, {'on' if moved.down else 'off'}"
                    )
                elif moved.down:
                    print(f"{moved.device}: {_written(moved.number)}", flush=True)
            time.sleep(0.05)
    except KeyboardInterrupt:
        return 0
    finally:
        keys.close()


def _written(number: int) -> str:
    """Return a key as it stands in the settings."""
    name = key_names.name(number)
    return name if name == str(number) else f'"{name}"'


def _entry(device: Device, among: list[Device]) -> dict[str, str | int | bool]:
    return {
        "name": device.name,
        "name_for_settings": name_for_settings(device, among),
        "input_channels": device.inputs,
        "output_channels": device.outputs,
        "default_input": device.default_input,
        "default_output": device.default_output,
    }


def _table(direction: Direction, named: str | None, there: list[Device]) -> list[str]:
    """Return the lines for the microphones or the loudspeakers."""
    these = [device for device in there if device.does(direction)]
    try:
        used, problem = find(direction, named), None
    except UserError as error:
        used, problem = None, str(error)
    lines = [_HEADINGS[direction]]
    for device in these:
        default = device.default_input if direction == "input" else device.default_output
        name = name_for_settings(device, these)
        mark = "→" if device == used else " "
        lines.append(f"  {mark} {name}{'  (the default)' if default else ''}")
    if problem is not None:
        lines.append(f"    {problem}")
    return [*lines, ""]
