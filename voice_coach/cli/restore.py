"""``voice-coach restore``: put a backup in the place of the diary."""

import argparse
from datetime import datetime
from pathlib import Path

from voice_coach.cli.confirmation import confirmed
from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.backups import restore
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    parser.add_argument("backup", type=Path, help="a file that `export --backup` wrote")
    parser.add_argument("--yes", action="store_true", help="do not ask whether you are sure")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Restore the backup, once the person is sure; the diary of before is kept beside it."""
    settings = of(arguments, settings)
    question = f"Put {arguments.backup} in the place of the diary {settings.diary}?"
    if not confirmed(question, yes=arguments.yes):
        print("Nothing was changed.")
        return 0
    before = restore(settings.diary, arguments.backup, datetime.now().astimezone())
    print(
        "Restored." if before is None else f"Restored. What was there before is kept as {before}."
    )
    return 0
