"""The first lesson: position, rise, drop, the usual mistakes, two thumps, three slow drops.

What is explained can be heard by anybody. The drops come only after everything that is asked
before any drop; like those of a calibration they are no repetitions, and count nothing.
"""

from typing import Final

from voice_coach.coach.actions import CloseWindow, OpenWindow
from voice_coach.coach.context import Context, Lesson
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, Spoken, Thump, TimeReached
from voice_coach.coach.grading import grade, of_person
from voice_coach.coach.interview import give_up
from voice_coach.coach.pacing import (
    ANSWER,
    DECISION,
    LEAD,
    LESSON_DROPS,
    LESSON_TEMPO,
    PAUSE_REMINDER,
    Beats,
)
from voice_coach.coach.states import State
from voice_coach.programme.ledger import Outcome
from voice_coach.programme.plan import Band

PARTS: Final = (
    (Cue("lesson.position"),),
    (Cue("lesson.rise"),),
    (Cue("lesson.drop"),),
    (
        Cue("lesson.good_thump"),
        Cue("tone.thump_good"),
        Cue("lesson.soft_thump"),
        Cue("tone.thump_soft"),
        Cue("lesson.compare"),
    ),
    (Cue("lesson.mistakes"),),
    (Cue("lesson.try"),),
)
"""What is explained, part by part; the last one asks whether to try it."""


def teach(context: Context, event: Command) -> State:
    """Begin the lesson."""
    context.hush()
    context.lesson = Lesson()
    _explain(context, Cue("lesson.intro"))
    return State.TEACHING


def explained(context: Context, event: Spoken) -> State:
    """Go on to the next part, or wait for an answer after the last."""
    lesson = context.learning()
    if event.utterance != context.awaiting:
        return State.TEACHING
    context.awaiting = None
    if lesson.held:
        context.deadline = context.now + PAUSE_REMINDER
    elif lesson.step + 1 < len(PARTS):
        lesson.step += 1
        _explain(context)
    else:
        context.deadline = context.now + ANSWER
    return State.TEACHING


def hold(context: Context, event: Command) -> State:
    """Wait in the middle of the explanation."""
    context.hush()
    context.learning().held = True
    context.say(Cue("paused"), repeatable=False)
    return State.TEACHING


def go_on(context: Context, event: Command) -> State:
    """Go on with the part that was interrupted."""
    context.hush()
    context.learning().held = False
    _explain(context)
    return State.TEACHING


def unanswered(context: Context, event: TimeReached) -> State:
    """Try nothing when nobody says that they want to."""
    return State.TEACHING if context.awaiting is not None else give_up(context)


def finish(context: Context, event: Command) -> State:
    """End the lesson without trying it."""
    context.hush()
    context.say(Cue("lesson.later"))
    return State.SUMMING_UP


def practise(context: Context, band: Band | None, *cues: Cue) -> State:
    """Guide slow drops, after `cues`."""
    context.lesson = Lesson(band=band)
    context.say(*cues, Cue("lesson.slowly"))
    return State.PRACTISING


def said(context: Context, event: Spoken) -> State:
    """Begin with the drops once it has been said that they come."""
    if event.utterance == context.awaiting:
        context.awaiting = None
        if context.learning().drops == 0:
            context.deadline = context.now + LEAD
    return State.PRACTISING


def landed(context: Context, event: Thump) -> State:
    """Keep how the drop landed until its window has ended."""
    lesson = context.learning()
    if lesson.beats is not None and lesson.landing is None:
        opens, closes = lesson.beats.window
        if opens <= event.landed < closes:
            lesson.doubtful |= not event.certain
            lesson.landing = event if event.certain else None
    return State.PRACTISING


def time_reached(context: Context, event: TimeReached) -> State:
    """Guide the next drop, or say how the last one was."""
    lesson = context.learning()
    if lesson.beats is None:
        return _guide(context, event.at + LEAD)
    beats, lesson.beats = lesson.beats, None
    context.do(CloseWindow(context.now))
    remark = _remark(context)
    if lesson.drops == LESSON_DROPS:
        context.say(*remark, Cue("lesson.done"))
        return State.SUMMING_UP
    if remark:
        context.say(*remark, repeatable=False)
    context.deadline = beats.next_rise(LESSON_TEMPO) - LEAD
    return State.PRACTISING


def _explain(context: Context, *cues: Cue) -> None:
    context.say(*cues, *PARTS[context.learning().step])


def _guide(context: Context, at: int) -> State:
    lesson = context.learning()
    lesson.beats = beats = Beats.starting(at, LESSON_TEMPO)
    lesson.landing, lesson.doubtful = None, False
    lesson.drops += 1
    context.play(beats.rise, Cue("rise"))
    context.play(beats.top, Cue("tone.hold"))
    context.play(beats.drop, Cue("tone.drop"))
    if context.calibrated:
        context.do(OpenWindow(context.now, *beats.window))
    context.awaiting = None
    context.deadline = beats.window[1] + DECISION
    return State.PRACTISING


def _remark(context: Context) -> tuple[Cue, ...]:
    """Say how a landing was, once it is known what this person's landings sound like."""
    lesson = context.learning()
    if not context.calibrated:
        return ()
    landing = lesson.landing
    if landing is None:
        return () if lesson.doubtful else (Cue("not_heard"),)
    outcome = Outcome.HEARD
    if lesson.band is not None:
        outcome = grade(landing.level_db, of_person(lesson.band, landing.soft_shift_db))
    names = {Outcome.SOFT: "soft", Outcome.HARD: "hard"}
    return (Cue(names.get(outcome, "lesson.well")),)
