"""What the coach does when it is spoken to: the handlers of commands."""

from voice_coach.clock import to_samples
from voice_coach.coach.actions import SetVolume
from voice_coach.coach.calibration import calibrate
from voice_coach.coach.context import Context, Session
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import (
    Command,
    Event,
    NotUnderstood,
    PlansMade,
    SoundBack,
    SoundLost,
    Spoken,
    TimeReached,
)
from voice_coach.coach.pacing import (
    ANSWER,
    MISUNDERSTOOD_LIMIT,
    PAUSE_REMINDER,
    PAUSE_REMINDERS,
    STOP_SILENCE,
    VOLUME_STEP_DB,
    VOLUME_STEPS,
)
from voice_coach.coach.repetition import (
    end_session,
    next_set,
    prepare,
    proceed,
    resolve_unheard,
    rest,
)
from voice_coach.coach.states import State
from voice_coach.programme.ledger import EndReason, SessionStarted
from voice_coach.programme.plan import Plan, Refusal

SHORTEST_REST = 10.0
"""Seconds of rest that are left at least when a session is resumed from a rest."""


def start(context: Context, event: Command) -> State:
    """Begin today's plan for the level that was named, or say why not."""
    answer = context.today.plans[event.level or context.today.level]
    if isinstance(answer, Plan):
        return _begin(context, answer)
    context.hush()
    refused = Cue.of(answer.reason, **answer.slots)
    if answer.alternative is None:
        context.say(refused)
        return State.SUMMING_UP
    context.offered = answer
    context.say(refused, _question(answer))
    return State.CONFIRMING


def start_anyway(context: Context, event: Command) -> State:
    """Begin what was offered; the explicit phrase also serves where a yes would do."""
    refusal = _offered(context)
    assert refusal.alternative is not None
    return _begin(context, refusal.alternative, refusal if refusal.may_override else None)


def agree(context: Context, event: Command) -> State:
    """Begin the safe alternative; to act against advice takes the explicit phrase."""
    refusal = _offered(context)
    if refusal.may_override:
        context.hush()
        context.say(_question(refusal))
        return State.CONFIRMING
    return start_anyway(context, event)


def calibrate_alone(context: Context, event: Command) -> State:
    """Learn the sound of the drops outside a session."""
    context.hush()
    return calibrate(context)


def decline(context: Context, event: Command) -> State:
    """Begin nothing."""
    context.hush()
    context.say(Cue("declined"), repeatable=False)
    return State.SUMMING_UP


def answer_awaited(context: Context, event: Spoken) -> State:
    """Wait for an answer once the question has been said."""
    if event.utterance == context.awaiting:
        context.awaiting = None
        context.deadline = context.now + ANSWER
    return context.state


def unanswered_confirmation(context: Context, event: TimeReached) -> State:
    """Silence is never consent."""
    return State.ASLEEP


def briefed(context: Context, event: Spoken) -> State:
    """Go on to calibration if it is due, otherwise to the first set."""
    if event.utterance != context.awaiting:
        return State.BRIEFING
    return prepare(context) if context.calibrated else calibrate(context)


def fall_asleep(context: Context, event: Spoken) -> State:
    """Sleep when the last words have been said."""
    return State.ASLEEP if event.utterance == context.awaiting else State.SUMMING_UP


def stop(context: Context, event: Command) -> State:
    """End the session at once."""
    _break_off(context)
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
    if session.resume_to is State.RESTING:
        context.say(Cue("resumed"), repeatable=False)
        return rest(context, max(session.rest_left, to_samples(SHORTEST_REST)))
    if session.resume_to is State.BRIEFING:
        return _brief(context, session)
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


def not_well(context: Context, event: Command) -> State:
    """End the session: the answer to "are you all right?" was no."""
    _break_off(context)
    return end_session(context, EndReason.STOPPED, Cue("not_well"), after=STOP_SILENCE)


def no_answer(context: Context, event: TimeReached) -> State:
    """Ask once more whether all is well, then pause."""
    context.reminders += 1
    if context.reminders == 1:
        context.say(Cue("tone.attention"), Cue("check_in.again"))
        return State.CHECKING_IN
    return _pause(context, Cue("check_in.paused"))


def skip_rest(context: Context, event: Command) -> State:
    """Go to the next set at once."""
    context.hush()
    return next_set(context)


