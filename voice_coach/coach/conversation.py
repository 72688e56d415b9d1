"""What the coach does when it is spoken to and nothing else has to follow from it."""

from voice_coach.coach.actions import SetVolume
from voice_coach.coach.context import Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, Event, NotUnderstood, PlansMade, Spoken
from voice_coach.coach.pacing import MISUNDERSTOOD_LIMIT, VOLUME_STEP_DB, VOLUME_STEPS
from voice_coach.coach.repetition import next_set
from voice_coach.coach.states import State


def fall_asleep(context: Context, event: Spoken) -> State:
    """Sleep when the last words have been said."""
    return State.ASLEEP if event.utterance == context.awaiting else State.SUMMING_UP


def skip_rest(context: Context, event: Command) -> State:
    """Go to the next set at once."""
    context.hush()
    return next_set(context)


def slower(context: Context, event: Command) -> State:
    """Lengthen the rhythm from the next repetition on."""
    session = context.training()
    before, session.tempo = session.tempo, context.limits.slower(session.tempo)
    context.answer(Cue("slowest" if session.tempo == before else "slower"))
    return context.state


def faster(context: Context, event: Command) -> State:
    """Shorten the rhythm from the next repetition on, but not below what is safe."""
    session = context.training()
    before, session.tempo = session.tempo, context.limits.faster(session.tempo)
    context.answer(Cue("fastest" if session.tempo == before else "faster"))
    return context.state


def louder(context: Context, event: Command) -> State:
    """Speak louder."""
    return _change_volume(context, 1, "louder", "loudest")


def quieter(context: Context, event: Command) -> State:
    """Speak more quietly."""
    return _change_volume(context, -1, "quieter", "quietest")


def repeat(context: Context, event: Command) -> State:
    """Say the last thing of substance again."""
    if context.last_said:
        context.answer(*context.last_said)
    return context.state


def how_many_left(context: Context, event: Command) -> State:
    """Say how many repetitions are left in this set, and how many sets after it."""
    session = context.training()
    left = session.left_in_set
    if context.state in {State.RISING, State.HOLDING}:
        left -= 1  # it is said after the repetition in progress
    cues = [] if context.state is State.RESTING else [Cue.of("left", repetitions=max(left, 0))]
    if session.sets_left:
        cues.append(Cue.of("left.sets", sets=session.sets_left))
    context.answer(*cues)
    return context.state


def explain(context: Context, event: Command) -> State:
    """Say what can be said now."""
    context.answer(context.cue_for_mode("help"), repeatable=True)
    return context.state


def not_understood(context: Context, event: NotUnderstood) -> State:
    """Ask to say it again, but never go on about it."""
    context.misunderstood += 1
    if context.misunderstood <= MISUNDERSTOOD_LIMIT:
        context.answer(context.cue_for_mode("not_understood"))
    return context.state


def keep(context: Context, event: Event) -> State:
    """Let it pass: it means nothing in this state."""
    return context.state


def plans_made(context: Context, event: PlansMade) -> State:
    """Take over the plans for today."""
    context.take_plans(event)
    return context.state


def _change_volume(context: Context, step: int, changed: str, limit: str) -> State:
    wanted = context.volume + step
    if wanted not in VOLUME_STEPS:
        context.answer(Cue(limit))
        return context.state
    context.volume = wanted
    context.do(SetVolume(context.now, wanted * VOLUME_STEP_DB))
    context.answer(Cue(changed))
    return context.state
