"""Pain and the other red flags: silence at once, the session ended, then why and what to do."""

from typing import Final

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command
from voice_coach.coach.handlers.repetition import break_off
from voice_coach.coach.memory import Memory
from voice_coach.coach.pacing import STOP_SILENCE
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
    Complaint.LOST_BALANCE: Cue("complaint.unwell"),
    Complaint.SORENESS: Cue("complaint.soreness"),
    Complaint.UNWELL: Cue("complaint.unwell"),
}
"""What to do about each complaint."""


def complain(memory: Memory, event: Command) -> State:
    """Fall silent and end whatever is going on; enter what hurts; say what to do."""
    complaint = event.complaint or Complaint.PAIN
    if memory.session is not None:
        break_off(memory)
    else:
        memory.hush()
    memory.record(Complained(memory.now, complaint))
    if memory.session is not None:
        return end_in_pain(memory, complaint)
    memory.calibration = None
    memory.say(ADVICE[complaint], after=STOP_SILENCE)
    return State.SUMMING_UP


def end_in_pain(memory: Memory, complaint: Complaint) -> State:
    """End the session; nothing is summed up for who is in pain."""
    memory.record(SessionEnded(memory.now, EndReason.STOPPED))
    memory.session = memory.calibration = None
    memory.say(Cue("complaint.ended"), ADVICE[complaint], after=STOP_SILENCE)
    return State.SUMMING_UP


def cry_for_help(memory: Memory, event: Command) -> State:
    """End whatever is going on, and say whom to call."""
    cue = Cue("not_well")
    if memory.session is not None:
        break_off(memory)
        memory.record(SessionEnded(memory.now, EndReason.STOPPED))
        memory.session = None
    else:
        memory.hush()
        cue = Cue("call_someone")
    memory.calibration = None
    memory.say(cue, after=STOP_SILENCE)
    return State.SUMMING_UP
