"""The screening: what speaks against the exercise is asked before the first session."""

from collections.abc import Sequence

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, PlansMade, TimeReached
from voice_coach.coach.handlers import interview
from voice_coach.coach.handlers.beginning import consider
from voice_coach.coach.memory import Memory
from voice_coach.coach.pacing import PLANS
from voice_coach.coach.states import Intent, State
from voice_coach.programme.ledger import Answer, ScreeningFinished
from voice_coach.programme.questions import Question, verdict


def change_answers(memory: Memory, event: Command) -> State:
    """Ask all questions of the screening anew."""
    memory.hush()
    return interview.screen(memory, memory.questions)


def answered(memory: Memory, event: Command) -> State:
    """Enter the answer, and ask what comes next; after the last question, the verdict."""
    asking = memory.asking()
    memory.hush()
    if asking.over:
        return _go_on(memory)
    if asking.question is None:
        return _confirmed(memory, event)
    return _take(memory, interview.ANSWERS[event.intent])


def supposed(memory: Memory, event: Command) -> State:
    """Take "I don't think so" for a no; where a yes would matter, ask for a plain one first."""
    asking = memory.asking()
    question = asking.question
    if asking.over or question is None or not _matters(question, asking.questions):
        return answered(memory, event)
    memory.hush()
    if asking.pressed:
        return _take(memory, Answer.UNSURE)
    interview.ask(memory, Cue("screening.plainly"))
    asking.pressed = True
    return State.SCREENING


def take_back(memory: Memory, event: Command) -> State:
    """Ask the last question again: the answer was a mistake."""
    if memory.asking().over:
        return _go_on(memory)
    interview.take_back(memory)
    return State.SCREENING


def unanswered(memory: Memory, event: TimeReached) -> State:
    """Ask once more; then begin nothing, for silence is no answer to rely on."""
    asking = memory.asking()
    if asking.over:
        return _go_on(memory)
    if memory.awaiting is not None or interview.remind(memory):
        return State.SCREENING
    if asking.question is not None:
        interview.take(memory, Answer.SILENCE)
    return interview.give_up(memory)


def plans_made(memory: Memory, event: PlansMade) -> State:
    """Go on by the plans that take the answers into account."""
    memory.today = event.today
    return _go_on(memory) if memory.asking().over else State.SCREENING


def _take(memory: Memory, answer: Answer) -> State:
    """Enter `answer`, and ask what comes next; what blocks is decided at once."""
    asking = memory.asking()
    interview.take(memory, answer)
    if verdict(asking.questions, asking.answers).blocks:
        return _finish(memory)
    interview.ask(memory)
    return State.SCREENING


def _confirmed(memory: Memory, event: Command) -> State:
    """Take the answers as they are, or ask everything again."""
    if event.intent is Intent.YES:
        return _finish(memory)
    asking = memory.asking()
    return interview.screen(memory, asking.questions, Cue("screening.again"))


def _finish(memory: Memory) -> State:
    """Enter the end of the screening, say the verdict, and go on unless it blocks."""
    asking = memory.asking()
    found = verdict(asking.questions, asking.answers)
    memory.record(ScreeningFinished(memory.now))
    if found.blocks:
        reasons = [Cue(f"block.{name}") for name in found.blocks]
        doubt = Answer.UNSURE in (asking.answers[name] for name in found.blocks)
        what_to_do = Cue("screening.find_out" if doubt else "screening.what_to_do")
        memory.say(Cue("screening.blocked"), *reasons, what_to_do)
        return State.SUMMING_UP
    advices = [Cue(f"advise.{name}") for name in found.advices]
    if advices:
        advices.append(Cue("screening.advised"))
    if memory.wish is None:
        memory.say(Cue("screening.done"), *advices)
        return State.SUMMING_UP
    memory.foreword = advices
    memory.wish.screened = asking.over = True
    memory.deadline = memory.now + PLANS
    return State.SCREENING


def _matters(question: Question, questions: Sequence[Question]) -> bool:
    """Whether an answer that is not safe blocks, or opens questions that may."""
    return question.otherwise == "block" or any(q.within == question.name for q in questions)


def _go_on(memory: Memory) -> State:
    return consider(memory, *memory.take_foreword())
