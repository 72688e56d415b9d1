"""``voice-coach export``: the diary as CSV for a spreadsheet, or as a backup."""

import argparse
import io
import sys
from pathlib import Path

from voice_coach.cli.damage import tell_of_damage
from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.backups import backup
from voice_coach.diary.diary import Diary
from voice_coach.diary.export import header, write_csv
from voice_coach.home.settings import Settings
from voice_coach.private_files import keep_from_replacing, told, write_private


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument(
        "--csv",
        nargs="?",
        const="-",
        metavar="FILE",
        help="write CSV to FILE, or to the terminal without one; an earlier CSV file is renewed, "
        "anything else left alone",
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
        tell_of_damage(diary)
    written = io.StringIO()
    write_csv(sessions, arguments.per, written)
    if arguments.csv == "-":
        sys.stdout.write(written.getvalue())
        return 0
    keep_from_replacing(Path(arguments.csv), begins=header(arguments.per).encode())
    with told(f"{arguments.csv} cannot be written ({{why}}); name another file."):
        write_private(Path(arguments.csv), written.getvalue())
    return 0
