"""``voice-coach lines``: what the coach says, and the names of recordings that replace it."""

import argparse
from itertools import product

from voice_coach.home.household_words import words_of
from voice_coach.home.settings import Settings
from voice_coach.speaking.recordings import cue_name
from voice_coach.speaking.script import Script, line_name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--language", metavar="CODE", help="a language to list instead of the one you have set"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the file name and the words of everything that a recording can replace."""
    script = Script.load(arguments.language or settings.spoken, **words_of(settings))
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
