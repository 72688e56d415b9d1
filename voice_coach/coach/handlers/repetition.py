"""Count-in, rise, hold, drop, listen, pause: the handlers of a set."""

from typing import Final

from voice_coach.clock import to_samples
from voice_coach.coach.actions import AskHearing, CloseWindow, OpenWindow
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, HearingReport, Spoken, Thump, TimeReached
from voice_coach.coach.grading import grade, is_clear
from voice_coach.coach.memory import Memory, Session
from voice_coach.coach.pacing import (
    BEAT,
    BREATH,
    DECISION,
    LEAD,
    OPEN_LIMIT,
    SOFT_LIMIT,
    UNHEARD_LIMIT,
    Beats,
)
from voice_coach.coach.states import State
from voice_coach.programme.ledger import (
    DoubtDecided,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SetFinished,
)

FEELING: Final = Cue("feel")
"""The question how the set felt."""

FEELING_FIRST: Final = Cue("feel.first")
"""Likewise, with what may be answered."""

COUNTED: Final = Cue("tone.tick")
"""What somebody counts who cannot be heard was understood."""

WORDINGS: Final = 4
"""Wordings of the answer to a soft landing."""

TURNS: Final = 3
"""Of so many drops that the ear left open, one is answered in words, the others by a tone."""


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
    settle(memory)
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
    session.pending = True
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
    """Nothing was heard for certain: say so kindly; check in after some in a row.

    Where something may have been heard the number is said as a guess, or a tone sounds: it is
    left open, and is nobody's fault. Where nothing can be heard the coach counts by the cadence,
    and what becomes of the drop is for the person to say.
    """
    session = memory.training()
    session.open_in_a_row += 1
    session.remarked = False
    if session.deaf:
        session.unheard_in_a_row += 1
        remark = Cue.of("count", number=session.number)
    elif session.doubtful:
        remark = _left_open(memory)
    else:
        session.unheard_in_a_row += 1
        resolve(memory, Outcome.NOT_HEARD)
        remark = Cue("not_heard")
    if _worries(session):
        return _check_in(memory)
    silent = session.unheard_in_a_row > 1 and not session.deaf and not session.doubtful
    # Who spoke meanwhile is answered first: that has waited long enough.
    return _after(memory, (*memory.take_deferred(), *(() if silent else (remark,))))


def told(memory: Memory, event: Command) -> State:
    """Count the drop that nobody could hear, for who says that it was done."""
    session = memory.training()
    if session.deaf and session.pending:
        resolve(memory, Outcome.TOLD)
        session.unheard_in_a_row = session.open_in_a_row = 0
        memory.play(memory.now, COUNTED)
    return memory.state


def resolve(memory: Memory, outcome: Outcome) -> None:
    """Enter what came of the repetition in progress, where there is no landing to tell of."""
    session = memory.training()
    session.pending = False
    memory.record(RepetitionResolved(memory.now, session.set, session.number, outcome))


def settle(memory: Memory) -> None:
    """Enter the repetition in progress as not heard, unless something is entered of it."""
    if memory.training().pending:
        resolve(memory, Outcome.NOT_HEARD)


def pause_ended(memory: Memory, event: TimeReached) -> State:
    """Begin the next repetition, unless something is still being said."""
    session = memory.training()
    if memory.awaiting is not None:
        session.overdue = True
        return State.PAUSING
    return finish_set(memory) if session.left_in_set == 0 else rise(memory, event.at + LEAD)


def remark_ended(memory: Memory, event: Spoken) -> State:
    """Begin the next repetition if it has been waiting for the end of a remark."""
    if event.utterance != memory.awaiting:
        return State.PAUSING
    memory.awaiting = None
    session = memory.training()
    if not session.overdue:
        return State.PAUSING
    if session.left_in_set == 0:
        return finish_set(memory)
    return rise(memory, event.at + LEAD + BREATH)


def proceed(memory: Memory, *cues: Cue) -> State:
    """Go on with the set after an interruption, or end it if it was its last repetition."""
    if memory.training().left_in_set == 0:
        return finish_set(memory, *cues)
    return prepare(memory, *cues)


def finish_set(memory: Memory, *cues: Cue) -> State:
    """Ask how the set felt; the rest is announced once that is answered."""
    session = memory.training()
    settle(memory)
    if not session.entered:
        memory.record(SetFinished(memory.now, session.set))
        session.entered = True
    done = Cue.of("set_done", set=session.set, sets=session.plan.sets)
    new_to_it = memory.today.briefing.explains and session.set == 1
    feeling = FEELING_FIRST if new_to_it else FEELING
    session.rest_end = memory.now + to_samples(round(session.plan.rest))
    memory.say(*cues, done, feeling)
    memory.last_said = (feeling,)
    return State.FEELING


def break_off(memory: Memory) -> None:
    """Fall silent; a drop that was prompted and not yet heard is entered as not heard."""
    memory.hush()
    settle(memory)


def _beats(memory: Memory) -> Beats:
    beats = memory.training().beats
    assert beats is not None
    return beats


def _left_open(memory: Memory) -> Cue:
    """Enter that the ear left it open; return a short answer that is no reproach."""
    session = memory.training()
    resolve(memory, Outcome.UNSURE)
    session.left_open.append((*_beats(memory).window, session.set, session.number))
    in_words = session.guessed % TURNS == 0
    session.guessed += 1
    return Cue.of("unsure", number=session.number) if in_words else Cue("tone.perhaps")


def _worries(session: Session) -> bool:
    """Whether it is time to ask if all is well: nothing was heard for some drops in a row."""
    if session.deaf and session.reassured:
        return False
    return session.unheard_in_a_row >= UNHEARD_LIMIT or session.open_in_a_row >= OPEN_LIMIT


def _resolve(memory: Memory, landing: Thump) -> State:
    session = memory.training()
    level_db = landing.level_db
    band = session.plan.band.of_person(landing.gentle_db)
    outcome = grade(level_db, band)
    session.unheard_in_a_row = session.open_in_a_row = 0
    session.pending = False
    memory.record(
        RepetitionResolved(
            memory.now, session.set, session.number, outcome, landing.landed, level_db
        )
    )
    memory.do(CloseWindow(memory.now))
    count = Cue.of("count", number=session.number)
    remark = _remark(session, outcome, is_clear(level_db, band))
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


def _remark(session: Session, outcome: Outcome, clear: bool) -> tuple[Cue, ...]:
    """Say what might be better about the landing: never twice running, and never for long not.

    What lies at the edge of the band is let pass, but not time after time.
    """
    if outcome is Outcome.SOFT and session.plan.asks_for_more:
        session.soft_unanswered += 1
        if (not clear or session.remarked) and session.soft_unanswered < SOFT_LIMIT:
            return ()
        session.soft_unanswered = 0
        session.soft_answered += 1
        return (Cue.of("soft", number=(session.soft_answered - 1) % WORDINGS + 1),)
    if outcome is Outcome.HARD and clear and not session.remarked:
        return (Cue("hard"),)
    return ()


def _after(memory: Memory, cues: tuple[Cue, ...]) -> State:
    """Say what follows a repetition, and go on in the cadence."""
    session = memory.training()
    # Where nobody can be heard, the last drop is still to be told of.
    if session.left_in_set == 0 and not session.deaf:
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
    settle(memory)
    memory.deferred.clear()
    memory.reminders = 0
    question = Cue("check_in.again" if memory.training().deaf else "check_in")
    memory.say(Cue("tone.attention"), question)
    return State.CHECKING_IN
