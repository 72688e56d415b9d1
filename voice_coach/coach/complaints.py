"""Pain and the other red flags: silence at once, the session ended, then why and what to do."""

from typing import Final

from voice_coach.coach.context import Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command
from voice_coach.coach.pacing import STOP_SILENCE
from voice_coach.coach.repetition import break_off
from voice_coach.coach.states import State
from voice_coach.programme.ledger import Complained, Complaint, EndReason, SessionEnded

ADVICE: Final = {
    Complaint.PAIN: Cue("answer.pain"),
    Complaint.SHARP_PAIN: Cue("answer.pain"),
    Complaint.BACK_PAIN: Cue("complaint.back_pain"),
    Complaint.CHEST_PAIN: Cue("answer.chest_pain"),
    Complaint.BREATHLESS: Cue("answer.breathless"),
    Complaint.DIZZY: Cue("answer.dizzy"),
    Complaint.FALL: Cue("answer.fell"),
    Complaint.SORENESS: Cue("complaint.soreness"),
    Complaint.UNWELL: Cue("complaint.unwell"),
}
"""What to do about each complaint."""


def complain(context: Context, event: Command) -> State:
    """Fall silent and end whatever is going on; enter what hurts; say what to do."""
    complaint = event.complaint or Complaint.PAIN
    if context.session is not None:
        break_off(context)
    else:
        context.hush()
    context.record(Complained(context.now, complaint))
    if context.session is not None:
        return end_in_pain(context, complaint)
    context.calibration = None
    context.say(ADVICE[complaint], after=STOP_SILENCE)
    return State.SUMMING_UP


def end_in_pain(context: Context, complaint: Complaint) -> State:
    """End the session; nothing is summed up for who is in pain."""
    context.record(SessionEnded(context.now, EndReason.STOPPED))
    context.session = context.calibration = None
    context.say(Cue("complaint.ended"), ADVICE[complaint], after=STOP_SILENCE)
    return State.SUMMING_UP


def cry_for_help(context: Context, event: Command) -> State:
    """End whatever is going on, and say whom to call."""
    cue = Cue("not_well")
    if context.session is not None:
        break_off(context)
        context.record(SessionEnded(context.now, EndReason.STOPPED))
        context.session = None
    else:
        context.hush()
        cue = Cue("call_someone")
    context.calibration = None
    context.say(cue, after=STOP_SILENCE)
    return State.SUMMING_UP
