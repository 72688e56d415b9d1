"""``voice-coach model``: the command recogniser's models."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel, Phrases, grammar
from voice_coach.hearing.commands.model_check import check_loads
from voice_coach.hearing.commands.model_download import STOCK, install
from voice_coach.hearing.commands.model_store import (
    InstalledModel,
    choose,
    installed,
    is_outdated,
    remove,
)
from voice_coach.hearing.commands.more_words import add_words
from voice_coach.hearing.commands.phones import Pronunciation
from voice_coach.hearing.commands.phrase_file import normal
from voice_coach.hearing.commands.pronunciation import as_espeak_says, given
from voice_coach.home.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    common = argparse.ArgumentParser(add_help=False)
    # As before the action: left out here, what was said there holds.
    common.add_argument("--settings", type=Path, metavar="FILE", default=argparse.SUPPRESS)
    common.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser(
        "list", help="list the models that are there, and which one is used", parents=[common]
    )
    fetch = actions.add_parser(
        "install", help="fetch, verify and install a Vosk model", parents=[common]
    )
    fetch.add_argument("name", nargs="?", default=STOCK, help="(default: %(default)s)")
    fetch.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="install from a zip archive that you have, instead of fetching it",
    )
    fetch.add_argument("--sha256", metavar="DIGEST", help="the digest that the archive must have")
    away = actions.add_parser("remove", help="delete an installed model", parents=[common])
    away.add_argument("name", metavar="NAME")
    more = actions.add_parser(
        "add-words",
        help="let a copy of the model know more words, without training",
        parents=[common],
    )
    more.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="a word, as espeak-ng says it, or with its pronunciation: 'latte=L AA T EY'",
    )
    more.add_argument(
        "--phrases",
        type=Path,
        metavar="FILE",
        help="every word of a phrase file, and what tells its sentences apart",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """List, install, remove or extend."""
    if arguments.action == "install":
        model = install(
            arguments.name,
            arguments.source,
            sha256=arguments.sha256,
            progress=sys.stderr.isatty(),
            check=check_loads,
        )
        print(f"Installed {model.name} ({model.size / 1e6:.1f} MB) in {model.path}.")
        _tell_of_settings(model)
    elif arguments.action == "remove":
        gone = remove(arguments.name)
        print(f"Deleted {gone.path} ({gone.size / 1e6:.1f} MB).")
    elif arguments.action == "add-words":
        _add_words(arguments, settings)
    else:
        _list(settings)
    return 0


def _list(settings: Settings) -> None:
    models = installed()
    if not models:
        print("No model is installed; 'voice-coach model install' fetches one.")
        return
    used = choose(settings.model, settings.language)
    for model in models:
        mark = "*" if model == used else " "
        origin = "shipped" if model.shipped else "installed"
        if is_outdated(model, models):
            origin = "outdated"
        print(f"{mark} {model.name:32} {model.size / 1e6:6.1f} MB  {origin}  {model.path}")
    print("The one marked * is used.")
    if any(is_outdated(model, models) for model in models):
        print("One that is outdated is renewed, with its words, by 'voice-coach model add-words'.")


def _add_words(arguments: argparse.Namespace, settings: Settings) -> None:
    models = installed()
    renews = any(is_outdated(model, models) for model in models)
    if not arguments.words and arguments.phrases is None and not renews:
        raise UserError("Say which words to add, or name a phrase file with --phrases.")
    used = choose(settings.model, settings.language)
    model = CommandModel.load(used.path)
    added = dict(map(_word, arguments.words))
    copies: Counter[str] = Counter()
    if arguments.phrases is not None:
        phrases = Phrases.load(arguments.phrases)
        unknown = grammar.unknown_words(phrases, model)
        added = {word: as_espeak_says(word) for word in unknown if word not in added} | added
        copies = grammar.copies(phrases)
    changed = add_words(used, added, copies)
    for word, said in sorted(added.items()):
        print(f"{word:20} {' or '.join(map(' '.join, said))}")
    print(f"{changed.name} knows {len(added)} more ({changed.size / 1e6:.1f} MB, {changed.path}).")
    if changed != choose(settings.model, settings.language):
        _tell_of_settings(changed)


def _word(text: str) -> tuple[str, tuple[Pronunciation, ...]]:
    """Return the word that `text` names, with its pronunciations."""
    spelt, is_given, said = text.partition("=")
    word = normal(spelt)
    if not word.replace("'", "").isalpha():
        raise UserError(f"{spelt!r} is not a word; one is written in letters, and without gaps.")
    return word, (given(said),) if is_given else as_espeak_says(word)


def _tell_of_settings(model: InstalledModel) -> None:
    print(f'To use it, write  model = "{model.name}"  into your settings.')
