"""The offer to count by voice, when the sound of the drops could not be learnt.

Nothing is heard then, and nothing pretends to be: the coach counts the drops that it calls, and
the diary has them as not heard.
"""

from typing import Final

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command
from voice_coach.coach.handlers.ending import end_session
from voice_coach.coach.handlers.repetition import proceed
from voice_coach.coach.memory import Memory
from voice_coach.coach.states import State
from voice_coach.programme.ledger import EndReason

OFFER: Final = Cue("calibration.offer")
"""The question whether to go on without being heard."""


def offer(memory: Memory, *cues: Cue) -> State:
    """Ask, after `cues`, whether to go on without being heard."""
    memory.reminders = 0
    memory.say(*cues, OFFER)
    memory.last_said = (OFFER,)
    return State.OFFERING


def accept(memory: Memory, event: Command) -> State:
    """Keep time and count aloud from here on, and hear nothing."""
    session = memory.training()
    memory.hush()
    session.never_hears = session.reassured = True
    session.unheard_in_a_row = 0
    return proceed(memory, Cue("calibration.counting"))


def decline(memory: Memory, event: Command) -> State:
    """End the session: they do not want to go on like this."""
    memory.hush()
    return end_session(memory, EndReason.STOPPED, Cue("declined"))
