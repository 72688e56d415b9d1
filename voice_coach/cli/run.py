"""``voice-coach run``: the speaker."""

import argparse
import sys

import msgspec

from voice_coach.home import speaker
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--input", metavar="NAME", help="microphone, or a part of its name")
    parser.add_argument("--output", metavar="NAME", help="loudspeaker, or a part of its name")


def devices(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the devices that were named, to replace those in the settings."""
    named = {name: getattr(arguments, name) for name in ("input", "output")}
    return {name: value for name, value in named.items() if value is not None}


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Listen and coach until stopped."""
    speaker.run(
        msgspec.structs.replace(settings, **devices(arguments)),
        announce=lambda sentence: print(sentence, flush=True),
        progress=sys.stderr.isatty(),
    )
    return 0
