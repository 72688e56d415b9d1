"""``voice-coach config``: the settings in force, and where each comes from."""

import argparse
import tomllib
from typing import Any

from msgspec.structs import asdict

from voice_coach.errors import UserError
from voice_coach.home.settings import Settings, default_file
from voice_coach.text_files import read_text, shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes: nothing."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every setting, one a line."""
    file = default_file() if arguments.settings is None else arguments.settings
    try:
        written = set(tomllib.loads(read_text(file, "settings file")))
    except UserError:  # where one was named and is not there, the settings were not read
        written = set()
    for name, value in asdict(settings).items():
        origin = shown(file) if name in written else "default"
        print(f"{name:18} {_value(value):40} {origin}")
    return 0


def _value(value: Any) -> str:
    if value is None or value == {}:
        return "-"
    if isinstance(value, dict):
        return ", ".join(value)
    return shown(value)
