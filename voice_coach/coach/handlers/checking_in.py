"""The question "are you all right?", after drops in a row that were not heard."""

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, TimeReached
from voice_coach.coach.handlers.calibrating import calibrate
from voice_coach.coach.handlers.counting_aloud import OFFER
from voice_coach.coach.handlers.ending import end_session
from voice_coach.coach.handlers.interruption import hold
from voice_coach.coach.handlers.repetition import break_off, proceed
from voice_coach.coach.memory import Memory
from voice_coach.coach.pacing import STOP_SILENCE
from voice_coach.coach.states import State
from voice_coach.programme.ledger import EndReason


def all_is_well(memory: Memory, event: Command) -> State:
    """Go on after checking in."""
    session = memory.training()
    session.unheard_in_a_row = 0
    session.reassured = True
    memory.hush()
    return proceed(memory, Cue("resumed"))


def calibrate_anew(memory: Memory, event: Command) -> State:
    """Learn what the drops sound like now, then go on: shoes or floor have changed."""
    memory.training().unheard_in_a_row = 0
    memory.hush()
    return calibrate(memory)


def not_well(memory: Memory, event: Command) -> State:
    """End the session: the answer to "are you all right?" was no."""
    break_off(memory)
    return end_session(memory, EndReason.STOPPED, Cue("not_well"), after=STOP_SILENCE)


def no_answer(memory: Memory, event: TimeReached) -> State:
    """Ask once more, then pause."""
    if memory.awaiting is not None:
        return memory.state
    memory.reminders += 1
    if memory.reminders == 1:
        again = OFFER if memory.state is State.OFFERING else Cue("check_in.again")
        memory.say(Cue("tone.attention"), again)
        return memory.state
    return hold(memory, Cue("check_in.paused"))
