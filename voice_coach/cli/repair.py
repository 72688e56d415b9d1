"""``voice-coach repair``: what can be read of a damaged diary, in a sound one beside it."""

import argparse
from datetime import datetime

from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.backups import repair
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the sound one, and say how it takes the place of the other; nothing is replaced."""
    settings = of(arguments, settings)
    file, kept = repair(settings.diary, datetime.now().astimezone())
    print(f"{kept} entries could be read, and are written down in {file}.")
    whose = f" --person {arguments.person}" if arguments.person else ""
    print(f"To use it: voice-coach restore{whose} {file}")
    return 0