def slower(context: Context, event: Command) -> State:
    """Lengthen the rhythm from the next repetition on."""
    session = context.training()
    before, session.tempo = session.tempo, context.limits.slower(session.tempo)
    context.answer(Cue("slowest" if session.tempo == before else "slower"))
    return context.state


def faster(context: Context, event: Command) -> State:
    """Shorten the rhythm from the next repetition on, but not below what is safe."""
    session = context.training()
    before, session.tempo = session.tempo, context.limits.faster(session.tempo)
    context.answer(Cue("fastest" if session.tempo == before else "faster"))
    return context.state


def louder(context: Context, event: Command) -> State:
    """Speak louder."""
    return _change_volume(context, 1, "louder", "loudest")


def quieter(context: Context, event: Command) -> State:
    """Speak more quietly."""
    return _change_volume(context, -1, "quieter", "quietest")


def repeat(context: Context, event: Command) -> State:
    """Say the last thing of substance again."""
    if context.last_said:
        context.answer(*context.last_said)
    return context.state


def how_many_left(context: Context, event: Command) -> State:
    """Say how many repetitions are left in this set, and how many sets after it."""
    session = context.training()
    left = session.left_in_set
    if context.state in {State.RISING, State.HOLDING}:
        left -= 1  # it is said after the repetition in progress
    cues = [] if context.state is State.RESTING else [Cue.of("left", repetitions=max(left, 0))]
    if session.sets_left:
        cues.append(Cue.of("left.sets", sets=session.sets_left))
    context.answer(*cues)
    return context.state


def explain(context: Context, event: Command) -> State:
    """Say what can be said now."""
    context.answer(context.cue_for_mode("help"), repeatable=True)
    return context.state


def not_understood(context: Context, event: NotUnderstood) -> State:
    """Ask to say it again, but never go on about it."""
    context.misunderstood += 1
    if context.misunderstood <= MISUNDERSTOOD_LIMIT:
        context.answer(context.cue_for_mode("not_understood"))
    return context.state


def sound_lost(context: Context, event: SoundLost) -> State:
    """Hold the session while nothing can be heard or said."""
    return _pause(context, Cue("fault.microphone"))


def sound_back(context: Context, event: SoundBack) -> State:
    """Say that it works again; a session waits to be resumed."""
    context.reminders = 0
    context.say(Cue("fault.recovered"))
    return context.state


def keep(context: Context, event: Event) -> State:
    """Let it pass: it means nothing in this state."""
    return context.state


def plans_made(context: Context, event: PlansMade) -> State:
    """Take over the plans for today."""
    context.today = event.today
    return context.state


def _offered(context: Context) -> Refusal:
    assert context.offered is not None
    return context.offered


def _question(refusal: Refusal) -> Cue:
    return Cue("confirm_anyway" if refusal.may_override else "confirm_instead")


def _begin(context: Context, plan: Plan, overridden: Refusal | None = None) -> State:
    context.hush()
    context.offered = None
    session = Session(plan, plan.tempo)
    context.session = session
    context.record(
        SessionStarted(
            context.now,
            plan.level,
            plan.sets,
            plan.repetitions,
            overridden.reason if overridden else "",
        )
    )
    return _brief(context, session)


def _brief(context: Context, session: Session) -> State:
    plan = session.plan
    context.say(Cue.of("briefing", level=plan.level, repetitions=plan.repetitions, sets=plan.sets))
    return State.BRIEFING


def _break_off(context: Context) -> None:
    """Fall silent; a drop that was prompted and not yet heard is entered as not heard."""
    context.hush()
    if context.state is State.LISTENING:
        resolve_unheard(context)
    context.training().deferred.clear()


def _pause(context: Context, cue: Cue) -> State:
    session = context.training()
    if context.state is State.RESTING:
        session.rest_left = session.rest_end - context.now
    if context.state in {State.BRIEFING, State.CALIBRATING, State.RESTING}:
        session.resume_to = context.state
    elif context.state is not State.PAUSED:
        session.resume_to = State.PREPARING
    _break_off(context)
    context.calibration = None
    context.reminders = 0
    context.say(cue, after=STOP_SILENCE)
    return State.PAUSED


def _change_volume(context: Context, step: int, changed: str, limit: str) -> State:
    wanted = context.volume + step
    if wanted not in VOLUME_STEPS:
        context.answer(Cue(limit))
        return context.state
    context.volume = wanted
    context.do(SetVolume(context.now, wanted * VOLUME_STEP_DB))
    context.answer(Cue(changed))
    return context.state
