"""How a set felt: asked in the rest, entered as it was answered, silence as silence."""

from typing import Final

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, TimeReached
from voice_coach.coach.handlers.complaints import end_in_pain
from voice_coach.coach.handlers.ending import end_session
from voice_coach.coach.handlers.resting import announce_rest, next_set
from voice_coach.coach.memory import Memory
from voice_coach.coach.states import Intent, State
from voice_coach.programme.ledger import Complaint, EndReason, Feeling, SetFelt

FEELINGS: Final = {
    Intent.FELT_EASY: Feeling.EASY,
    Intent.FELT_FINE: Feeling.FINE,
    Intent.FELT_HARD: Feeling.HARD,
    Intent.TIRED: Feeling.HARD,
    Intent.FELT_SORE: Feeling.SORE,
    Intent.FELT_PAIN: Feeling.PAIN,
}

COMPLAINTS: Final = (Intent.FELT_SORE, Intent.FELT_PAIN)
"""Of these, what opens a complaint."""


def answered(memory: Memory, event: Command) -> State:
    """Enter how the set felt; go on with the rest, or to the end after the last set."""
    feeling = FEELINGS[event.intent]
    memory.hush()
    enter(memory, feeling)
    if feeling is Feeling.PAIN:
        return end_in_pain(memory, Complaint.PAIN)
    return _go_on(memory, Cue(f"felt.{feeling}"))


def unanswered(memory: Memory, event: TimeReached) -> State:
    """Enter silence as silence, and go on."""
    if memory.awaiting is not None:
        return State.FEELING
    enter(memory, Feeling.SILENCE)
    return _go_on(memory)


def skip_rest(memory: Memory, event: Command) -> State:
    """Go to the next set at once, or to the end after the last."""
    memory.hush()
    enter(memory, Feeling.SILENCE)
    if memory.training().sets_left == 0:
        return _go_on(memory)
    return next_set(memory)


def enter(memory: Memory, feeling: Feeling) -> None:
    """Enter how the set felt."""
    memory.record(SetFelt(memory.now, memory.training().set, feeling))


def _go_on(memory: Memory, *cues: Cue) -> State:
    session = memory.training()
    if session.sets_left == 0:
        return end_session(memory, EndReason.COMPLETED, *cues, Cue("tone.done"))
    return announce_rest(memory, *cues)
