"""Readiness: whether all is well today, and whether what hurt has settled."""

from voice_coach.coach import interview
from voice_coach.coach.beginning import consider
from voice_coach.coach.context import Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, PlansMade, TimeReached
from voice_coach.coach.pacing import PLANS
from voice_coach.coach.states import State
from voice_coach.programme.ledger import Answer, Complained, PainSettled


def answered(context: Context, event: Command) -> State:
    """Go on after a safe answer; after any other say why not, and end kindly."""
    context.hush()
    return _take(context, interview.ANSWERS[event.intent])


def settled(context: Context, event: Command) -> State:
    """Take "it has settled" for a yes to the question whether it has."""
    question = context.asking().question
    if question is None or question.when != "follow_up":
        return State.READINESS
    context.hush()
    return _take(context, Answer.YES)


def unanswered(context: Context, event: TimeReached) -> State:
    """Ask once more; then begin nothing, for silence is never consent."""
    if context.asking().over:
        return consider(context)
    if context.awaiting is not None or interview.remind(context):
        return State.READINESS
    interview.take(context, Answer.SILENCE)
    return interview.give_up(context)


def plans_made(context: Context, event: PlansMade) -> State:
    """Go on by the plans that take into account what has settled."""
    context.today = event.today
    return consider(context) if context.asking().over else State.READINESS


def _take(context: Context, answer: Answer) -> State:
    asking = context.asking()
    if asking.over:
        return consider(context)
    question = interview.take(context, answer)
    if not question.lets_go_on(answer):
        complaint = question.opens(answer)
        if complaint is not None:
            context.record(Complained(context.now, complaint))
        context.say(Cue(question.reply))
        return State.SUMMING_UP
    context.wishing().safe.add(question.name)
    if asking.question is not None:
        interview.ask(context)
        return State.READINESS
    if not any(asked.when == "follow_up" for asked in asking.questions):
        return consider(context)
    context.record(PainSettled(context.now))
    asking.over = True
    context.deadline = context.now + PLANS
    return State.READINESS
