"""What the coach answers when it is asked: from the diary and the facts, three sentences at most.

Pure, as the plan is. An answer is a few lines, each the name of a cue; the sentences are the
script's. Every cue that may be named stands in `CUES`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from voice_coach.programme.history import History
from voice_coach.programme.today import Line, Plan, Today

FACTS: Final = (
    "why_heel_drops",
    "how_to",
    "how_long_until",
    "who_should_not",
    "pain",
    "dizzy",
    "fell",
    "breathless",
    "chest_pain",
    "settled",
)
"""Intents whose answer is always the same: one cue, ``answer.INTENT``."""

CUES: Final = (
    *(f"answer.{intent}" for intent in FACTS),
    "answer.todays_plan",
    "answer.todays_plan.screening",
)


def answers(day: date, history: History, now: Today) -> Mapping[str, tuple[Line, ...]]:
    """Return the answer to everything that may be asked on `day`."""
    fixed = {intent: (Line(f"answer.{intent}"),) for intent in FACTS}
    return {**fixed, "todays_plan": _plan(now)}


def _plan(now: Today) -> tuple[Line, ...]:
    if now.screening:
        return (Line("answer.todays_plan.screening"),)
    answer = now.plans[now.level]
    if isinstance(answer, Plan):
        slots: dict[str, str | int] = {
            "level": answer.level,
            "repetitions": answer.repetitions,
            "sets": answer.sets,
        }
        return (Line("answer.todays_plan", slots),)
    return (Line(answer.reason, answer.slots),)
