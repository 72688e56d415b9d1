"""The screening: what speaks against the exercise is asked before the first session."""

from voice_coach.coach import interview
from voice_coach.coach.beginning import consider
from voice_coach.coach.context import Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, PlansMade, TimeReached
from voice_coach.coach.pacing import PLANS
from voice_coach.coach.states import Intent, State
from voice_coach.programme.ledger import Answer, ScreeningFinished
from voice_coach.programme.questions import verdict


def change_answers(context: Context, event: Command) -> State:
    """Ask all questions of the screening anew."""
    context.hush()
    return interview.screen(context, context.questions)


def answered(context: Context, event: Command) -> State:
    """Enter the answer, and ask what comes next; after the last question, the verdict."""
    asking = context.asking()
    context.hush()
    if asking.over:
        return _go_on(context)
    if asking.question is None:
        return _confirmed(context, event)
    interview.take(context, interview.ANSWERS[event.intent])
    if asking.question is None and verdict(asking.questions, asking.answers).blocks:
        return _finish(context)
    interview.ask(context)
    return State.SCREENING


def unanswered(context: Context, event: TimeReached) -> State:
    """Ask once more; then begin nothing, for silence is no answer to rely on."""
    asking = context.asking()
    if asking.over:
        return _go_on(context)
    if context.awaiting is not None or interview.remind(context):
        return State.SCREENING
    if asking.question is not None:
        interview.take(context, Answer.SILENCE)
    return interview.give_up(context)


def plans_made(context: Context, event: PlansMade) -> State:
    """Go on by the plans that take the answers into account."""
    context.today = event.today
    return _go_on(context) if context.asking().over else State.SCREENING


def _confirmed(context: Context, event: Command) -> State:
    """Take the answers as they are, or ask everything again."""
    if event.intent is Intent.YES:
        return _finish(context)
    asking = context.asking()
    return interview.screen(context, asking.questions, Cue("screening.again"))


def _finish(context: Context) -> State:
    """Enter the end of the screening, say the verdict, and go on unless it blocks."""
    asking = context.asking()
    found = verdict(asking.questions, asking.answers)
    context.record(ScreeningFinished(context.now))
    if found.blocks:
        reasons = [Cue(f"block.{name}") for name in found.blocks]
        context.say(Cue("screening.blocked"), *reasons, Cue("screening.what_to_do"))
        return State.SUMMING_UP
    advices = [Cue(f"advise.{name}") for name in found.advices]
    if advices:
        advices.append(Cue("screening.advised"))
    if context.wish is None:
        context.say(Cue("screening.done"), *advices)
        return State.SUMMING_UP
    context.foreword = [Cue("screening.done"), *advices]
    context.wish.screened = asking.over = True
    context.deadline = context.now + PLANS
    return State.SCREENING


def _go_on(context: Context) -> State:
    return consider(context, *context.take_foreword())
