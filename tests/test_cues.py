"""Whatever the coach may come to say, the script has words for; and it says whatever has words."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from hypothesis import given, settings

import voice_coach
from tests.coach.stage import PEOPLE, Stage
from tests.coach.test_invariants import stages
from voice_coach.coach import Mode, Play
from voice_coach.hearing.heels import CalibrationReason, MicrophoneProblem
from voice_coach.programme.questions import load_questions
from voice_coach.programme.replies import FACTS
from voice_coach.programme.rules import load_rules
from voice_coach.speaking import Script
from voice_coach.speaking.tones import tones

PACKAGE = Path(voice_coach.__file__).parent
SCRIPT = Script.load(people=PEOPLE)

FAMILIES: Final[Mapping[str, Iterable[str]]] = {
    "advise": [q.name for q in load_questions() if q.otherwise == "advise"],
    "answer": FACTS,
    "ask": [question.name for question in load_questions()],
    "block": [q.name for q in load_questions() if q.otherwise == "block"],
    "calibration": CalibrationReason,
    "felt": ("easy", "fine", "hard", "sore"),
    "help": Mode,
    "microphone": MicrophoneProblem,
    "not_understood": Mode,
    "noted": [q.name for q in load_questions() if q.when == "screening"],
    "refused": load_rules().may_override,
}
"""Cues whose names are put together: the first part, and what may follow it."""


def named() -> Iterator[str]:
    """Yield every text in the rooms that name cues, and every name that is put together."""
    for room in ("coach", "programme", "home"):
        for path in (PACKAGE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
    for family, members in FAMILIES.items():
        yield from (f"{family}.{member}" for member in members)
    yield from (question.reply for question in load_questions())


@given(stages())
@settings(max_examples=100, deadline=None)
def test_whatever_is_said_has_words_for_its_slots(stage: Stage) -> None:
    for action in stage.actions:
        for cue in action.cues if isinstance(action, Play) else ():
            if not cue.is_tone:
                assert SCRIPT.lines(cue.name, dict(cue.slots)), cue


def test_whatever_has_words_is_said_at_some_time() -> None:
    assert set(SCRIPT.cues) - set(named()) == set()


def test_whatever_is_wrong_with_a_calibration_has_words() -> None:
    for family in ("calibration", "microphone"):
        assert {f"{family}.{member}" for member in FAMILIES[family]} <= set(SCRIPT.cues)


def test_every_tone_sounds_at_some_time() -> None:
    stand_ins = {SCRIPT.tone(cue) for cue in SCRIPT.cues}
    sounded = {name.removeprefix("tone.") for name in named() if name.startswith("tone.")}
    assert set(tones()) - stand_ins - sounded == set()
