"""``voice-coach forget``: delete all that is kept of a person, for good."""

import argparse

from voice_coach.cli.confirmation import confirmed
from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.backups import forget, forget_heels
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask whether you are sure")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Delete every session, every answer and the calibration, once the person is sure."""
    settings = of(arguments, settings)
    question = (
        f"Delete everything in the diary {settings.diary}, and what was learnt of these heels, "
        "for good?"
    )
    if not confirmed(question, yes=arguments.yes):
        print("Nothing was deleted.")
        return 0
    diary = forget(settings.diary)
    heels = forget_heels(settings.calibration)
    if not diary and not heels:
        print("There is no diary to delete.")
        return 0
    gone = [name for name, was in (("The diary", diary), ("The calibration", heels)) if was]
    print(
        f"{' and '.join(gone).replace('and The', 'and the')} {'is' if len(gone) == 1 else 'are'} "
        "deleted. Backups that you wrote elsewhere are still there."
    )
    return 0
