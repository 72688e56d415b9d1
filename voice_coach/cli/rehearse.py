"""``voice-coach rehearse``: a whole session with a simulated person."""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel
from voice_coach.home import equipment
from voice_coach.home.settings import Settings
from voice_coach.rehearsal import Rehearsal, Scenario, dialogue, rehearse
from voice_coach.rehearsal.folder import filling
from voice_coach.rehearsal.scenario import shipped
from voice_coach.rehearsal.words import Language, load
from voice_coach.sound.audio_files import read_recording
from voice_coach.sound.playback import play

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
        "--play", action="store_true", help="play it afterwards, as it sounded in the kitchen"
    )
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
    words = load(settings.spoken)
    progress = sys.stderr.isatty()
    for fault in voice.prepare(progress):
        print(f"voice-coach: {fault.text}: {fault.reason}", file=sys.stderr)
    # Made sure of first: nobody should wait for a rehearsal that has nowhere to go.
    with _folder(arguments) as folder:
        rehearsal = rehearse(
            scenario,
            voice,
            model=None if arguments.scripted else _model(settings),
            seed=arguments.seed,
            out=folder,
            progress=progress,
        )
        if arguments.out is not None and folder is not None:
            from voice_coach.rehearsal.timeline import draw  # noqa: PLC0415 - slow to import

            draw(folder, words)
        heard = read_recording(folder / "microphone.wav") if folder and arguments.play else None
    if arguments.json:
        sys.stdout.write(
            msgspec.json.format(msgspec.json.encode(rehearsal.as_table())).decode() + "\n"
        )
    else:
        print(_report(rehearsal, arguments.out, words))
    if heard is not None:
        play(heard, settings.output)
    return 0


@contextmanager
def _folder(arguments: argparse.Namespace) -> Iterator[Path | None]:
    """Yield where the recordings go: what is only to be played is kept no longer than that."""
    if arguments.out is not None:
        with filling(arguments.out) as folder:
            yield folder
    elif arguments.play:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
    else:
        yield None


def _model(settings: Settings) -> CommandModel | None:
    """Return the recogniser's model; without one, say that commands go by script."""
    try:
        return equipment.model(settings)
    except UserError as error:
        if settings.model is not None:
            raise
        print(f"voice-coach: {error} Commands go by script.", file=sys.stderr)
        return None


def _report(rehearsal: Rehearsal, out: Path | None, words: Language) -> str:
    table, transcript = rehearsal.as_table(), rehearsal.transcript
    person, own = rehearsal.person, words.summary
    tally = transcript.tally
    lines = [
        *dialogue.lines(
            transcript.cues, transcript.actions, person.landings, person.sayings, words
        ),
        "",
        own.length.format(
            title=rehearsal.scenario.title,
            minutes=rehearsal.seconds / 60,
            ended=words.ended[table["ended"] or "none"],
        ),
        own.drops.format(
            prompted=table["prompted"],
            heard=tally.heard,
            soft=tally.soft,
            hard=tally.hard,
            not_heard=tally.not_heard,
            told=own.told.format(n=tally.told) if tally.told else "",
            unsure=own.unsure.format(n=tally.unsure) if tally.unsure else "",
        ),
        own.landed.format(n=sum(1 for landing in person.landings if landing.drop)),
    ]
    if out is not None:
        lines += [
            own[name].format(file=out / file)
            for name, file in (
                ("microphone", "microphone.wav"),
                ("speaker", "speaker.wav"),
                ("session", "session.json"),
                ("timeline", "timeline.png"),
            )
        ]
    return "\n".join(lines)
