"""Count-in, rise, hold, drop, listen, pause: the handlers of a set."""

from typing import Final

from voice_coach.clock import to_samples
from voice_coach.coach.actions import AskHearing, CloseWindow, OpenWindow
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import HearingReport, Spoken, Thump, TimeReached
from voice_coach.coach.grading import grade, is_clear
from voice_coach.coach.memory import Memory, Session
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
    DoubtDecided,
    EndReason,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SetFinished,
)

FEELING: Final = Cue("feel")
"""The question how the set felt."""


def prepare(memory: Memory, *cues: Cue) -> State:
    """Say `cues`, then find out whether heels can be heard, then count in."""
    if cues:
        memory.say(*cues)
    else:
        memory.awaiting = None
        memory.do(AskHearing(memory.now))
    return State.PREPARING


def prepared(memory: Memory, event: Spoken) -> State:
    """Go on when the words before a set have been said."""
    if event.utterance != memory.awaiting:
        return State.PREPARING
    memory.awaiting = None
    if memory.training().deaf:
        return count_in(memory)
    return prepare(memory)


def hearing_reported(memory: Memory, event: HearingReport) -> State:
    """Count in if heels can be heard; otherwise say so, and keep time."""
    session = memory.training()
    session.deaf = session.never_hears or not event.can_hear
    if session.deaf and not session.never_hears:
        memory.say(Cue("noise.too_loud"))
        return State.PREPARING
    return count_in(memory)


def count_in(memory: Memory) -> State:
    """Place three, two, one, a beat apart."""
    first = memory.now + LEAD
    for beat, number in enumerate((3, 2, 1)):
        memory.play(first + beat * BEAT, Cue.of("count_in", number=number))
    memory.awaiting = None
    memory.deadline = first + 3 * BEAT - LEAD
    return State.COUNTING_IN


def counted_in(memory: Memory, event: TimeReached) -> State:
    """Begin the first repetition on the beat after "one"."""
    return rise(memory, event.at + LEAD)


def rise(memory: Memory, at: int) -> State:
    """Place the cues of a whole repetition whose rise is at `at`."""
    session = memory.training()
    beats = Beats.starting(at, session.tempo)
    session.beats, session.early, session.overdue = beats, None, False
    session.doubtful = False
    memory.play(beats.rise, Cue("rise"))
    memory.play(beats.top, Cue("tone.hold"))
    memory.play(beats.drop, Cue("tone.drop"))
    if not session.deaf:
        memory.do(OpenWindow(memory.now, *beats.window, beats.drop))
    memory.awaiting = None
    memory.deadline = beats.top
    return State.RISING


def reached_top(memory: Memory, event: TimeReached) -> State:
    """Hold until the drop cue."""
    memory.deadline = _beats(memory).drop
    return State.HOLDING


def landed_early(memory: Memory, event: Thump) -> State:
    """Keep a landing a moment before its cue until the cue has sounded."""
    if event.late:
        return _decide(memory, event, State.HOLDING)
    session = memory.training()
    session.drifted = event.drifted
    opens, _ = _beats(memory).window
    if event.landed >= opens and not session.deaf:
        if not event.certain:
            session.doubtful = True
        elif session.early is None:
            session.early = event
    return State.HOLDING


def dropped(memory: Memory, event: TimeReached) -> State:
    """Note that the drop was prompted; from here on, silence."""
    session = memory.training()
    session.number += 1
    session.listened += not session.deaf
    memory.record(RepetitionPrompted(event.at, session.set, session.number))
    if session.early is not None:
        return _resolve(memory, session.early)
    memory.deadline = _beats(memory).window[1] + DECISION
    return State.LISTENING


def landed(memory: Memory, event: Thump) -> State:
    """Count the drop that was heard within its window."""
    if event.late:
        return _decide(memory, event, State.LISTENING)
    session = memory.training()
    session.drifted = event.drifted
    opens, closes = _beats(memory).window
    if session.deaf or not opens <= event.landed < closes:
        return State.LISTENING
    if not event.certain:
        session.doubtful = True
        return State.LISTENING
    return _resolve(memory, event)


def window_ended(memory: Memory, event: TimeReached) -> State:
    """Nothing was heard: say so once, or count by the cadence; check in after three in a row.

    Where something may have been heard, nothing is said: it would be a guess either way.
    """
    session = memory.training()
    resolve_unheard(memory)
    if session.doubtful:
        session.left_open.append((*_beats(memory).window, session.set, session.number))
    session.unheard_in_a_row += 1
    if session.unheard_in_a_row >= UNHEARD_LIMIT and not (session.deaf and session.reassured):
        return _check_in(memory)
    silent = session.deaf or session.doubtful or session.unheard_in_a_row > 1
    remark = () if silent else (Cue("not_heard"),)
    if session.never_hears:
        remark = (Cue.of("count", number=session.number),)
    session.remarked = False
    return _after(memory, remark)


def resolve_unheard(memory: Memory) -> None:
    """Enter the repetition in progress as not heard."""
    session = memory.training()
    memory.record(RepetitionResolved(memory.now, session.set, session.number, Outcome.NOT_HEARD))


def pause_ended(memory: Memory, event: TimeReached) -> State:
    """Begin the next repetition, unless something is still being said."""
    if memory.awaiting is not None:
        memory.training().overdue = True
        return State.PAUSING
    return rise(memory, event.at + LEAD)


def remark_ended(memory: Memory, event: Spoken) -> State:
    """Begin the next repetition if it has been waiting for the end of a remark."""
    if event.utterance != memory.awaiting:
        return State.PAUSING
    memory.awaiting = None
    if memory.training().overdue:
        return rise(memory, event.at + LEAD + BREATH)
    return State.PAUSING


