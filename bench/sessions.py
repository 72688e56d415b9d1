"""Measure whole sessions in many homes: what was said and landed against what was made of it.

Each home is drawn from a seed: floor, footwear, voice, distance, noises, rhythm. Somebody says
"start beginner" once, "slower", "skip the rest" and "stop" (again, when it goes on), answers
questions, leaves drops out and lands softly now and then; the shipped ears hear it all through
the loop. Prints a line for each home and the sums as JSON; nothing depends on the machine.

Usage: python -m bench.sessions [--homes N] [--seed N] [--keep FOLDER]
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel
from voice_coach.home import equipment
from voice_coach.home.phrases import coach_phrases
from voice_coach.home.settings import Settings
from voice_coach.rehearsal import Scenario, rehearse
from voice_coach.rehearsal.rehearse import Rehearsal
from voice_coach.rehearsal.scenario import NoiseHeard, Person, Remark, Room
from voice_coach.simulation.strike import FLOORS, FOOTWEAR
from voice_coach.speaking import Voice

VOICES = tuple(f"gmw/{accent}+{kind}" for accent in ("en-us", "en") for kind in ("f2", "m1", "f4"))
"""Voices of espeak-ng with which the person may speak; none is the coach's."""

NOISES = {"tap": 44.0, "dishes": 54.0, "cupboard": 56.0, "steps": 50.0, "talk": 54.0}
"""What may sound in a home, and how loud at the microphone, in dB re 20 µPa."""

LAST = 3 + 10 + 5
"""The rise in which "stop" is said, calibration drops included; again in the next if need be."""


COUNTED = frozenset({"heard", "soft", "hard"})


@dataclass(frozen=True, slots=True)
class Home:
    """A scenario, and the drops (numbered through the session) that are not good ones."""

    scenario: Scenario
    missed: frozenset[int]
    soft: frozenset[int]


def home(seed: int) -> Home:
    """Draw a home."""
    random = np.random.default_rng(seed)
    drops = random.permutation(np.arange(2, 9))[:4].tolist()
    missed, soft = frozenset(drops[:2]), frozenset(drops[2:])
    noises = []
    for kind, level in NOISES.items():
        if random.random() < 0.25:
            begin = float(random.uniform(40, 120))
            loudness = level + float(random.uniform(-4, 4))
            noises.append(NoiseHeard(kind=kind, level_db=loudness, from_=begin))
    loudness = float(random.uniform(60, 70))

    def says(text: str, **when: Any) -> Remark:
        return Remark(text=text, level_db=loudness, **when)

    person = Person(
        voice=str(random.choice(VOICES)),
        reaction=float(random.uniform(0.2, 0.45)),
        misses=missed,
        soft=soft,
        says=(
            says("start beginner", at=5.0),
            says("slower", cue="count", nth=1, after=1.0),
            says("skip the rest", cue="posture", after=9.0),
            *(
                says("stop", cue="rise", nth=LAST + i, after=float(random.uniform(0, 2)))
                for i in (0, 1)
            ),
        ),
    )
    kitchen = Room(
        floor=str(random.choice(sorted(FLOORS))),
        footwear=str(random.choice(sorted(FOOTWEAR))),
        distance_m=float(random.uniform(0.8, 2.0)),
        noises=tuple(noises),
    )
    title = f"{seed}: {kitchen.floor}, {kitchen.footwear}"
    return Home(Scenario(title=title, seed=seed, kitchen=kitchen, person=person), missed, soft)


def counts(where: Home, rehearsal: Rehearsal) -> Counter[str]:
    """Count what was done in a home, and what was made of it."""
    found: Counter[str] = Counter(homes=1)
    phrases = coach_phrases()
    wanted = Counter(
        next(m.intent for mode in phrases.modes if (m := phrases.match(saying.text, mode)))
        for saying in rehearsal.person.sayings
    )
    got = Counter(e["intent"] for e in rehearsal.transcript.events if e["kind"] == "Command")
    said = [saying.text for saying in rehearsal.person.sayings]
    found["sessions begun"] = int(bool(rehearsal.transcript.repetitions))
    found["sessions to stop"] = int("stop" in said)
    found["sessions stopped"] = int(rehearsal.transcript.ended == "stopped" and "stop" in said)
    found["sessions stopped at the first word"] = int(
        rehearsal.transcript.ended == "stopped" and said.count("stop") == 1
    )
    found["commands said"] = wanted.total()
    found["commands heard"] = (wanted & got).total()
    found["commands invented"] = (got - wanted).total()
    cues = {cue["cue"] for cue in rehearsal.transcript.cues}
    deaf = not cues.isdisjoint({"noise.too_loud", "calibration.failed"})
    found["homes not listened to"] = int(deaf)
    landed = {landing.drop for landing in rehearsal.person.landings}
    for number, repetition in enumerate(rehearsal.transcript.repetitions, start=1):
        outcome = repetition.outcome
        if number in where.missed:
            found["left out"] += 1
            found["left out, counted"] += outcome in COUNTED
        elif number in where.soft:
            found["soft"] += 1
            found["soft, told as soft"] += outcome == "soft"
            found["soft, left open"] += outcome == "unsure"
            found["soft, not heard"] += outcome == "not_heard"
        elif number in landed:
            found["good"] += 1
            found["good, counted"] += outcome in {"heard", "hard"}
            found["good, told as soft"] += outcome == "soft"
    return found


def main() -> int:
    """Rehearse every home and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--homes", type=int, default=16)
    parser.add_argument("--seed", type=int, default=900, help="of the first home")
    parser.add_argument("--keep", type=Path, help="folder for the recordings of every home")
    arguments = parser.parse_args()
    settings = Settings()
    voice: Voice = equipment.voice(settings)
    voice.prepare(progress=True)
    model: CommandModel = equipment.model(settings)
    total: Counter[str] = Counter()
    minutes = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for seed in tqdm(range(arguments.seed, arguments.seed + arguments.homes), unit=" homes"):
            where = home(seed)
            out = (arguments.keep or Path(scratch)) / str(seed)
            try:
                rehearsal = rehearse(where.scenario, voice, model=model, out=out)
                found = counts(where, rehearsal)
                minutes += rehearsal.seconds / 60
            except UserError as error:
                found = Counter({"homes": 1, "sessions without an end": 1})
                tqdm.write(f"{where.scenario.title}: {error}")
            tqdm.write(f"{where.scenario.title}: {json.dumps(dict(found))}")
            total += found
    print(json.dumps({**total, "minutes": round(minutes, 1)}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
