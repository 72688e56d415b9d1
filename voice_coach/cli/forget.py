"""``voice-coach forget``: delete the diary for good."""

import argparse

from voice_coach.cli.questions import confirmed
from voice_coach.diary.copies import forget
from voice_coach.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--yes", action="store_true", help="do not ask whether you are sure")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Delete every session, once the person is sure."""
    question = f"Delete everything in the diary {settings.diary}, for good?"
    if not confirmed(question, yes=arguments.yes):
        print("Nothing was deleted.")
    elif forget(settings.diary):
        print("The diary is deleted. Backups that you wrote elsewhere are still there.")
    else:
        print("There is no diary to delete.")
    return 0
