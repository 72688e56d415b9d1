"""``voice-coach rehearse``: a whole session with a simulated person."""

import argparse
import logging
import sys
from contextlib import nullcontext
from pathlib import Path

import msgspec

from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel
from voice_coach.home import equipment
from voice_coach.home.settings import Settings
from voice_coach.rehearsal import Rehearsal, Scenario, rehearse
from voice_coach.rehearsal.folder import filling
from voice_coach.rehearsal.scenario import shipped

_LOG = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "scenario",
        nargs="?",
        default="beginner",
        metavar="SCENARIO.toml",
        help=f"a scenario's file, or one of: {', '.join(shipped())} (default: %(default)s)",
    )
    parser.add_argument("--seed", type=int, help="instead of the scenario's own")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write microphone.wav, speaker.wav, session.json and timeline.png there: a folder "
        "that is empty, not there yet, or of an earlier rehearsal",
    )
    parser.add_argument("--json", action="store_true", help="print the session as JSON")
    parser.add_argument(
        "--scripted",
        action="store_true",
        help="understand the person's commands by script, not by ear",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Rehearse, and say what came of it."""
    scenario = Scenario.load(arguments.scenario)
    if arguments.seed is not None and arguments.seed < 0:
        raise UserError("The seed must be a whole number from 0 up.")
    voice = equipment.voice(settings, **scenario.own_words())
    progress = sys.stderr.isatty()
    for fault in voice.prepare(progress):
        print(f"voice-coach: {fault.text}: {fault.reason}", file=sys.stderr)
    # Made sure of first: nobody should wait for a rehearsal that has nowhere to go.
    with nullcontext() if arguments.out is None else filling(arguments.out) as folder:
        rehearsal = rehearse(
            scenario,
            voice,
            model=None if arguments.scripted else _model(settings),
            seed=arguments.seed,
            out=folder,
            progress=progress,
        )
        if folder is not None:
            from voice_coach.rehearsal.timeline import draw  # noqa: PLC0415 - slow to import

            draw(folder)
    if arguments.json:
        sys.stdout.write(
            msgspec.json.format(msgspec.json.encode(rehearsal.as_table())).decode() + "\n"
        )
    else:
        print(_report(rehearsal, arguments.out))
    return 0


def _model(settings: Settings) -> CommandModel | None:
    """Return the recogniser's model; without one, say that commands go by script."""
    try:
        return equipment.model(settings)
    except UserError as error:
        if settings.model is not None:
            raise
        print(f"voice-coach: {error} Commands go by script.", file=sys.stderr)
        return None


def _report(rehearsal: Rehearsal, out: Path | None) -> str:
    table = rehearsal.as_table()
    lines = [
        f"{rehearsal.scenario.title}: {rehearsal.seconds / 60:.1f} minutes, "
        f"{table['ended'] or 'no session'}.",
        f"{table['prompted']} drops prompted, {table['heard']} heard "
        f"({table['soft']} soft, {table['hard']} hard), {table['not_heard']} not heard.",
        f"The person landed {sum(1 for x in rehearsal.person.landings if x.drop)} times.",
    ]
    if out is not None:
        lines += [
            f"What the microphone heard:  {out / 'microphone.wav'}",
            f"What the speaker said:      {out / 'speaker.wav'}",
            f"Every event and repetition: {out / 'session.json'}",
            f"The picture of it:          {out / 'timeline.png'}",
        ]
    return "\n".join(lines)
