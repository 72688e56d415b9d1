"""From "start" to the first set: what is wanted, whether it may be, and the briefing."""

from typing import Final

from voice_coach.coach import interview, lesson
from voice_coach.coach.actions import ChangePerson
from voice_coach.coach.calibration import calibrate
from voice_coach.coach.context import Aim, Context, Session, Wish
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, PlansMade, Spoken, TimeReached
from voice_coach.coach.pacing import PLANS
from voice_coach.coach.repetition import prepare
from voice_coach.coach.states import State
from voice_coach.programme.ledger import SessionStarted
from voice_coach.programme.plan import Plan, Refusal

UNSETTLED: Final = frozenset({"refused.pain", "refused.soreness", "refused.unwell"})
"""Refusals that a follow-up question may lift."""

NO_DROP: Final = UNSETTLED | {"refused.blocked"}
"""Refusals of any drop at all, those of a lesson and of a calibration included."""


def start(context: Context, event: Command) -> State:
    """Begin today's plan for the level that was named, after all that is to be asked first."""
    context.hush()
    context.forget_wishes()
    context.wish = Wish(level=event.level)
    if event.person in context.people:
        return _fetch(context, event.person)
    if len(context.people) > 1:
        return _ask_whose(context)
    return consider(context)


def change_person(context: Context, event: Command) -> State:
    """Take up somebody else's plans, and begin what is wanted."""
    context.hush()
    if event.person in context.people:
        return _fetch(context, event.person)
    context.say(Cue("one_plan"))
    return State.SUMMING_UP


def person_changed(context: Context, event: PlansMade) -> State:
    """Go on with the plans of who has come, or say whose they are."""
    context.take_plans(event)
    wish = context.wish
    if wish is None or wish.person is None or context.today.person != wish.person:
        return State.CHOOSING
    theirs = Cue.of("person", person=wish.person)
    if wish.aim is Aim.PERSON:
        context.say(theirs)
        return State.SUMMING_UP
    return consider(context, theirs)


def nobody_chosen(context: Context, event: TimeReached) -> State:
    """Ask once more who is there, then begin nothing."""
    if context.awaiting is not None:
        return State.CHOOSING
    wish = context.wish
    if wish is not None and wish.person is None and not wish.asked_again:
        wish.asked_again = True
        context.say(Cue("tone.attention"), *_whose(context))
        return State.CHOOSING
    return interview.give_up(context)


def start_anyway(context: Context, event: Command) -> State:
    """Begin what was offered; the explicit phrase also serves where a yes would do."""
    refusal, wish = _offered(context), context.wishing()
    assert refusal.alternative is not None
    context.hush()
    if refusal.may_override:
        wish.overrode = refusal.reason
    else:
        wish.level = refusal.alternative.level
    context.offered = None
    return consider(context)


def agree(context: Context, event: Command) -> State:
    """Begin the safe alternative; to act against advice takes the explicit phrase."""
    refusal = _offered(context)
    if refusal.may_override:
        context.hush()
        context.say(_question(refusal))
        return State.CONFIRMING
    return start_anyway(context, event)


def decline(context: Context, event: Command) -> State:
    """Begin nothing."""
    context.hush()
    context.say(Cue("declined"), repeatable=False)
    return State.SUMMING_UP


def unanswered_confirmation(context: Context, event: TimeReached) -> State:
    """Silence is never consent."""
    return State.CONFIRMING if context.awaiting is not None else State.ASLEEP


def calibrate_alone(context: Context, event: Command) -> State:
    """Learn the sound of the drops outside a session, after what is asked before any drop."""
    context.hush()
    context.forget_wishes()
    context.wish = Wish(Aim.CALIBRATION)
    return consider(context)


def try_drops(context: Context, event: Command) -> State:
    """Try the drops of the lesson, after all that is to be asked before any drop."""
    context.hush()
    context.wish = Wish(Aim.LESSON)
    return consider(context)


