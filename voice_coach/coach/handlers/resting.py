"""Rest between two sets, counted down: its handlers."""

from typing import Final

from voice_coach.clock import to_samples, to_seconds
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import TimeReached
from voice_coach.coach.handlers.repetition import prepare
from voice_coach.coach.memory import Memory
from voice_coach.coach.pacing import REST_MARKS
from voice_coach.coach.states import State

REST_STEP: Final = 15
"""Seconds to which the length of a rest is told, and the shortest that is told."""

POSTURES: Final = 6
"""Words on posture, one a rest."""


def announce_rest(memory: Memory, *cues: Cue) -> State:
    """Say, after `cues`, how long the rest still is, a word on posture, and one thing to know."""
    session = memory.training()
    left = to_seconds(session.rest_end - memory.now)
    seconds = max(round(left / REST_STEP), 1) * REST_STEP
    posture = Cue.of("posture", number=(session.set - 1) % POSTURES + 1)
    tip, session.tip = session.tip, ()
    memory.say(*cues, Cue.of("rest", seconds=seconds), posture, *tip)
    return go_on_resting(memory)


def rest(memory: Memory, length: int) -> State:
    """Rest for `length` samples, counted down."""
    memory.training().rest_end = memory.now + length
    return go_on_resting(memory)


def go_on_resting(memory: Memory) -> State:
    """Rest until the end of the rest, counted down."""
    session = memory.training()
    left = session.rest_end - memory.now
    session.rest_marks = [mark for mark in REST_MARKS if to_samples(mark + 12) <= left]
    _wake_for_rest(memory)
    return State.RESTING


def rested(memory: Memory, event: TimeReached) -> State:
    """Count the rest down; begin the next set when it is over."""
    session = memory.training()
    if event.at >= session.rest_end:
        return next_set(memory)
    memory.say(Cue.of("rest_left", seconds=session.rest_marks.pop(0)), repeatable=False)
    _wake_for_rest(memory)
    return State.RESTING


def next_set(memory: Memory) -> State:
    """Announce and prepare the next set."""
    session = memory.training()
    session.set += 1
    session.number = session.unheard_in_a_row = session.open_in_a_row = 0
    session.reassured = session.deaf = session.entered = False
    return prepare(memory, Cue.of("next_set", set=session.set, sets=session.plan.sets))


def _wake_for_rest(memory: Memory) -> None:
    session = memory.training()
    marks = session.rest_marks
    memory.deadline = session.rest_end - to_samples(marks[0] if marks else 0)
