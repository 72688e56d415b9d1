"""Readiness: whether all is well today, and whether what hurt has settled."""

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, PlansMade, TimeReached
from voice_coach.coach.handlers import interview
from voice_coach.coach.handlers.beginning import consider
from voice_coach.coach.memory import Memory
from voice_coach.coach.pacing import PLANS
from voice_coach.coach.states import State
from voice_coach.programme.ledger import Answer, Complained, PainSettled


def answered(memory: Memory, event: Command) -> State:
    """Go on after a safe answer; after any other say why not, and end kindly."""
    memory.hush()
    return _take(memory, interview.ANSWERS[event.intent])


def take_back(memory: Memory, event: Command) -> State:
    """Ask the last question again: the answer was a mistake."""
    if memory.asking().over:
        return consider(memory)
    taken_back = interview.take_back(memory)
    if taken_back is not None:
        memory.wishing().safe.discard(taken_back)
    return State.READINESS


def settled(memory: Memory, event: Command) -> State:
    """Take "it has settled" for a yes to the question whether it has."""
    question = memory.asking().question
    if question is None or question.when != "follow_up":
        return interview.no_answer(memory, event)
    memory.hush()
    return _take(memory, Answer.YES)


def unanswered(memory: Memory, event: TimeReached) -> State:
    """Ask once more; then begin nothing, for silence is never consent."""
    if memory.asking().over:
        return consider(memory)
    if memory.awaiting is not None or interview.remind(memory):
        return State.READINESS
    interview.take(memory, Answer.SILENCE)
    return interview.give_up(memory)


def plans_made(memory: Memory, event: PlansMade) -> State:
    """Go on by the plans that take into account what has settled."""
    memory.today = event.today
    return consider(memory) if memory.asking().over else State.READINESS


def _take(memory: Memory, answer: Answer) -> State:
    asking = memory.asking()
    if asking.over:
        return consider(memory)
    question = interview.take(memory, answer)
    if question.when == "clock" and answer is not Answer.UNSURE:
        # Either answer tells something of the day.
        asking.over = True
        memory.deadline = memory.now + PLANS
        return State.READINESS
    if not question.lets_go_on(answer):
        complaint = question.opens(answer)
        if complaint is not None:
            memory.record(Complained(memory.now, complaint))
        memory.say(Cue(question.reply))
        return State.SUMMING_UP
    memory.wishing().safe.add(question.name)
    if asking.question is not None:
        interview.ask(memory)
        return State.READINESS
    if not any(asked.when == "follow_up" for asked in asking.questions):
        return consider(memory)
    memory.record(PainSettled(memory.now))
    asking.over = True
    memory.deadline = memory.now + PLANS
    return State.READINESS
