"""Stop, pause, a lost sound card: what interrupts a session, and how it is resumed."""

from voice_coach.clock import to_samples
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import (
    Command,
    DiaryBack,
    DiaryLost,
    SoundBack,
    SoundLost,
    Spoken,
    TimeReached,
)
from voice_coach.coach.handlers.beginning import brief
from voice_coach.coach.handlers.calibrating import calibrate
from voice_coach.coach.handlers.counting_aloud import offer
from voice_coach.coach.handlers.ending import end_session
from voice_coach.coach.handlers.repetition import break_off, finish_set, proceed
from voice_coach.coach.handlers.resting import rest
from voice_coach.coach.memory import Memory
from voice_coach.coach.pacing import PAUSE_REMINDER, PAUSE_REMINDERS, STOP_SILENCE
from voice_coach.coach.states import State
from voice_coach.programme.ledger import EndReason

SHORTEST_REST = 10.0
"""Seconds of rest that are left at least when a session is resumed from a rest."""


def stop(memory: Memory, event: Command) -> State:
    """End the session at once."""
    break_off(memory)
    stopped = () if memory.training().is_done else (Cue("stopped"),)
    return end_session(memory, EndReason.STOPPED, *stopped, after=STOP_SILENCE)


def lose_calibration(memory: Memory, event: SoundLost) -> State:
    """Hold the session; a calibration outside one is given up."""
    if memory.session is not None:
        return sound_lost(memory, event)
    memory.hush()
    memory.calibration = None
    return State.ASLEEP


def stop_calibration(memory: Memory, event: Command) -> State:
    """End the session at once, or the calibration that was asked for outside one."""
    if memory.session is not None:
        return stop(memory, event)
    memory.hush()
    memory.calibration = None
    memory.say(Cue("stopped"), after=STOP_SILENCE)
    return State.SUMMING_UP


def silence(memory: Memory, event: Command) -> State:
    """Stop talking; there is no session to end."""
    memory.hush()
    return State.ASLEEP


def pause(memory: Memory, event: Command) -> State:
    """Hold the session where it is."""
    return hold(memory, Cue("paused"))


def still_paused(memory: Memory, event: Command) -> State:
    """Say that the session is held, to somebody who asks for that again."""
    memory.hush()
    memory.reminders = 0
    memory.say(Cue("paused"))
    return State.PAUSED


def pause_calibration(memory: Memory, event: Command) -> State:
    """Hold the session; a calibration outside one is simply ended."""
    return stop_calibration(memory, event) if memory.session is None else pause(memory, event)


def pause_spoken(memory: Memory, event: Spoken) -> State:
    """Wait in silence."""
    if event.utterance == memory.awaiting:
        memory.awaiting = None
        memory.deadline = memory.now + PAUSE_REMINDER
    return State.PAUSED


def pause_reminder(memory: Memory, event: TimeReached) -> State:
    """Mention the pause again; end the session when nobody answers."""
    memory.reminders += 1
    if memory.reminders > PAUSE_REMINDERS:
        return end_session(memory, EndReason.INTERRUPTED, Cue("interrupted"))
    memory.say(Cue("tone.attention"), Cue("paused"))
    return State.PAUSED


def resume(memory: Memory, event: Command) -> State:
    """Go on where the session was interrupted."""
    session = memory.training()
    memory.hush()
    if session.resume_to is State.FEELING:
        return finish_set(memory, Cue("resumed"))
    if session.resume_to is State.RESTING:
        memory.say(Cue("resumed"), repeatable=False)
        return rest(memory, max(session.rest_left, to_samples(SHORTEST_REST)))
    if session.resume_to is State.BRIEFING:
        return brief(memory, session)
    if session.resume_to is State.OFFERING:
        return offer(memory)
    if session.resume_to is State.CALIBRATING:
        return calibrate(memory, Cue("resumed"))
    return proceed(memory, Cue("resumed"))


def sound_lost(memory: Memory, event: SoundLost) -> State:
    """Hold the session while nothing can be heard or said."""
    return hold(memory, Cue("fault.deaf") if event.deaf else Cue("fault.microphone"))


def sound_back(memory: Memory, event: SoundBack) -> State:
    """Say that it works again; a session waits to be resumed."""
    memory.reminders = 0
    memory.say(Cue("fault.recovered"))
    return memory.state


def diary_lost(memory: Memory, event: DiaryLost) -> State:
    """End whatever is going on, and say why: what is not written down would be done twice."""
    if memory.session is not None:
        break_off(memory)
        return end_session(memory, EndReason.INTERRUPTED, Cue("fault.diary"), after=STOP_SILENCE)
    if memory.state is not State.SUMMING_UP:
        memory.hush()
    memory.calibration = None
    memory.say(Cue("fault.diary"), after=STOP_SILENCE)
    return State.SUMMING_UP


def diary_back(memory: Memory, event: DiaryBack) -> State:
    """Say that nothing was lost."""
    memory.say(Cue("fault.diary_back"))
    return memory.state


def hold(memory: Memory, cue: Cue) -> State:
    """Hold the session where it is, and say `cue`."""
    session = memory.training()
    resting = memory.state in {State.RESTING, State.FEELING} and session.sets_left
    if resting:
        session.rest_left = session.rest_end - memory.now
        session.resume_to = State.RESTING
    elif memory.calibration is not None and memory.calibration.learnt:
        session.resume_to = State.PREPARING
    elif memory.state in {State.BRIEFING, State.CALIBRATING, State.OFFERING, State.FEELING}:
        session.resume_to = memory.state
    elif memory.state is not State.PAUSED:
        session.resume_to = State.PREPARING
    break_off(memory)
    memory.calibration = None
    memory.reminders = 0
    memory.say(cue, after=STOP_SILENCE)
    return State.PAUSED
