"""``voice-coach calibrate``: learn what one's own heel drops sound like."""

import argparse
import re
import sys
from pathlib import Path

import msgspec

from voice_coach.cli import run as run_command
from voice_coach.cli.person_option import add_person, of
from voice_coach.home import speaker
from voice_coach.home.heel_store import Underfoot
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    run_command.add_devices(parser)
    parser.add_argument(
        "--footwear",
        type=word,
        metavar="WORD",
        help="what you wear now, such as slippers; each has a calibration of its own, and a "
        "session begins by finding out which it is",
    )
    parser.add_argument(
        "--floor", type=word, metavar="WORD", help="what you stand on now, such as tiles"
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="also keep what the microphone heard there, to measure the ear on real heels; "
        "without it no sound is kept",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Have the coach ask for three good drops and a gentle one, and keep what was learnt."""
    settings = of(arguments, settings)
    underfoot = Underfoot(arguments.footwear, arguments.floor)
    learnt = speaker.calibrate(
        msgspec.structs.replace(settings, **run_command.devices(arguments)),
        announce=lambda sentence: print(sentence, flush=True),
        progress=sys.stderr.isatty(),
        keep=arguments.keep,
        underfoot=underfoot if underfoot != Underfoot() else None,
    )
    print("Learnt." if learnt else "Nothing was learnt; please try again.")
    return 0 if learnt else 1


def word(text: str) -> str:
    """Return `text` in small letters; ArgumentTypeError for anything but one word of letters."""
    if not re.fullmatch("[a-z]{2,20}", text.lower()):
        raise argparse.ArgumentTypeError(f"{text!r} is not one word of letters, such as slippers")
    return text.lower()
