"""``voice-coach approve``: write down that a professional approves of practising."""

import argparse
from datetime import datetime

from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings
from voice_coach.programme.screening import about, findings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    parser.add_argument(
        "--by", required=True, metavar="NAME", help="the therapist or doctor who approves"
    )
    parser.add_argument("--note", default="", metavar="TEXT", help="what they said of it")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Lift what the screening found, beside a speaker that is running if need be."""
    settings = of(arguments, settings)
    by = " ".join(arguments.by.split())
    if not by:
        raise UserError("An approval needs a name; write --by and who approves.")
    now = datetime.now().astimezone()
    with Diary.open(settings.diary) as diary:
        history = diary.history().on(now.date())
    blocks = findings(now.date(), history).verdict().blocks
    if not blocks:
        raise UserError(
            "There is nothing to approve of: no screening that was finished has found what would "
            "block a session."
        )
    with Diary.open_for_remarks(settings.diary) as diary:
        diary.approve(now, by, " ".join(arguments.note.split()))
    print(f"Written down: {by} approves of practising, on {now:%Y-%m-%d}, in spite of")
    for name in blocks:
        print(f"  {about(name)}")
    print("What a later screening finds needs an approval of its own.")
    return 0
