"""What they ask: answers that the programme has ready, and what they have to say in return."""

from typing import Final

from voice_coach.coach.context import Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command
from voice_coach.coach.states import Intent, State
from voice_coach.programme.ledger import PainSettled

QUESTIONS: Final = (
    Intent.HOW_AM_I_DOING,
    Intent.WHEN_NEXT,
    Intent.TODAYS_PLAN,
    Intent.WHY_HEEL_DROPS,
    Intent.HOW_TO,
    Intent.HOW_LONG_UNTIL,
    Intent.WHO_SHOULD_NOT,
    Intent.SINGLE_LEG,
    Intent.REVIEW_ANSWERS,
)
"""What may be asked at any time at which nobody is on their toes."""


def tell(context: Context, event: Command) -> State:
    """Say the answer that today's plans hold."""
    lines = context.today.answers.get(event.intent, ())
    cues = [Cue.of(line.cue, **line.slots) for line in lines] or [Cue("no_answer")]
    context.answer(*cues, repeatable=True)
    return context.state


def settled(context: Context, event: Command) -> State:
    """Take note that what hurt has settled."""
    context.hush()
    context.record(PainSettled(context.now))
    context.say(Cue("answer.settled"))
    return context.state


def who(context: Context, event: Command) -> State:
    """Say whose plans these are."""
    person = context.today.person
    context.answer(Cue("one_plan") if person is None else Cue.of("person", person=person))
    return context.state
