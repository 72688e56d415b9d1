"""``voice-coach record``: a sentence of the coach in a person's own voice."""

import argparse
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.home.household_words import words_of
from voice_coach.home.settings import Settings
from voice_coach.speaking import Script
from voice_coach.speaking.own_recordings import keep, remove


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "line", metavar="LINE", help="the words, or the name that 'voice-coach lines' gives them"
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a sound file in which they are said"
    )
    parser.add_argument(
        "--remove", action="store_true", help="delete the recording; the coach speaks again"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Keep or delete a recording; the speaker takes it over when nothing is going on."""
    script = Script.load(settings.spoken, **words_of(settings))
    if arguments.remove:
        if arguments.file is not None:
            raise UserError("Give a file to record, or --remove; not both.")
        print(f"Removed: “{remove(settings.recordings, script, arguments.line)}”")
        return 0
    if arguments.file is None:
        raise UserError("Name the sound file in which it is said, or give --remove.")
    kept = keep(settings.recordings, script, arguments.line, arguments.file)
    than = "louder" if kept.louder_db > 0 else "softer"
    print(
        f"“{kept.text}”: {kept.seconds:.1f} seconds. It was {abs(kept.louder_db):.0f} dB {than} "
        f"than the coach, and is as loud now: {kept.file}"
    )
    return 0