def consider(context: Context, *cues: Cue) -> State:
    """Begin what is wanted if today's plans allow it and every question has its safe answer."""
    wish, today = context.wishing(), context.today
    answer = _answer(context)
    open_questions = [question for question in today.readiness if question.name not in wish.safe]
    if isinstance(answer, Refusal):
        follow_ups = [question for question in open_questions if question.when == "follow_up"]
        if answer.reason in UNSETTLED and follow_ups:
            return interview.make_sure(context, follow_ups, *cues)
        if wish.aim is Aim.SESSION or answer.reason in NO_DROP:
            return _refuse(context, answer, *cues)
    if today.screening and not wish.screened:
        return interview.screen(context, today.screening, *cues)
    if open_questions:
        return interview.make_sure(context, open_questions, *cues)
    return _begin(context, answer, *cues)


def briefed(context: Context, event: Spoken) -> State:
    """Go on to calibration if it is due, otherwise to the first set."""
    if event.utterance != context.awaiting:
        return State.BRIEFING
    return prepare(context) if context.calibrated else calibrate(context)


def brief(context: Context, session: Session, *cues: Cue) -> State:
    """Say what is planned, after `cues`."""
    plan, today = session.plan, context.today
    first = [Cue.of(line.cue, **line.slots) for line in today.review]
    first += [Cue(notice) for notice in today.notices]
    first += [Cue.of("caution", text=text) for text in today.cautions]
    if today.offered is not None and today.offered != plan.level:
        first.append(Cue.of("offer", level=today.offered))
    briefing = Cue.of("briefing", level=plan.level, repetitions=plan.repetitions, sets=plan.sets)
    context.say(*cues, *first, briefing)
    return State.BRIEFING


def _begin(context: Context, answer: Plan | Refusal, *cues: Cue) -> State:
    """Begin what is wanted; only a lesson and a calibration may be without a plan."""
    wish = context.wishing()
    context.forget_wishes()
    if wish.aim is Aim.CALIBRATION:
        return calibrate(context, *cues)
    if isinstance(answer, Refusal) or wish.aim is Aim.LESSON:
        return lesson.practise(context, answer.band if isinstance(answer, Plan) else None, *cues)
    context.session = Session(answer, answer.tempo)
    context.record(
        SessionStarted(context.now, answer.level, answer.sets, answer.repetitions, wish.overrode)
    )
    return brief(context, context.session, *cues)


def _answer(context: Context) -> Plan | Refusal:
    """Return the answer to the wish, by the plans of this moment."""
    wish = context.wishing()
    answer = context.today.plans[wish.level or context.today.level]
    if isinstance(answer, Refusal) and answer.reason == wish.overrode:
        return answer.alternative or answer
    return answer


def _refuse(context: Context, refusal: Refusal, *cues: Cue) -> State:
    """Say why not, and offer what there is instead."""
    context.interview = None
    why = [Cue.of(line.cue, **line.slots) for line in refusal.reasons]
    refused = [Cue.of(refusal.reason, **refusal.slots), *why]
    if refusal.reason == "refused.blocked":
        refused.append(Cue("screening.what_to_do"))
    if refusal.alternative is None or context.wishing().aim is not Aim.SESSION:
        context.say(*cues, *refused)
        return State.SUMMING_UP
    context.offered = refusal
    context.say(*cues, *refused, _question(refusal))
    return State.CONFIRMING


def _ask_whose(context: Context) -> State:
    context.wish = context.wish or Wish(Aim.PERSON)
    context.say(*_whose(context))
    return State.CHOOSING


def _whose(context: Context) -> tuple[Cue, ...]:
    *others, last = context.people
    return (
        *(Cue.of("whose", person=person) for person in others),
        Cue.of("whose.last", person=last),
    )


def _fetch(context: Context, person: str | None) -> State:
    assert person is not None
    context.wish = context.wish or Wish(Aim.PERSON)
    context.wish.person = person
    context.do(ChangePerson(context.now, person))
    context.deadline = context.now + PLANS
    return State.CHOOSING


def _offered(context: Context) -> Refusal:
    assert context.offered is not None
    return context.offered


def _question(refusal: Refusal) -> Cue:
    return Cue("confirm_anyway" if refusal.may_override else "confirm_instead")
