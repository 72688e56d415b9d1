"""Whose diary a command is about, where several people live."""

import argparse

from voice_coach.errors import UserError
from voice_coach.home.settings import Settings


def add_person(parser: argparse.ArgumentParser) -> None:
    """Declare ``--person``."""
    parser.add_argument(
        "--person", metavar="NAME", type=str.lower, help="whose, where several people live"
    )


def of(arguments: argparse.Namespace, settings: Settings) -> Settings:
    """Return the settings of the person who was named."""
    if arguments.person is not None and not isinstance(arguments.person, str):
        raise UserError("Say whose with --person NAME.")  # "--person=--", of which nothing is left
    return settings.of(arguments.person)
