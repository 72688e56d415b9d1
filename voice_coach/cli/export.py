"""``voice-coach export``: the diary as CSV for a spreadsheet, or as a backup."""

import argparse
import io
import sys
from pathlib import Path

from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.backups import backup
from voice_coach.diary.diary import Diary
from voice_coach.diary.export import write_csv
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument(
        "--csv",
        nargs="?",
        const="-",
        metavar="FILE",
        help="write CSV to FILE, or to the terminal without one",
    )
    form.add_argument(
        "--backup",
        type=Path,
        metavar="FILE",
        help="write the whole diary to a new FILE, which `restore` takes back",
    )
    parser.add_argument(
        "--per",
        choices=("repetition", "session"),
        default="repetition",
        help="what a row of the CSV stands for (default: %(default)s)",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the diary out; a session may be going on meanwhile."""
    settings = of(arguments, settings)
    if arguments.backup:
        backup(settings.diary, arguments.backup)
        return 0
    with Diary.open(settings.diary) as diary:
        sessions = diary.sessions()
    written = io.StringIO()
    write_csv(sessions, arguments.per, written)
    if arguments.csv == "-":
        sys.stdout.write(written.getvalue())
        return 0
    try:
        Path(arguments.csv).write_text(written.getvalue(), encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{arguments.csv} cannot be written ({error.strerror}); name another file."
        ) from error
    return 0
