"""What the coach does when it is spoken to and nothing else has to follow from it."""

from typing import Final

from voice_coach.coach.actions import SetVolume
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, Event, NotUnderstood, PlansMade, Spoken, VolumeAsked
from voice_coach.coach.handlers.resting import next_set
from voice_coach.coach.memory import Memory
from voice_coach.coach.pacing import MISUNDERSTOOD_LIMIT, VOLUME_STEP_DB, VOLUME_STEPS
from voice_coach.coach.states import Intent, State

PARDON: Final = Cue("tone.pardon")
"""Something was said, and not understood."""

DONE_TODAY: Final = "answer.when_next.done"
"""Part of the answer to when the next session is that nobody needs to hear after a session."""


def fall_asleep(memory: Memory, event: Spoken) -> State:
    """Sleep when the last words have been said."""
    return State.ASLEEP if event.utterance == memory.awaiting else State.SUMMING_UP


def greet(memory: Memory, event: Command) -> State:
    """Say how to begin: somebody wants something, and has not said what."""
    memory.answer(Cue("hello"))
    return memory.state


def carry_on(memory: Memory, event: Command) -> State:
    """Go on as before: "don't stop" is heard so that it is not mistaken."""
    return memory.state


def tired(memory: Memory, event: Command) -> State:
    """Say that a break may be taken."""
    memory.answer(Cue("tired"))
    return memory.state


def skip_rest(memory: Memory, event: Command) -> State:
    """Go to the next set at once."""
    memory.hush()
    return next_set(memory)


def slower(memory: Memory, event: Command) -> State:
    """Lengthen the rhythm from the next repetition on."""
    session = memory.training()
    before, session.tempo = session.tempo, memory.limits.slower(session.tempo)
    memory.answer(Cue("slowest" if session.tempo == before else "slower"))
    return memory.state


def faster(memory: Memory, event: Command) -> State:
    """Shorten the rhythm from the next repetition on, but not below what is safe."""
    session = memory.training()
    before, session.tempo = session.tempo, memory.limits.faster(session.tempo)
    memory.answer(Cue("fastest" if session.tempo == before else "faster"))
    return memory.state


def louder(memory: Memory, event: Command) -> State:
    """Speak louder."""
    return _change_volume(memory, 1, "louder", "loudest")


def quieter(memory: Memory, event: Command) -> State:
    """Speak more quietly."""
    return _change_volume(memory, -1, "quieter", "quietest")


def repeat(memory: Memory, event: Command) -> State:
    """Say the last thing of substance again."""
    if memory.last_said:
        memory.answer(*memory.last_said)
    return memory.state


def how_many_left(memory: Memory, event: Command) -> State:
    """Say how many repetitions are left in this set, and how many sets after it."""
    session = memory.training()
    left = session.left_in_set
    if memory.state in {State.RISING, State.HOLDING}:
        left -= 1  # it is said after the repetition in progress
    cues = [] if memory.state is State.RESTING else [Cue.of("left", repetitions=max(left, 0))]
    if session.sets_left:
        cues.append(Cue.of("left.sets", sets=session.sets_left))
    memory.answer(*cues)
    return memory.state


def explain(memory: Memory, event: Command) -> State:
    """Say what can be said now."""
    memory.answer(memory.cue_for_mode("help"), repeatable=True)
    return memory.state


def not_understood(memory: Memory, event: NotUnderstood) -> State:
    """Ask to say it again; who goes on not to be understood hears a tone, and no more words."""
    memory.misunderstood += 1
    asks = memory.misunderstood <= MISUNDERSTOOD_LIMIT
    if memory.is_busy and not memory.awaits_landing:
        memory.play(memory.now, PARDON)
    elif not asks:
        memory.answer(PARDON)
    if asks:
        memory.answer(memory.cue_for_mode("not_understood"))
    return memory.state


def ignore(memory: Memory, event: Event) -> State:
    """Let it pass: it means nothing in this state."""
    return memory.state


def plans_made(memory: Memory, event: PlansMade) -> State:
    """Take over the plans for today."""
    memory.take_plans(event)
    return memory.state


def set_volume(memory: Memory, event: VolumeAsked) -> State:
    """Speak as loud as somebody wishes who does not speak; it is heard at the next word."""
    wanted = min(max(event.steps, VOLUME_STEPS[0]), VOLUME_STEPS[-1])
    if wanted != memory.volume:
        memory.volume = wanted
        memory.do(SetVolume(memory.now, wanted * VOLUME_STEP_DB))
    return memory.state


def tell_next(memory: Memory, event: PlansMade) -> State:
    """Take over the plans for today; after a session, say when the next is, and what it may be."""
    memory.take_plans(event)
    if memory.tells_next:
        memory.tells_next = False
        lines = memory.today.answers.get(Intent.WHEN_NEXT, ())
        cues = [Cue.of(line.cue, **line.slots) for line in lines if line.cue != DONE_TODAY]
        if memory.today.offered is not None:
            cues.append(Cue.of("offer", level=memory.today.offered))
        if cues:
            memory.say(*cues, repeatable=False)
    return memory.state


def _change_volume(memory: Memory, step: int, changed: str, limit: str) -> State:
    wanted = memory.volume + step
    if wanted not in VOLUME_STEPS:
        memory.answer(Cue(limit))
        return memory.state
    memory.volume = wanted
    memory.do(SetVolume(memory.now, wanted * VOLUME_STEP_DB))
    memory.answer(Cue(changed))
    return memory.state
