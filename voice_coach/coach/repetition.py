"""Count-in, rise, hold, drop, listen, pause: the handlers of a set."""

from typing import Final

from voice_coach.clock import to_samples
from voice_coach.coach.actions import AskHearing, CloseWindow, OpenWindow
from voice_coach.coach.context import Context, Session
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import HearingReport, Spoken, Thump, TimeReached
from voice_coach.coach.grading import grade, is_clear, of_person
from voice_coach.coach.pacing import (
    BEAT,
    BREATH,
    DECISION,
    LEAD,
    REST_MARKS,
    TELLING,
    UNHEARD_LIMIT,
    Beats,
)
from voice_coach.coach.states import State
from voice_coach.programme.ledger import (
    EndReason,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SetFinished,
)

FEELING: Final = Cue("feel")
"""The question how the set felt."""


def prepare(context: Context, *cues: Cue) -> State:
    """Say `cues`, then find out whether heels can be heard, then count in."""
    if cues:
        context.say(*cues)
    else:
        context.awaiting = None
        context.do(AskHearing(context.now))
    return State.PREPARING


def prepared(context: Context, event: Spoken) -> State:
    """Go on when the words before a set have been said."""
    if event.utterance != context.awaiting:
        return State.PREPARING
    context.awaiting = None
    if context.training().deaf:
        return count_in(context)
    return prepare(context)


def hearing_reported(context: Context, event: HearingReport) -> State:
    """Count in if heels can be heard; otherwise say so, and keep time."""
    session = context.training()
    session.deaf = session.never_hears or not event.can_hear
    if session.deaf and not session.never_hears:
        context.say(Cue("noise.too_loud"))
        return State.PREPARING
    return count_in(context)


def count_in(context: Context) -> State:
    """Place three, two, one, a beat apart."""
    first = context.now + LEAD
    for beat, number in enumerate((3, 2, 1)):
        context.play(first + beat * BEAT, Cue.of("count_in", number=number))
    context.awaiting = None
    context.deadline = first + 3 * BEAT - LEAD
    return State.COUNTING_IN


def counted_in(context: Context, event: TimeReached) -> State:
    """Begin the first repetition on the beat after "one"."""
    return rise(context, event.at + LEAD)


def rise(context: Context, at: int) -> State:
    """Place the cues of a whole repetition whose rise is at `at`."""
    session = context.training()
    beats = Beats.starting(at, session.tempo)
    session.beats, session.early, session.overdue = beats, None, False
    session.doubtful = False
    context.play(beats.rise, Cue("rise"))
    context.play(beats.top, Cue("tone.hold"))
    context.play(beats.drop, Cue("tone.drop"))
    if not session.deaf:
        context.do(OpenWindow(context.now, *beats.window))
    context.awaiting = None
    context.deadline = beats.top
    return State.RISING


def reached_top(context: Context, event: TimeReached) -> State:
    """Hold until the drop cue."""
    context.deadline = _beats(context).drop
    return State.HOLDING


def landed_early(context: Context, event: Thump) -> State:
    """Keep a landing a moment before its cue until the cue has sounded."""
    session = context.training()
    session.drifted = event.drifted
    opens, _ = _beats(context).window
    if event.landed >= opens and not session.deaf:
        if not event.certain:
            session.doubtful = True
        elif session.early is None:
            session.early = event
    return State.HOLDING


def dropped(context: Context, event: TimeReached) -> State:
    """Note that the drop was prompted; from here on, silence."""
    session = context.training()
    session.number += 1
    session.tally.prompted += 1
    session.tally.listened += not session.deaf
    context.record(RepetitionPrompted(event.at, session.set, session.number))
    if session.early is not None:
        return _resolve(context, session.early)
    context.deadline = _beats(context).window[1] + DECISION
    return State.LISTENING


def landed(context: Context, event: Thump) -> State:
    """Count the drop that was heard within its window."""
    session = context.training()
    session.drifted = event.drifted
    opens, closes = _beats(context).window
    if session.deaf or not opens <= event.landed < closes:
        return State.LISTENING
    if not event.certain:
        session.doubtful = True
        return State.LISTENING
    return _resolve(context, event)


def window_ended(context: Context, event: TimeReached) -> State:
    """Nothing was heard: say so once, or count by the cadence; check in after three in a row.

    Where something may have been heard, nothing is said: it would be a guess either way.
    """
    session = context.training()
    resolve_unheard(context)
    session.unheard_in_a_row += 1
    if session.unheard_in_a_row >= UNHEARD_LIMIT and not (session.deaf and session.reassured):
        return _check_in(context)
    silent = session.deaf or session.doubtful or session.unheard_in_a_row > 1
    remark = () if silent else (Cue("not_heard"),)
    if session.never_hears:
        remark = (Cue.of("count", number=session.number),)
    session.remarked = False
    return _after(context, remark)


def resolve_unheard(context: Context) -> None:
    """Enter the repetition in progress as not heard."""
    session = context.training()
    session.tally.not_heard += 1
    context.record(RepetitionResolved(context.now, session.set, session.number, Outcome.NOT_HEARD))


def pause_ended(context: Context, event: TimeReached) -> State:
    """Begin the next repetition, unless something is still being said."""
    if context.awaiting is not None:
        context.training().overdue = True
        return State.PAUSING
    return rise(context, event.at + LEAD)


def remark_ended(context: Context, event: Spoken) -> State:
    """Begin the next repetition if it has been waiting for the end of a remark."""
    if event.utterance != context.awaiting:
        return State.PAUSING
    context.awaiting = None
    if context.training().overdue:
        return rise(context, event.at + LEAD + BREATH)
    return State.PAUSING


