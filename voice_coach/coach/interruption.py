"""Stop, pause, a lost sound card, "are you all right?": what interrupts a session."""

from voice_coach.clock import to_samples
from voice_coach.coach.beginning import brief
from voice_coach.coach.calibration import calibrate
from voice_coach.coach.context import Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, SoundBack, SoundLost, Spoken, TimeReached
from voice_coach.coach.offering import OFFER, offer
from voice_coach.coach.pacing import PAUSE_REMINDER, PAUSE_REMINDERS, STOP_SILENCE
from voice_coach.coach.repetition import break_off, end_session, finish_set, proceed, rest
from voice_coach.coach.states import State
from voice_coach.programme.ledger import EndReason

SHORTEST_REST = 10.0
"""Seconds of rest that are left at least when a session is resumed from a rest."""


def stop(context: Context, event: Command) -> State:
    """End the session at once."""
    break_off(context)
    return end_session(context, EndReason.STOPPED, Cue("stopped"), after=STOP_SILENCE)


def lose_calibration(context: Context, event: SoundLost) -> State:
    """Hold the session; a calibration outside one is given up."""
    if context.session is not None:
        return sound_lost(context, event)
    context.hush()
    context.calibration = None
    return State.ASLEEP


def stop_calibration(context: Context, event: Command) -> State:
    """End the session at once, or the calibration that was asked for outside one."""
    if context.session is not None:
        return stop(context, event)
    context.hush()
    context.calibration = None
    context.say(Cue("stopped"), after=STOP_SILENCE)
    return State.SUMMING_UP


def silence(context: Context, event: Command) -> State:
    """Stop talking; there is no session to end."""
    context.hush()
    return State.ASLEEP


def pause(context: Context, event: Command) -> State:
    """Hold the session where it is."""
    return _pause(context, Cue("paused"))


def pause_calibration(context: Context, event: Command) -> State:
    """Hold the session; a calibration outside one is simply ended."""
    return stop_calibration(context, event) if context.session is None else pause(context, event)


def pause_spoken(context: Context, event: Spoken) -> State:
    """Wait in silence."""
    if event.utterance == context.awaiting:
        context.awaiting = None
        context.deadline = context.now + PAUSE_REMINDER
    return State.PAUSED


def pause_reminder(context: Context, event: TimeReached) -> State:
    """Mention the pause again; end the session when nobody answers."""
    context.reminders += 1
    if context.reminders > PAUSE_REMINDERS:
        return end_session(context, EndReason.INTERRUPTED, Cue("interrupted"))
    context.say(Cue("tone.attention"), Cue("paused"))
    return State.PAUSED


def resume(context: Context, event: Command) -> State:
    """Go on where the session was interrupted."""
    session = context.training()
    context.hush()
    if session.resume_to is State.FEELING:
        return finish_set(context, Cue("resumed"))
    if session.resume_to is State.RESTING:
        context.say(Cue("resumed"), repeatable=False)
        return rest(context, max(session.rest_left, to_samples(SHORTEST_REST)))
    if session.resume_to is State.BRIEFING:
        return brief(context, session)
    if session.resume_to is State.OFFERING:
        return offer(context)
    if session.resume_to is State.CALIBRATING:
        return calibrate(context, Cue("resumed"))
    return proceed(context, Cue("resumed"))


def all_is_well(context: Context, event: Command) -> State:
    """Go on after checking in."""
    session = context.training()
    session.unheard_in_a_row = 0
    session.reassured = True
    context.hush()
    return proceed(context, Cue("resumed"))


def calibrate_anew(context: Context, event: Command) -> State:
    """Learn what the drops sound like now, then go on: shoes or floor have changed."""
    context.training().unheard_in_a_row = 0
    context.hush()
    return calibrate(context)


def not_well(context: Context, event: Command) -> State:
    """End the session: the answer to "are you all right?" was no."""
    break_off(context)
    return end_session(context, EndReason.STOPPED, Cue("not_well"), after=STOP_SILENCE)


def no_answer(context: Context, event: TimeReached) -> State:
    """Ask once more, then pause."""
    if context.awaiting is not None:
        return context.state
    context.reminders += 1
    if context.reminders == 1:
        again = OFFER if context.state is State.OFFERING else Cue("check_in.again")
        context.say(Cue("tone.attention"), again)
        return context.state
    return _pause(context, Cue("check_in.paused"))


def sound_lost(context: Context, event: SoundLost) -> State:
    """Hold the session while nothing can be heard or said."""
    return _pause(context, Cue("fault.microphone"))


def sound_back(context: Context, event: SoundBack) -> State:
    """Say that it works again; a session waits to be resumed."""
    context.reminders = 0
    context.say(Cue("fault.recovered"))
    return context.state


def _pause(context: Context, cue: Cue) -> State:
    session = context.training()
    resting = context.state in {State.RESTING, State.FEELING} and session.sets_left
    if resting:
        session.rest_left = session.rest_end - context.now
        session.resume_to = State.RESTING
    elif context.calibration is not None and context.calibration.learnt:
        session.resume_to = State.PREPARING
    elif context.state in {State.BRIEFING, State.CALIBRATING, State.OFFERING, State.FEELING}:
        session.resume_to = context.state
    elif context.state is not State.PAUSED:
        session.resume_to = State.PREPARING
    break_off(context)
    context.calibration = None
    context.reminders = 0
    context.say(cue, after=STOP_SILENCE)
    return State.PAUSED
