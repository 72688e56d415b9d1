"""How a set felt: asked in the rest, entered as it was answered, silence as silence."""

from typing import Final

from voice_coach.coach.complaints import end_in_pain
from voice_coach.coach.context import Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, TimeReached
from voice_coach.coach.repetition import end_session, go_on_resting, next_set
from voice_coach.coach.states import Intent, State
from voice_coach.programme.ledger import Complaint, EndReason, Feeling, SetFelt

FEELINGS: Final = {
    Intent.FELT_EASY: Feeling.EASY,
    Intent.FELT_FINE: Feeling.FINE,
    Intent.FELT_HARD: Feeling.HARD,
    Intent.FELT_SORE: Feeling.SORE,
    Intent.FELT_PAIN: Feeling.PAIN,
}


def answered(context: Context, event: Command) -> State:
    """Enter how the set felt; go on with the rest, or to the end after the last set."""
    feeling = FEELINGS[event.intent]
    context.hush()
    _enter(context, feeling)
    if feeling is Feeling.PAIN:
        return end_in_pain(context, Complaint.PAIN)
    return _go_on(context, Cue(f"felt.{feeling}"))


def unanswered(context: Context, event: TimeReached) -> State:
    """Enter silence as silence, and go on."""
    if context.awaiting is not None:
        return State.FEELING
    _enter(context, Feeling.SILENCE)
    return _go_on(context)


def skip_rest(context: Context, event: Command) -> State:
    """Go to the next set at once, or to the end after the last."""
    context.hush()
    _enter(context, Feeling.SILENCE)
    if context.training().sets_left == 0:
        return _go_on(context)
    return next_set(context)


def _enter(context: Context, feeling: Feeling) -> None:
    context.record(SetFelt(context.now, context.training().set, feeling))


def _go_on(context: Context, *cues: Cue) -> State:
    session = context.training()
    if session.sets_left == 0:
        return end_session(context, EndReason.COMPLETED, *cues, Cue("tone.done"))
    context.say(*cues, Cue.of("posture", number=(session.set - 1) % 6 + 1))
    return go_on_resting(context)
