"""``voice-coach lines``: what the coach says, and the names of recordings that replace it."""

import argparse
from collections.abc import Iterator
from itertools import product

from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.levels import load_levels
from voice_coach.speaking import Script
from voice_coach.speaking.recordings import cue_name, line_name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--language", metavar="CODE", help="a language to list instead of the one you have set"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the file name and the words of everything that a recording can replace."""
    script = Script.load(
        arguments.language or settings.language,
        people=tuple(settings.people),
        cautions=tuple(_cautions(settings)),
    )
    print("# Cues: one recording for all the sentences of a cue")
    for cue in script.cues:
        slots = script.slots(cue)
        # A cue of several slots has too many combinations to record: see its lines below.
        for values in product(*slots.values()) if len(slots) < 2 else ():
            text = " ".join(script.lines(cue, dict(zip(slots, values, strict=True))))
            print(f"{script.language}/{cue_name(cue, values)}.wav\t{text}")
    print("# Lines: one recording for a sentence, wherever it is said")
    for text in script.every_line():
        print(f"{script.language}/lines/{line_name(text)}.wav\t{text}")
    return 0


def _cautions(settings: Settings) -> Iterator[str]:
    """Yield what the therapists of the household want to be said."""
    files = [settings.prescription, *(person.prescription for person in settings.people.values())]
    for file in filter(None, files):
        yield from read_prescription(file, load_levels()).cautions
