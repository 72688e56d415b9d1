"""What the command ear costs, in a process that imports nothing but the product.

    python -m research.commands.cost_alone MODEL SOUNDS

SOUNDS is an .npz file: "first" is heard before memory is read, of every other sound it is told how
much processor time it takes. Prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.hearing.commands import CommandEar, CommandModel
from voice_coach.home.phrases import coach_phrases
from voice_coach.samples import Samples

_REPEATS = 3
"""Times that processor time is measured; the least counts, for other programs only add to it."""


def _spent(ear: CommandEar, sound: Samples) -> float:
    began = time.process_time()
    for start in range(0, len(sound) - BLOCK + 1, BLOCK):
        ear.feed(sound[start : start + BLOCK])
    ear.flush()
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    model, sounds = Path(sys.argv[1]), np.load(sys.argv[2])
    began = time.process_time()
    ear = CommandEar(CommandModel.load(model), coach_phrases())
    figures = {"load, seconds": round(time.process_time() - began, 3)}
    ear.listen_for("exercising")
    _spent(ear, sounds["first"])
    # Not getrusage: its peak survives the start of a new program in the same process.
    status = Path("/proc/self/status").read_text()
    figures["memory of the process, MB"] = round(int(status.split("VmHWM:")[1].split()[0]) / 1e3)
    for kind in sounds.files[1:]:
        sound = sounds[kind]
        spent = min(_spent(ear, sound) for _ in range(_REPEATS))
        figures[f"{kind}, ms per second"] = round(1000 * spent / (len(sound) / SAMPLE_RATE), 1)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
