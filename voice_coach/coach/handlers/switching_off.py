"""Switching the machine off, when somebody asked for it and said yes; nothing else does it."""

from voice_coach.coach.actions import SwitchOff
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, TimeReached
from voice_coach.coach.memory import Memory
from voice_coach.coach.states import State

QUESTION = Cue("switch_off.ask")


def ask(memory: Memory, event: Command) -> State:
    """Ask whether the machine is to be switched off; or say that this one cannot be."""
    memory.hush()
    if not memory.can_switch_off:
        memory.say(Cue("switch_off.cannot"))
        return State.SUMMING_UP
    memory.reminders = 0
    memory.say(QUESTION)
    return State.SWITCHING_OFF


def agreed(memory: Memory, event: Command) -> State:
    """Say so and do it; ask again where the yes is doubtful."""
    if not event.sure:
        return again(memory, event)
    memory.hush()
    memory.say(Cue("switching_off"), repeatable=False)
    memory.do(SwitchOff(memory.now))
    return State.SUMMING_UP


def again(memory: Memory, event: Command) -> State:
    """Ask again: what was said is no plain yes."""
    memory.hush()
    memory.say(QUESTION)
    return State.SWITCHING_OFF


def unanswered(memory: Memory, event: TimeReached) -> State:
    """Stay on: silence switches nothing off."""
    return State.SWITCHING_OFF if memory.awaiting is not None else State.ASLEEP