def proceed(context: Context, *cues: Cue) -> State:
    """Go on with the set after an interruption, or end it if it was its last repetition."""
    if context.training().left_in_set == 0:
        return finish_set(context, *cues)
    return prepare(context, *cues)


def finish_set(context: Context, *cues: Cue) -> State:
    """Begin the rest, and ask how the set felt."""
    session = context.training()
    if not session.entered:
        context.record(SetFinished(context.now, session.set))
        session.entered = True
    done = Cue.of("set_done", set=session.set, sets=session.plan.sets)
    if session.sets_left == 0:
        context.say(*cues, done, FEELING)
    else:
        seconds = round(session.plan.rest)
        session.rest_end = context.now + to_samples(seconds)
        context.say(*cues, done, Cue.of("rest", seconds=seconds), FEELING)
    context.last_said = (FEELING,)
    return State.FEELING


def rest(context: Context, length: int) -> State:
    """Rest for `length` samples, counted down."""
    context.training().rest_end = context.now + length
    return go_on_resting(context)


def go_on_resting(context: Context) -> State:
    """Rest until the end of the rest, counted down."""
    session = context.training()
    left = session.rest_end - context.now
    session.rest_marks = [mark for mark in REST_MARKS if to_samples(mark + 12) <= left]
    _wake_for_rest(context)
    return State.RESTING


def rested(context: Context, event: TimeReached) -> State:
    """Count the rest down; begin the next set when it is over."""
    session = context.training()
    if event.at >= session.rest_end:
        return next_set(context)
    context.say(Cue.of("rest_left", seconds=session.rest_marks.pop(0)), repeatable=False)
    _wake_for_rest(context)
    return State.RESTING


def next_set(context: Context) -> State:
    """Announce and prepare the next set."""
    session = context.training()
    session.set += 1
    session.number = session.unheard_in_a_row = 0
    session.reassured = session.deaf = session.entered = False
    return prepare(context, Cue.of("next_set", set=session.set, sets=session.plan.sets))


def end_session(context: Context, reason: EndReason, *cues: Cue, after: int = 0) -> State:
    """Enter the end into the diary first, then sum up."""
    session = context.training()
    if session.is_done:
        reason = EndReason.COMPLETED
    context.record(SessionEnded(context.now, reason))
    context.say(*cues, *summary(session), after=after)
    context.session = context.calibration = None
    return State.SUMMING_UP


def break_off(context: Context) -> None:
    """Fall silent; a drop that was prompted and not yet heard is entered as not heard."""
    context.hush()
    if context.state is State.LISTENING:
        resolve_unheard(context)
    context.training().deferred.clear()


def summary(session: Session) -> tuple[Cue, ...]:
    """Return what was done, in cues; nothing prompted is nothing to sum up."""
    tally = session.tally
    if not tally.prompted:
        return ()
    cues = [Cue.of("summary.done", prompted=tally.prompted)]
    if tally.heard or not session.never_hears:
        cues.append(Cue.of("summary.heard", heard=tally.heard))
    if tally.soft:
        cues.append(Cue.of("summary.soft", soft=tally.soft))
    if tally.not_heard:
        cues.append(Cue.of("summary.not_heard", not_heard=tally.not_heard))
    different = tally.listened >= TELLING and 2 * tally.alike < tally.listened
    if different or session.drifted:
        cues.append(Cue("summary.different"))
    return tuple(cues)


def _beats(context: Context) -> Beats:
    beats = context.training().beats
    assert beats is not None
    return beats


def _wake_for_rest(context: Context) -> None:
    session = context.training()
    marks = session.rest_marks
    context.deadline = session.rest_end - to_samples(marks[0] if marks else 0)


def _resolve(context: Context, landing: Thump) -> State:
    session = context.training()
    level_db = landing.level_db
    band = of_person(session.plan.band, landing.soft_shift_db)
    outcome = grade(level_db, band)
    session.tally.heard += 1
    session.tally.soft += outcome is Outcome.SOFT
    session.tally.alike += outcome is Outcome.HEARD
    session.unheard_in_a_row = 0
    context.record(
        RepetitionResolved(
            context.now, session.set, session.number, outcome, landing.landed, level_db
        )
    )
    context.do(CloseWindow(context.now))
    count = Cue.of("count", number=session.number)
    remark = _remark(session, outcome) if is_clear(level_db, band) else ()
    session.remarked = bool(remark)
    return _after(context, (count, *remark))


def _remark(session: Session, outcome: Outcome) -> tuple[Cue, ...]:
    """Say what was wrong with the landing, but never twice running."""
    if session.remarked:
        return ()
    if outcome is Outcome.SOFT and session.plan.asks_for_more:
        return (Cue("soft"),)
    if outcome is Outcome.HARD:
        return (Cue("hard"),)
    return ()


def _after(context: Context, cues: tuple[Cue, ...]) -> State:
    """Say what follows a repetition, and go on in the cadence."""
    session = context.training()
    if session.left_in_set == 0:
        return finish_set(context, *cues, *context.take_deferred())
    if session.left_in_set == 1:
        cues = (*cues, Cue("last_one"))
    elif session.number == (session.plan.repetitions + 1) // 2 and session.plan.repetitions > 3:
        cues = (*cues, Cue("halfway"))
    cues = (*cues, *context.take_deferred())
    context.awaiting = None
    if cues:
        context.say(*cues, repeatable=False)
    context.deadline = _beats(context).next_rise(session.tempo) - LEAD
    return State.PAUSING


def _check_in(context: Context) -> State:
    context.training().deferred.clear()
    context.reminders = 0
    context.say(Cue("tone.attention"), Cue("check_in"))
    return State.CHECKING_IN
