"""``voice-coach run``: the speaker."""

import argparse
import sys
from collections.abc import Callable

import msgspec

from voice_coach.home import speaker
from voice_coach.home.settings import Settings, default_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_devices(parser)
    parser.add_argument(
        "--patient",
        action="store_true",
        help="where it cannot start or go on, say so aloud, wait, and try again: for a service",
    )


def add_devices(parser: argparse.ArgumentParser) -> None:
    """Declare which devices may be named."""
    parser.add_argument("--input", metavar="NAME", help="microphone, or a part of its name")
    parser.add_argument("--output", metavar="NAME", help="loudspeaker, or a part of its name")


def devices(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the devices that were named, to replace those in the settings."""
    named = {name: getattr(arguments, name) for name in ("input", "output")}
    return {name: value for name, value in named.items() if value is not None}


def run_from(arguments: argparse.Namespace, load: Callable[[], Settings]) -> int:
    """Listen and coach until stopped; settings that cannot be read are told aloud, too."""
    speaker.run(
        lambda: msgspec.structs.replace(load(), **devices(arguments)),
        announce=lambda sentence: print(sentence, flush=True),
        progress=sys.stderr.isatty(),
        patient=arguments.patient,
        file=arguments.settings or default_file(),
    )
    return 0
