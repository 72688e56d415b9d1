"""``voice-coach config``: the settings in force, and where each comes from."""

import argparse
import tomllib
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from voice_coach.errors import UserError
from voice_coach.home.settings import Person, Settings, default_file
from voice_coach.text_files import read_text, shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--name", metavar="NAME", help="check whether somebody can be called so, and nothing else"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every setting, one a line; or whether a name can be heard."""
    if arguments.name is not None:
        _check_name(settings, arguments.name)
        return 0
    file = default_file() if arguments.settings is None else arguments.settings
    try:
        written = set(tomllib.loads(read_text(file, "settings file")))
    except UserError:  # where one was named and is not there, the settings were not read
        written = set()
    for name, value in asdict(settings).items():
        origin = shown(file) if name in written else "default"
        print(f"{name:18} {_value(value):40} {origin}")
    return 0


def _check_name(settings: Settings, name: str) -> None:
    """Raise UserError where nobody can be called `name`."""
    from voice_coach.home import equipment  # noqa: PLC0415 - a recogniser is slow to load

    people = {**settings.people, name: Person()}
    household = replace(settings, people=people)
    equipment.phrases(household, equipment.model(household))
    print(f"{name} can be told apart.")


def _value(value: Any) -> str:
    if value is None or value == {}:
        return "-"
    if isinstance(value, Struct):
        return ", ".join(f"{key} {_value(of)}" for key, of in asdict(value).items())
    if isinstance(value, dict):
        return ", ".join(value)
    return shown(value)
