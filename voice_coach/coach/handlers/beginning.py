"""From "start" to the first set: what is wanted, whether it may be, and the briefing."""

from typing import Final

from voice_coach.coach.actions import ChangePerson
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, PlansMade, Spoken, TimeReached
from voice_coach.coach.handlers import interview, lesson
from voice_coach.coach.handlers.calibrating import calibrate
from voice_coach.coach.handlers.repetition import prepare
from voice_coach.coach.memory import Aim, Memory, Session, Wish
from voice_coach.coach.pacing import PLANS
from voice_coach.coach.states import State
from voice_coach.programme.ledger import SessionStarted
from voice_coach.programme.planner import Plan, Refusal, Today

UNSETTLED: Final = frozenset({"refused.pain", "refused.soreness", "refused.unwell"})
"""Refusals that a follow-up question may lift."""

NO_DROP: Final = UNSETTLED | {"refused.blocked"}
"""Refusals of any drop at all, those of a lesson and of a calibration included."""


def start(memory: Memory, event: Command) -> State:
    """Begin today's plan for the level that was named, after all that is to be asked first."""
    memory.hush()
    memory.forget_wishes()
    memory.wish = Wish(level=event.level)
    if event.person in memory.people:
        return _fetch(memory, event.person)
    if len(memory.people) > 1:
        return _ask_whose(memory)
    return consider(memory)


def change_person(memory: Memory, event: Command) -> State:
    """Take up somebody else's plans, and begin what is wanted."""
    memory.hush()
    if event.person in memory.people:
        return _fetch(memory, event.person)
    memory.say(Cue("one_plan"))
    return State.SUMMING_UP


def person_changed(memory: Memory, event: PlansMade) -> State:
    """Go on with the plans of who has come, or say whose they are."""
    memory.take_plans(event)
    wish = memory.wish
    if wish is None or wish.person is None or memory.today.person != wish.person:
        return State.CHOOSING
    theirs = Cue.of("person", person=wish.person)
    if wish.aim is Aim.PERSON:
        memory.say(theirs)
        return State.SUMMING_UP
    return consider(memory, theirs)


def nobody_chosen(memory: Memory, event: TimeReached) -> State:
    """Ask once more who is there, then begin nothing."""
    if memory.awaiting is not None:
        return State.CHOOSING
    wish = memory.wish
    if wish is not None and wish.person is None and not wish.asked_again:
        wish.asked_again = True
        memory.say(Cue("tone.attention"), *_whose(memory))
        return State.CHOOSING
    return interview.give_up(memory)


def start_anyway(memory: Memory, event: Command) -> State:
    """Begin what was offered; the explicit phrase also serves where a yes would do."""
    refusal, wish = _offered(memory), memory.wishing()
    assert refusal.alternative is not None
    memory.hush()
    if refusal.may_override:
        wish.overrode = refusal.reason
    else:
        wish.level = refusal.alternative.level
    memory.offered = None
    return consider(memory)


def agree(memory: Memory, event: Command) -> State:
    """Begin the safe alternative; to act against advice takes the explicit phrase."""
    refusal = _offered(memory)
    if refusal.may_override:
        memory.hush()
        memory.say(_question(refusal))
        return State.CONFIRMING
    return start_anyway(memory, event)


def decline(memory: Memory, event: Command) -> State:
    """Begin nothing."""
    memory.hush()
    memory.say(Cue("declined"), repeatable=False)
    return State.SUMMING_UP


def unanswered_confirmation(memory: Memory, event: TimeReached) -> State:
    """Silence is never consent."""
    return State.CONFIRMING if memory.awaiting is not None else State.ASLEEP


def calibrate_alone(memory: Memory, event: Command) -> State:
    """Learn the sound of the drops outside a session, after what is asked before any drop."""
    memory.hush()
    memory.forget_wishes()
    memory.wish = Wish(Aim.CALIBRATION)
    return consider(memory)


def try_drops(memory: Memory, event: Command) -> State:
    """Try the drops of the lesson, after all that is to be asked before any drop."""
    memory.hush()
    memory.wish = Wish(Aim.LESSON)
    return consider(memory)


def consider(memory: Memory, *cues: Cue) -> State:
    """Begin what is wanted if today's plans allow it and every question has its safe answer."""
    wish, today = memory.wishing(), memory.today
    if today.asks_day is not None and wish.aim is Aim.SESSION:
        return interview.ask_day(memory, today.asks_day, *cues)
    answer = _answer(memory)
    open_questions = [question for question in today.readiness if question.name not in wish.safe]
    if isinstance(answer, Refusal):
        follow_ups = [question for question in open_questions if question.when == "follow_up"]
        if answer.reason in UNSETTLED and follow_ups:
            return interview.make_sure(memory, follow_ups, *cues)
        if wish.aim is Aim.SESSION or answer.reason in NO_DROP:
            return _refuse(memory, answer, *cues)
    if today.screening and not wish.screened:
        return interview.screen(memory, today.screening, *cues)
    if open_questions:
        return interview.make_sure(memory, open_questions, *cues)
    return _begin(memory, answer, *cues)