def proceed(memory: Memory, *cues: Cue) -> State:
    """Go on with the set after an interruption, or end it if it was its last repetition."""
    if memory.training().left_in_set == 0:
        return finish_set(memory, *cues)
    return prepare(memory, *cues)


def finish_set(memory: Memory, *cues: Cue) -> State:
    """Begin the rest, and ask how the set felt."""
    session = memory.training()
    if not session.entered:
        memory.record(SetFinished(memory.now, session.set))
        session.entered = True
    done = Cue.of("set_done", set=session.set, sets=session.plan.sets)
    if session.sets_left == 0:
        memory.say(*cues, done, FEELING)
    else:
        seconds = round(session.plan.rest)
        session.rest_end = memory.now + to_samples(seconds)
        memory.say(*cues, done, Cue.of("rest", seconds=seconds), FEELING)
    memory.last_said = (FEELING,)
    return State.FEELING


def rest(memory: Memory, length: int) -> State:
    """Rest for `length` samples, counted down."""
    memory.training().rest_end = memory.now + length
    return go_on_resting(memory)


def go_on_resting(memory: Memory) -> State:
    """Rest until the end of the rest, counted down."""
    session = memory.training()
    left = session.rest_end - memory.now
    session.rest_marks = [mark for mark in REST_MARKS if to_samples(mark + 12) <= left]
    _wake_for_rest(memory)
    return State.RESTING


def rested(memory: Memory, event: TimeReached) -> State:
    """Count the rest down; begin the next set when it is over."""
    session = memory.training()
    if event.at >= session.rest_end:
        return next_set(memory)
    memory.say(Cue.of("rest_left", seconds=session.rest_marks.pop(0)), repeatable=False)
    _wake_for_rest(memory)
    return State.RESTING


def next_set(memory: Memory) -> State:
    """Announce and prepare the next set."""
    session = memory.training()
    session.set += 1
    session.number = session.unheard_in_a_row = 0
    session.reassured = session.deaf = session.entered = False
    return prepare(memory, Cue.of("next_set", set=session.set, sets=session.plan.sets))


def end_session(memory: Memory, reason: EndReason, *cues: Cue, after: int = 0) -> State:
    """Enter the end into the diary first, then sum up."""
    session = memory.training()
    if session.is_done:
        reason = EndReason.COMPLETED
    memory.record(SessionEnded(memory.now, reason))
    memory.say(*cues, *summary(session), after=after)
    memory.session = memory.calibration = None
    return State.SUMMING_UP


def break_off(memory: Memory) -> None:
    """Fall silent; a drop that was prompted and not yet heard is entered as not heard."""
    memory.hush()
    if memory.state is State.LISTENING:
        resolve_unheard(memory)


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
    different = session.listened >= TELLING and 2 * tally.good < session.listened
    if different or session.drifted:
        cues.append(Cue("summary.different"))
    return tuple(cues)


def _beats(memory: Memory) -> Beats:
    beats = memory.training().beats
    assert beats is not None
    return beats


def _wake_for_rest(memory: Memory) -> None:
    session = memory.training()
    marks = session.rest_marks
    memory.deadline = session.rest_end - to_samples(marks[0] if marks else 0)


def _resolve(memory: Memory, landing: Thump) -> State:
    session = memory.training()
    level_db = landing.level_db
    band = session.plan.band.of_person(landing.gentle_db)
    outcome = grade(level_db, band)
    session.unheard_in_a_row = 0
    memory.record(
        RepetitionResolved(
            memory.now, session.set, session.number, outcome, landing.landed, level_db
        )
    )
    memory.do(CloseWindow(memory.now))
    count = Cue.of("count", number=session.number)
    remark = _remark(session, outcome) if is_clear(level_db, band) else ()
    session.remarked = bool(remark)
    return _after(memory, (count, *remark))


def _decide(memory: Memory, landing: Thump, state: State) -> State:
    """Enter what an earlier doubtful sound was, in silence: what was said is not corrected."""
    session = memory.training()
    for opens, closes, number_of_set, number in session.left_open:
        if opens <= landing.landed < closes:
            band = session.plan.band.of_person(landing.gentle_db)
            outcome = grade(landing.level_db, band)
            memory.record(
                DoubtDecided(
                    memory.now, number_of_set, number, outcome, landing.landed, landing.level_db
                )
            )
            session.left_open.remove((opens, closes, number_of_set, number))
            break
    return state


def _remark(session: Session, outcome: Outcome) -> tuple[Cue, ...]:
    """Say what was wrong with the landing, but never twice running."""
    if session.remarked:
        return ()
    if outcome is Outcome.SOFT and session.plan.asks_for_more:
        return (Cue("soft"),)
    if outcome is Outcome.HARD:
        return (Cue("hard"),)
    return ()


def _after(memory: Memory, cues: tuple[Cue, ...]) -> State:
    """Say what follows a repetition, and go on in the cadence."""
    session = memory.training()
    if session.left_in_set == 0:
        return finish_set(memory, *cues, *memory.take_deferred())
    if session.left_in_set == 1:
        cues = (*cues, Cue("last_one"))
    elif session.number == (session.plan.repetitions + 1) // 2 and session.plan.repetitions > 3:
        cues = (*cues, Cue("halfway"))
    cues = (*cues, *memory.take_deferred())
    memory.awaiting = None
    if cues:
        memory.say(*cues, repeatable=False)
    memory.deadline = _beats(memory).next_rise(session.tempo) - LEAD
    return State.PAUSING


def _check_in(memory: Memory) -> State:
    memory.deferred.clear()
    memory.reminders = 0
    memory.say(Cue("tone.attention"), Cue("check_in"))
    return State.CHECKING_IN
