"""``voice-coach forget``: delete all that is kept of a person, for good."""

import argparse

from voice_coach.cli.confirmation import confirmed
from voice_coach.cli.person_option import add_person, of
from voice_coach.home.forgetting import forget_everything
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask whether you are sure")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Delete every session, every answer and the calibration, once the person is sure."""
    settings = of(arguments, settings)
    question = (
        f"Delete everything in the diary {settings.diary}, what was learnt of these heels, and the "
        "sound that was kept of them, for good?"
    )
    if not confirmed(question, yes=arguments.yes):
        print("Nothing was deleted.")
        return 0
    gone = forget_everything(settings)
    if not gone:
        print("There is no diary to delete.")
        return 0
    listed = ", ".join(gone[:-1]) + (" and " if len(gone) > 1 else "") + gone[-1]
    print(
        f"Deleted for good: {listed}. Backups and exports that you wrote elsewhere are still "
        "there, and so are your settings and the names that you taught to a model."
    )
    return 0