def briefed(memory: Memory, event: Spoken) -> State:
    """Go on to calibration if it is due, otherwise to the first set."""
    if event.utterance != memory.awaiting:
        return State.BRIEFING
    return prepare(memory) if memory.calibrated else calibrate(memory)


def brief(memory: Memory, session: Session, *cues: Cue) -> State:
    """Say what is planned, after `cues`."""
    plan, today = session.plan, memory.today
    first = [Cue(notice) for notice in today.notices]
    first += [Cue.of("caution", text=text) for text in today.cautions]
    memory.say(*cues, *first, *_briefing(plan, today))
    return State.BRIEFING


def _briefing(plan: Plan, today: Today) -> tuple[Cue, ...]:
    """Return what is told before the first set: less to somebody who was told lately."""
    cues = []
    known = today.briefing
    if plan.level != (known.told[0] if known.told else today.level):
        cues.append(Cue.of("briefing.level", level=plan.level))
    if known.told != (plan.level, plan.sets * plan.repetitions):
        cues.append(Cue.of("briefing", repetitions=plan.repetitions, sets=plan.sets))
    cues.append(Cue("briefing.setup"))
    if known.explains:
        cues += [Cue("briefing.how"), Cue.of("teach", command=known.teaches)]
    return tuple(cues)


def _tip(today: Today) -> tuple[Cue, ...]:
    """Return the one thing that is told in the first rest: what may be said, or last week."""
    known = today.briefing
    if known.teaches and not known.explains:
        return (Cue.of("teach", command=known.teaches),)
    return tuple(Cue.of(line.cue, **line.slots) for line in today.review)


def _begin(memory: Memory, answer: Plan | Refusal, *cues: Cue) -> State:
    """Begin what is wanted; only a lesson and a calibration may be without a plan."""
    wish = memory.wishing()
    memory.forget_wishes()
    if wish.aim is Aim.CALIBRATION:
        return calibrate(memory, *cues)
    if isinstance(answer, Refusal) or wish.aim is Aim.LESSON:
        return lesson.practise(memory, answer.band if isinstance(answer, Plan) else None, *cues)
    memory.session = Session(answer, answer.tempo, tip=_tip(memory.today))
    memory.record(
        SessionStarted(memory.now, answer.level, answer.sets, answer.repetitions, wish.overrode)
    )
    return brief(memory, memory.session, *cues)


def _answer(memory: Memory) -> Plan | Refusal:
    """Return the answer to the wish, by the plans of this moment."""
    wish = memory.wishing()
    answer = memory.today.plans[wish.level or memory.today.level]
    if isinstance(answer, Refusal) and answer.reason == wish.overrode:
        return answer.alternative or answer
    return answer


def _refuse(memory: Memory, refusal: Refusal, *cues: Cue) -> State:
    """Say why not, and offer what there is instead."""
    memory.interview = None
    why = [Cue.of(line.cue, **line.slots) for line in refusal.reasons]
    refused = [Cue.of(refusal.reason, **refusal.slots), *why]
    if refusal.reason == "refused.blocked":
        refused.append(Cue("screening.what_to_do"))
    if refusal.alternative is None or memory.wishing().aim is not Aim.SESSION:
        memory.say(*cues, *refused)
        return State.SUMMING_UP
    memory.offered = refusal
    memory.say(*cues, *refused, _question(refusal))
    return State.CONFIRMING


def _ask_whose(memory: Memory) -> State:
    memory.wish = memory.wish or Wish(Aim.PERSON)
    memory.say(*_whose(memory))
    return State.CHOOSING


def _whose(memory: Memory) -> tuple[Cue, ...]:
    return (*(Cue.of("whose", person=person) for person in memory.people), Cue("whose.ask"))


def _fetch(memory: Memory, person: str | None) -> State:
    assert person is not None
    memory.wish = memory.wish or Wish(Aim.PERSON)
    memory.wish.person = person
    memory.do(ChangePerson(memory.now, person))
    memory.deadline = memory.now + PLANS
    return State.CHOOSING


def _offered(memory: Memory) -> Refusal:
    assert memory.offered is not None
    return memory.offered


def _question(refusal: Refusal) -> Cue:
    return Cue("confirm_anyway" if refusal.may_override else "confirm_instead")
