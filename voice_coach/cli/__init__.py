"""The command line: what each command takes and does stands in a module of its own."""

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final

from voice_coach import __version__
from voice_coach.errors import UserError

COMMANDS: Final = {
    "run": "be the speaker: listen and coach until stopped",
    "rehearse": "play a whole session with a simulated person, faster than real time",
    "hear": "run the ears on recordings, and print what they hear",
    "calibrate": "learn what your own heel drops sound like",
    "contribute": "write your thumps, and nothing else, to a file that may be sent to the project",
    "devices": "list microphones and loudspeakers",
    "doctor": "check that everything the speaker needs is there",
    "config": "show the settings in force, and where each comes from",
    "plan": "show what is planned for today, or for weeks ahead",
    "screening": "show, change or forget the answers to the questions before a first session",
    "approve": "write down that a therapist or doctor approves of practising",
    "history": "show what was done",
    "report": "draw a page for the therapist: what was done, heard and told of",
    "export": "write the diary to a file",
    "restore": "read a backup of the diary back in",
    "repair": "write what can be read of a damaged diary into a sound one beside it",
    "forget": "delete the diary and the calibration for good",
    "lines": "list what the coach says, and the names of recordings that replace it",
    "record": "let the coach say a sentence in your own voice",
    "languages": "list the languages there are, and what each lacks",
    "home": "serve a page for whoever helps: what was done, the prescription, backups",
    "model": "list, install or choose a command recogniser's model",
}
"""Every command, and what it does; the module of the same name holds it."""

_LOG = logging.getLogger(__name__)

INTERRUPTED: Final = 130
EXTRA: Final = frozenset({"scipy", "matplotlib"})
"""Packages that only rehearsals and pictures need."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv`; return 0 when it is done, 1 when it cannot be, 2 for bad usage."""
    _open_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    mask = os.umask(0o077)  # whatever is written is its owner's alone
    try:
        if any("\0" in word for word in words):
            raise UserError("What was typed holds a NUL, which no name can have; leave it out.")
        arguments = _parser(words).parse_args(words)
        logging.basicConfig(
            level=logging.INFO if arguments.verbose else logging.WARNING,
            format="%(levelname)s %(name)s: %(message)s",
        )
        return _done(arguments)
    except UserError as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing more can be said on it.
        sys.stderr.close()
        return 1
    except Exception as error:
        _LOG.info("where it happened:", exc_info=True)
        return _refused(_unexpected(error))
    finally:
        os.umask(mask)


def _done(arguments: argparse.Namespace) -> int:
    """Do what `arguments` ask for; return the exit code."""
    from voice_coach.home.settings import Settings  # noqa: PLC0415 - after --help and --version

    load = partial(Settings.load, arguments.settings)
    module = import_module(_module(arguments.command))
    result: int = (
        # The speaker tells aloud what is wrong with its settings.
        module.run_from(arguments, load)
        if hasattr(module, "run_from")
        else module.run(arguments, load())
    )
    sys.stdout.flush()
    return result


def _unexpected(error: Exception) -> str:
    """Return the sentence for what nobody has foreseen."""
    match error:
        case ModuleNotFoundError(name=str(name)) if name.split(".")[0] in EXTRA:
            return (
                f"This needs {name}, which the speaker alone does without: run 'scripts/setup "
                "--rehearse', or install voice-coach with its extra 'rehearsal'."
            )
        case MemoryError():
            return "There is not enough memory for that; give it less, or close something."
        case OSError():
            return f"That cannot be done ({error.strerror or error})."
    return (
        f"Something went wrong that should not ({type(error).__name__}: {error}); "
        "with --verbose it says where."
    )


def _refused(sentence: str) -> int:
    """Say why nothing came of it; return the exit code."""
    try:
        sys.stdout.flush()
    except OSError:
        # What could not be printed would fail again at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    print(f"voice-coach: {' '.join(sentence.split())}", file=sys.stderr)
    return 1


def _open_streams() -> None:
    """Let everything be printed: in any locale, and where a stream was closed."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif isinstance(stream, io.TextIOWrapper) and name != "stdin":
            stream.reconfigure(errors="replace")


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser; only the module of the command in `words` is imported for it."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--settings", type=Path, metavar="FILE", help="settings to use instead of your own"
    )
    common.add_argument("--verbose", action="store_true", help="say on stderr what goes on")
    parser = argparse.ArgumentParser(
        prog="voice-coach",
        description="An offline smart speaker that coaches heel drops.",
    )
    parser.add_argument("--version", action="version", version=f"voice-coach {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", parents=[common]
        )
        if name in words:
            import_module(_module(name)).add_arguments(command)
    return parser


def _module(command: str) -> str:
    return f"voice_coach.cli.{command}"
