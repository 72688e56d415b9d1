"""Measure the way to the first count: seconds and words from "start" until "one" is said.

Six kinds of people rehearse the beginning of their first day and of a later one, in a quiet
simulated kitchen, at 145 words a minute, understood by script: what is measured is what is said
and asked, not how well it is heard. Seconds run from the end of their "start" to the beginning of
the first count, their answers included, or to the end of the last word where nothing is begun.

Usage: python -m bench.first_count [--transcript KIND]
"""

import argparse
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voice_coach.clock import to_seconds
from voice_coach.home import equipment
from voice_coach.home.residents import open_household
from voice_coach.home.settings import Settings
from voice_coach.programme.questions import load_questions
from voice_coach.rehearsal.scenario import Background, Past, Person, Remark, Scenario
from voice_coach.rehearsal.stage import SimulatedTime, Stage, settings_of
from voice_coach.speaking import Voice

START: Final = Remark(text="start the session", at=4.0)

CUT_IN: Final = 1.5
"""Seconds after a question has begun at which somebody impatient answers it."""

LATER: Final = Background(
    calibrated=True, past=tuple(Past(days_ago=ago, level="beginner") for ago in (4, 2))
)
FIRST: Final = Background(screened=False)


@dataclass(frozen=True, slots=True)
class Way:
    """How it went: in seconds and in words of the coach; whether anything was begun."""

    seconds: float
    words: int
    begun: bool


def people() -> dict[str, Person]:
    """Return the six kinds of people."""
    asked = {question.cue: str(question.safe) for question in load_questions()}
    every = {**asked, "screening.confirm": "yes"}
    cuts_in = tuple(Remark(text=answer, cue=cue, after=CUT_IN) for cue, answer in every.items())
    return {
        "healthy": Person(says=(START,)),
        "unsure of her balance": Person(
            says=(START,),
            answers=dict.fromkeys(("ask.unsteady", "ask.balance"), "i'm not sure"),
        ),
        "one block": Person(
            says=(START,),
            answers=dict.fromkeys(("ask.broken_bone", "ask.recent_fracture"), "yes"),
        ),
        "interrupts": Person(says=(START, *cuts_in), answers=dict.fromkeys(every, "")),
        "slow": Person(says=(START,), thinking=4.0),
        "asks to repeat": Person(
            says=(START,),
            answers={cue: ("pardon", answer) for cue, answer in every.items()},
        ),
    }


def way(person: Person, background: Background, voice: Voice) -> tuple[Way, list[str]]:
    """Rehearse until the first count or the end; return the way, and what was said on it."""
    scenario = Scenario(title="The way to the first count", person=person, background=background)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = settings_of(scenario, home, home / "diary")
        clock = SimulatedTime(scenario.started)
        household = stack.enter_context(open_household(settings, clock))
        stage = Stage(
            scenario,
            household,
            clock,
            voice=voice,
            model=None,
            phrases=equipment.phrases(settings, None),
            seed=1,
        )
        transcript = stage.transcript
        for _ in stage.blocks():
            if any(cue["cue"] == "count" for cue in transcript.cues):
                break
        begun = to_seconds(stage.person.sayings[0].end)
        counts = [cue["start"] for cue in transcript.cues if cue["cue"] == "count"]
        said = [cue for cue in transcript.cues if cue["text"] and cue["start"] >= begun]
        until = counts[0] if counts else max(cue["end"] for cue in said)
        said = [cue for cue in said if cue["start"] < until]
        words = sum(len(cue["text"].split()) for cue in said)
        lines = [(cue["start"], f"coach: {cue['text']}") for cue in said]
        lines += [(to_seconds(one.start), f"    she: {one.text}") for one in stage.person.sayings]
        told = [f"{at - begun:6.1f}  {text}" for at, text in sorted(lines)]
        return Way(until - begun, words, bool(counts)), told


def main() -> None:
    """Print the table, as it stands in the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transcript", metavar="KIND", help="print what was said with this kind")
    arguments = parser.parse_args()
    voice = equipment.voice(Settings())
    voice.prepare(progress=False)
    print("| who | first day: s | words | a later day: s | words |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind, person in people().items():
        ways = [way(person, background, voice) for background in (FIRST, LATER)]
        cells = [
            f"{found.seconds:.0f}{'' if found.begun else ' (not begun)'} | {found.words}"
            for found, _ in ways
        ]
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)
        if kind == arguments.transcript:
            for _, told in ways:
                print("\n".join(("", *told, "")))


if __name__ == "__main__":
    main()
