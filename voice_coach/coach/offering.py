"""The offer to count by voice, when the sound of the drops could not be learnt.

Nothing is heard then, and nothing pretends to be: the coach counts the drops that it calls, and
the diary has them as not heard.
"""

from typing import Final

from voice_coach.coach.context import Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command
from voice_coach.coach.repetition import end_session, proceed
from voice_coach.coach.states import State
from voice_coach.programme.ledger import EndReason

OFFER: Final = Cue("calibration.offer")
"""The question whether to go on without being heard."""


def offer(context: Context, *cues: Cue) -> State:
    """Ask, after `cues`, whether to go on without being heard."""
    context.reminders = 0
    context.say(*cues, OFFER)
    context.last_said = (OFFER,)
    return State.OFFERING


def accept(context: Context, event: Command) -> State:
    """Keep time and count aloud from here on, and hear nothing."""
    session = context.training()
    context.hush()
    session.never_hears = session.reassured = True
    session.unheard_in_a_row = 0
    return proceed(context, Cue("calibration.counting"))


def decline(context: Context, event: Command) -> State:
    """End the session: they do not want to go on like this."""
    context.hush()
    return end_session(context, EndReason.STOPPED, Cue("declined"))
