"""The end of a session, and the words that sum it up."""

from voice_coach.coach.cues import Cue
from voice_coach.coach.memory import Memory, Session
from voice_coach.coach.pacing import TELLING
from voice_coach.coach.states import State
from voice_coach.programme.ledger import EndReason, SessionEnded
from voice_coach.programme.tally import Tally


def end_session(memory: Memory, reason: EndReason, *cues: Cue, after: int = 0) -> State:
    """Enter the end into the diary first, then sum up."""
    session = memory.training()
    if session.is_done:
        reason = EndReason.COMPLETED
    memory.record(SessionEnded(memory.now, reason))
    memory.say(*cues, *summary(session), after=after)
    memory.tells_next = reason is not EndReason.INTERRUPTED and session.tally.prompted > 0
    memory.session = memory.calibration = None
    return State.SUMMING_UP


def summary(session: Session) -> tuple[Cue, ...]:
    """Return what was done, what went well, and one thing to try; no list of what did not.

    Nothing prompted is nothing to sum up. The numbers are told to who asks for them.
    """
    tally = session.tally
    if not tally.prompted:
        return ()
    cues = [Cue.of("summary.done", prompted=tally.prompted)]
    well = _went_well(session, tally)
    if well:
        cues.append(Cue.of("summary.well", what=well))
    better = _to_try(session, tally)
    if better:
        cues.append(Cue.of("summary.try", what=better))
    return tuple(cues)


def _went_well(session: Session, tally: Tally) -> str:
    """Return what to praise: a value of the cue's slot, or nothing."""
    listened = session.listened - tally.unsure
    if listened >= TELLING and 10 * tally.good >= 7 * listened:
        return "firm" if session.plan.asks_for_more else "steady"
    if session.is_done:
        return "stayed"
    return "rhythm" if tally.prompted >= TELLING else ""


def _to_try(session: Session, tally: Tally) -> str:
    """Return the one thing to try next time: a value of the cue's slot, or nothing."""
    listened = session.listened - tally.unsure
    if listened < TELLING:
        return "calibrate" if session.drifted else ""
    if session.drifted or 4 * tally.good < listened:
        return "calibrate"
    if 3 * tally.soft >= listened and session.plan.asks_for_more:
        return "fall"
    if 3 * tally.hard >= listened:
        return "softer"
    return "nearer" if 3 * tally.heard < 2 * listened else ""
