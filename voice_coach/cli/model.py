"""``voice-coach model``: the command recogniser's models."""

import argparse
import sys
from pathlib import Path

from voice_coach.hearing.commands.model_download import STOCK, install
from voice_coach.hearing.commands.model_store import choose, installed
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="list the models that are there, and which one is used")
    fetch = actions.add_parser("install", help="fetch, verify and install a Vosk model")
    fetch.add_argument("name", nargs="?", default=STOCK, help="(default: %(default)s)")
    fetch.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="install from a zip archive that you have, instead of fetching it",
    )
    fetch.add_argument("--sha256", metavar="DIGEST", help="the digest that the archive must have")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """List or install."""
    if arguments.action == "install":
        model = install(
            arguments.name,
            arguments.source,
            sha256=arguments.sha256,
            progress=sys.stderr.isatty(),
        )
        print(f"Installed {model.name} ({model.size / 1e6:.1f} MB) in {model.path}.")
        print(f'To use it, write  model = "{model.name}"  into your settings.')
        return 0
    models = installed()
    if not models:
        print("No model is installed; 'voice-coach model install' fetches one.")
        return 0
    used = choose(settings.model, settings.language)
    for model in models:
        mark = "*" if model == used else " "
        origin = "shipped" if model.shipped else "installed"
        print(f"{mark} {model.name:32} {model.size / 1e6:6.1f} MB  {origin}  {model.path}")
    print("The one marked * is used.")
    return 0
