"""Questions that the programme has an answer to, and the news that a complaint has settled."""

from typing import Final

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command
from voice_coach.coach.memory import Memory
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
    Intent.NUMBERS,
)
"""What may be asked between sessions."""

IN_A_BREAK: Final = (
    Intent.HOW_AM_I_DOING,
    Intent.WHY_HEEL_DROPS,
    Intent.HOW_TO,
    Intent.HOW_LONG_UNTIL,
)
"""Of these, what may be asked in a rest or a pause as well."""


def tell(memory: Memory, event: Command) -> State:
    """Say the answer that today's plans hold."""
    lines = memory.today.answers.get(event.intent, ())
    cues = [Cue.of(line.cue, **line.slots) for line in lines] or [Cue("no_answer")]
    memory.answer(*cues, repeatable=True)
    return memory.state


def settled(memory: Memory, event: Command) -> State:
    """Take note that what hurt has settled."""
    memory.hush()
    memory.record(PainSettled(memory.now))
    memory.say(Cue("answer.settled"))
    return State.SUMMING_UP


def who(memory: Memory, event: Command) -> State:
    """Say whose plans these are."""
    person = memory.today.person
    memory.answer(Cue("one_plan") if person is None else Cue.of("person", person=person))
    return memory.state
