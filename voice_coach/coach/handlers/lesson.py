"""The first lesson: position, rise, drop, the usual mistakes, two thumps, three slow drops.

What is explained can be heard by anybody. The drops come only after everything that is asked
before any drop; like those of a calibration they are no repetitions, and count nothing.
"""

from typing import Final

from voice_coach.coach.actions import CloseWindow, OpenWindow
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, Spoken, Thump, TimeReached
from voice_coach.coach.grading import grade
from voice_coach.coach.handlers.interview import give_up
from voice_coach.coach.memory import Lesson, Memory
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
from voice_coach.programme.firmness import Band
from voice_coach.programme.ledger import Outcome

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


def teach(memory: Memory, event: Command) -> State:
    """Begin the lesson."""
    memory.hush()
    memory.lesson = Lesson()
    _explain(memory, Cue("lesson.intro"))
    return State.TEACHING


def explained(memory: Memory, event: Spoken) -> State:
    """Go on to the next part, or wait for an answer after the last."""
    lesson = memory.learning()
    if event.utterance != memory.awaiting:
        return State.TEACHING
    memory.awaiting = None
    if lesson.held:
        memory.deadline = memory.now + PAUSE_REMINDER
    elif lesson.step + 1 < len(PARTS):
        lesson.step += 1
        _explain(memory)
    else:
        memory.deadline = memory.now + ANSWER
    return State.TEACHING


def hold(memory: Memory, event: Command) -> State:
    """Wait in the middle of the explanation."""
    memory.hush()
    memory.learning().held = True
    memory.say(Cue("paused"), repeatable=False)
    return State.TEACHING


def go_on(memory: Memory, event: Command) -> State:
    """Go on with the part that was interrupted."""
    memory.hush()
    memory.learning().held = False
    _explain(memory)
    return State.TEACHING


def unanswered(memory: Memory, event: TimeReached) -> State:
    """Try nothing when nobody says that they want to."""
    return State.TEACHING if memory.awaiting is not None else give_up(memory)


def finish(memory: Memory, event: Command) -> State:
    """End the lesson without trying it."""
    memory.hush()
    memory.say(Cue("lesson.later"))
    return State.SUMMING_UP


def practise(memory: Memory, band: Band | None, *cues: Cue) -> State:
    """Guide slow drops, after `cues`."""
    memory.lesson = Lesson(band=band)
    memory.say(*cues, Cue("lesson.slowly"))
    return State.PRACTISING


def said(memory: Memory, event: Spoken) -> State:
    """Begin with the drops once it has been said that they come."""
    if event.utterance == memory.awaiting:
        memory.awaiting = None
        lesson = memory.learning()
        if lesson.held or lesson.drops == 0:
            lesson.held = False
            memory.deadline = memory.now + LEAD
    return State.PRACTISING


def explain(memory: Memory, event: Command) -> State:
    """Break off the drop in progress to say what can be said, then guide it again."""
    return break_off(memory, memory.cue_for_mode("help"))


def repeat(memory: Memory, event: Command) -> State:
    """Break off the drop in progress to say once more what is wanted, then guide it again."""
    return break_off(memory, *memory.last_said)


def landed(memory: Memory, event: Thump) -> State:
    """Keep how the drop landed until its window has ended."""
    lesson = memory.learning()
    if lesson.beats is not None and lesson.landing is None:
        opens, closes = lesson.beats.window
        if opens <= event.landed < closes:
            lesson.doubtful |= not event.certain
            lesson.landing = event if event.certain else None
    return State.PRACTISING


def time_reached(memory: Memory, event: TimeReached) -> State:
    """Guide the next drop, or say how the last one was."""
    lesson = memory.learning()
    if lesson.held:
        return State.PRACTISING
    if lesson.beats is None:
        return _guide(memory, event.at + LEAD)
    beats, lesson.beats = lesson.beats, None
    memory.do(CloseWindow(memory.now))
    remark = (*_remark(memory), *memory.take_deferred())
    if lesson.drops == LESSON_DROPS:
        memory.say(*remark, Cue("lesson.done"))
        return State.SUMMING_UP
    if remark:
        memory.say(*remark, repeatable=False)
    memory.deadline = beats.next_rise(LESSON_TEMPO) - LEAD
    return State.PRACTISING


def break_off(memory: Memory, *cues: Cue) -> State:
    """Break off the drop in progress to say `cues`; it is guided again when they have ended."""
    lesson = memory.learning()
    memory.hush()
    if lesson.beats is not None:
        lesson.beats = None
        lesson.drops -= 1
    lesson.held = True
    memory.say(*cues, repeatable=False)
    return State.PRACTISING


def _explain(memory: Memory, *cues: Cue) -> None:
    memory.say(*cues, *PARTS[memory.learning().step])


def _guide(memory: Memory, at: int) -> State:
    lesson = memory.learning()
    lesson.beats = beats = Beats.starting(at, LESSON_TEMPO)
    lesson.landing, lesson.doubtful = None, False
    lesson.drops += 1
    memory.play(beats.rise, Cue("rise"))
    memory.play(beats.top, Cue("tone.hold"))
    memory.play(beats.drop, Cue("tone.drop"))
    if memory.calibrated:
        memory.do(OpenWindow(memory.now, *beats.window, beats.drop))
    memory.awaiting = None
    memory.deadline = beats.window[1] + DECISION
    return State.PRACTISING


def _remark(memory: Memory) -> tuple[Cue, ...]:
    """Say how a landing was, once it is known what this person's landings sound like."""
    lesson = memory.learning()
    if not memory.calibrated:
        return ()
    landing = lesson.landing
    if landing is None:
        return (Cue.of("unsure", number=lesson.drops) if lesson.doubtful else Cue("not_heard"),)
    outcome = Outcome.HEARD
    if lesson.band is not None:
        outcome = grade(landing.level_db, lesson.band.of_person(landing.gentle_db))
    remarks = {Outcome.SOFT: Cue.of("soft", number=1), Outcome.HARD: Cue("hard")}
    return (remarks.get(outcome, Cue("lesson.well")),)
