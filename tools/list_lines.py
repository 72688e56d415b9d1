"""List what the coach says, and the file in `audio/` that replaces it when it is there.

Usage: python -m tools.list_lines [LANGUAGE]
"""

import sys
from itertools import product

from voice_coach.speaking import Script
from voice_coach.speaking.recordings import file_name


def main() -> None:
    script = Script.load(*sys.argv[1:2])
    print("# Cues: one recording for all the sentences of a cue")
    for cue in script.cues:
        slots = script.slots(cue)
        # A cue of several slots has too many combinations to record: see its lines below.
        for values in product(*slots.values()) if len(slots) < 2 else ():
            name = "-".join((cue, *values))
            text = " ".join(script.lines(cue, dict(zip(slots, values, strict=True))))
            print(f"{script.language}/{name}.wav\t{text}")
    print("# Lines: one recording for a sentence, wherever it is said")
    for text in script.every_line():
        print(f"{script.language}/lines/{file_name(text)}.wav\t{text}")


if __name__ == "__main__":
    main()
