"""Measure what landings are answered with: the soft ones by how soft, and reproaches counted.

A person who lands softly now and then rehearses whole sessions in several quiet kitchens; commands
go by script, the heels are really heard. Each landing is looked up in what the coach said
before the next rise: a word for it, the bare count, a guess ("three, I think", or its tone), or
nothing.

Usage: python -m bench.landings [--homes N]
"""

import argparse
from collections import Counter
from typing import Final

from voice_coach.clock import to_seconds
from voice_coach.home import equipment
from voice_coach.home.settings import Settings
from voice_coach.rehearsal import Rehearsal, Scenario, rehearse
from voice_coach.rehearsal.scenario import Background, Past, Person, Remark, Room
from voice_coach.speaking import Voice

HOMES: Final = (
    ("wood", "shoe"),
    ("tile", "shoe"),
    ("vinyl", "slipper"),
    ("laminate", "bare"),
)

SOFT_RATE: Final = 0.4

EFFORTS: Final = {"very soft": (0.0, 0.27), "soft": (0.27, 0.35), "rather soft": (0.35, 0.5)}
"""Landing speed against a good drop: what a soft landing is called."""

ANSWERS: Final = ("in words", "counted", "as a guess", "not heard", "silence")

REPROACHES: Final = frozenset({"not_heard", "summary.soft", "summary.not_heard"})
"""What tells somebody that a drop did not count; of these the last two no longer exist."""


def scenario(number: int) -> Scenario:
    """Return the session of one home."""
    floor, footwear = HOMES[number % len(HOMES)]
    return Scenario(
        title="Soft landings",
        seed=number + 1,
        kitchen=Room(floor=floor, footwear=footwear, distance_m=1.2),
        background=Background(past=(Past(days_ago=3, level="beginner"),)),
        person=Person(
            soft_rate=SOFT_RATE,
            says=(
                Remark(text="start the session", at=4.0),
                Remark(text="yes i'm fine", cue="check_in", after=6.0),
            ),
        ),
    )


def answers(rehearsal: Rehearsal) -> Counter[tuple[str, str]]:
    """Return how many landings of each softness were answered how."""
    cues = rehearsal.transcript.cues
    rises = [cue["start"] for cue in cues if cue["cue"] in {"rise", "feel", "feel.first"}]
    found: Counter[tuple[str, str]] = Counter()
    for landing in rehearsal.person.landings:
        if not landing.drop:
            continue
        kinds = [kind for kind, (low, high) in EFFORTS.items() if low <= landing.effort < high]
        at = to_seconds(landing.at)
        until = min((rise for rise in rises if rise > at), default=at + 3.0)
        said = {cue["cue"] for cue in cues if at < cue["start"] < until}
        found[kinds[0] if kinds else "good", _answer(said)] += 1
    return found


def _answer(said: set[str]) -> str:
    if "soft" in said:
        return "in words"
    if "count" in said:
        return "counted"
    if said & {"unsure", "tone.perhaps"}:
        return "as a guess"
    return "not heard" if said & {"not_heard", "check_in"} else "silence"


def main() -> None:
    """Rehearse in every home, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--homes", type=int, default=len(HOMES), help="how many (%(default)s)")
    arguments = parser.parse_args()
    voice: Voice = equipment.voice(Settings())
    voice.prepare(progress=False)
    total: Counter[tuple[str, str]] = Counter()
    reproaches = 0
    for number in range(arguments.homes):
        rehearsal = rehearse(scenario(number), voice)
        total += answers(rehearsal)
        reproaches += sum(cue["cue"] in REPROACHES for cue in rehearsal.transcript.cues)
    print(f"| landing | {' | '.join(ANSWERS)} |")
    print(f"| --- |{' ---: |' * len(ANSWERS)}")
    for kind in ("good", *EFFORTS):
        counts = [total[kind, answer] for answer in ANSWERS]
        shares = (f"{count / max(sum(counts), 1):.0%}" for count in counts)
        print(f"| {kind} ({sum(counts)}) | {' | '.join(shares)} |")
    print(f"\nTold that a drop was not heard, or added up as one: {reproaches} times.")


if __name__ == "__main__":
    main()
