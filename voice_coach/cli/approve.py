"""``voice-coach approve``: write down that a professional approves of practising."""

import argparse
from datetime import datetime

from voice_coach.cli.person_option import add_person, of
from voice_coach.home.approval import approve
from voice_coach.home.settings import Settings
from voice_coach.programme.screening import about


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
    now = datetime.now().astimezone()
    by = " ".join(arguments.by.split())
    blocks = approve(settings, by, " ".join(arguments.note.split()), now)
    print(f"Written down: {by} approves of practising, on {now:%Y-%m-%d}, in spite of")
    for name in blocks:
        print(f"  {about(name)}")
    print("What a later screening finds needs an approval of its own.")
    return 0
