"""What the table is made of: columns, entries, and the rows that states have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from voice_coach.coach.events import (
    CalibrationFinished,
    DiaryBack,
    DiaryLost,
    DoorAnswered,
    Event,
    HearingReport,
    NotUnderstood,
    PlansMade,
    SoundBack,
    SoundLost,
    Spoken,
    Thump,
    TimeReached,
    VolumeAsked,
)
from voice_coach.coach.handlers import requests
from voice_coach.coach.memory import Memory
from voice_coach.coach.states import Intent, State

Column: TypeAlias = Intent | type[Event]
Handler: TypeAlias = Callable[[Memory, Any], State]

COLUMNS: Final[tuple[Column, ...]] = (
    *Intent,
    NotUnderstood,
    Thump,
    Spoken,
    TimeReached,
    HearingReport,
    CalibrationFinished,
    SoundLost,
    SoundBack,
    DiaryLost,
    DiaryBack,
    PlansMade,
    VolumeAsked,
    DoorAnswered,
)


@dataclass(frozen=True, slots=True)
class Transition:
    """What one event does in one state, and which states may follow."""

    handler: Handler
    targets: frozenset[State]


Row: TypeAlias = dict[Column, Transition]


def to(handler: Handler, *targets: State) -> Transition:
    """Return the entry of `handler`, which leads to one of `targets`."""
    return Transition(handler, frozenset(targets))


def ignoring(state: State) -> Row:
    """Return a row in which nothing means anything in `state`, but plans and volume are taken."""
    row: Row = dict.fromkeys(COLUMNS, to(requests.ignore, state))
    row[PlansMade] = to(requests.plans_made, state)
    row[VolumeAsked] = to(requests.set_volume, state)
    return row


def staying(state: State, handlers: Mapping[Column, Handler]) -> Row:
    """Return the part of a row whose events leave the coach in `state`."""
    return {column: to(handler, state) for column, handler in handlers.items()}
