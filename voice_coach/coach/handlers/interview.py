"""Yes-or-no questions, one after the other: what screening and readiness have in common.

Only the safe answer to a question lets anybody go on. Silence is asked about once more and is
then an answer of its own; what was not understood is none at all.
"""

from collections.abc import Sequence
from typing import Final

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, SoundBack, SoundLost, Spoken
from voice_coach.coach.memory import Interview, Memory
from voice_coach.coach.pacing import ANSWER, RECOVERY, THINKING
from voice_coach.coach.states import Intent, State
from voice_coach.programme.day import Line
from voice_coach.programme.ledger import Answer, Answered, DayAnswered
from voice_coach.programme.questions import Question
from voice_coach.programme.screening import questions

ANSWERS: Final = {
    Intent.YES: Answer.YES,
    Intent.NO: Answer.NO,
    Intent.PROBABLY_NOT: Answer.NO,
    Intent.NOT_SURE: Answer.UNSURE,
}

EXPLAINED: Final = {
    "broken_bone": "explain.broken_bone",
    "osteoporosis": "explain.osteoporosis",
    "balance": "explain.balance",
    "foot_injury": "explain.foot_injury",
}
"""The cue that says what a question means, by the one that opens it."""


def screen(memory: Memory, asked: Sequence[Question], *cues: Cue) -> State:
    """Begin the screening after `cues`."""
    whole = set(memory.questions) <= set(asked)
    memory.interview = Interview(tuple(asked), whole=whole)
    ask(memory, *cues, Cue("screening.intro"))
    return State.SCREENING


def make_sure(memory: Memory, asked: Sequence[Question], *cues: Cue) -> State:
    """Begin the questions of readiness after `cues`."""
    memory.interview = Interview(tuple(asked))
    ask(memory, *cues)
    return State.READINESS


def ask_day(memory: Memory, asks: Line, *cues: Cue) -> State:
    """Ask what day it is, which the clock does not tell, after `cues`."""
    memory.interview = Interview(questions("clock"), asks_day=asks)
    ask(memory, *cues)
    return State.READINESS


def ask(memory: Memory, *cues: Cue) -> None:
    """Say `cues` and the question at hand; "repeat" says the question alone again."""
    interview = memory.asking()
    interview.reminded = interview.pressed = False
    question = _question(interview)
    memory.say(*cues, *question)
    memory.last_said = question


def remind(memory: Memory) -> bool:
    """Ask once more after silence; return whether that was still to be done."""
    interview = memory.asking()
    if interview.reminded:
        return False
    interview.reminded = True
    memory.say(Cue("tone.attention"), *_question(interview))
    return True


def take(memory: Memory, answer: Answer) -> Question:
    """Enter `answer` to the question at hand, and return that question."""
    interview = memory.asking()
    question = interview.question
    assert question is not None
    interview.answers[question.name] = answer
    if question.when == "clock":
        memory.record(DayAnswered(memory.now, answer))
    else:
        memory.record(Answered(memory.now, question.name, answer))
    return question


def take_back(memory: Memory) -> str | None:
    """Forget the last answer and ask for it again; return the name of its question, if any."""
    answers = memory.asking().answers
    taken_back = answers.popitem()[0] if answers else None
    memory.hush()
    ask(memory, Cue("taken_back"))
    return taken_back


def explain(memory: Memory, event: Command) -> State:
    """Say what the question at hand means, then ask it again."""
    question = memory.asking().question
    name = EXPLAINED.get(question.within or question.name) if question is not None else None
    if question is not None and question.name == "very_low_density":
        name = "explain.t_score"
    memory.hush()
    ask(memory, *([Cue(name)] if name else []))
    return memory.state


def has_consequences(memory: Memory, event: Command) -> bool:
    """Whether the answer opens a complaint or settles one, or keeps somebody from practising."""
    interview = memory.asking()
    question = interview.question
    if question is None or interview.over:
        return False
    if event.intent is Intent.SETTLED and question.when != "follow_up":
        return False  # it answers some other question
    answer = ANSWERS.get(event.intent, Answer.YES)  # "it has settled" is a yes, too
    if question.when in {"follow_up", "clock"}:
        return question.lets_go_on(answer)
    blocks = question.otherwise == "block" and not question.lets_go_on(answer)
    return blocks or question.opens(answer) is not None


def answer_awaited(memory: Memory, event: Spoken) -> State:
    """Wait for an answer once the question has been said."""
    if event.utterance == memory.awaiting:
        memory.awaiting = None
        memory.deadline = memory.now + ANSWER
    return memory.state


def more_time(memory: Memory, event: Command) -> State:
    """Give whoever asks for a moment a longer one."""
    memory.hush()
    memory.play(memory.now, Cue("more_time"))
    memory.deadline = memory.now + THINKING
    return memory.state


def sound_lost(memory: Memory, event: SoundLost) -> State:
    """Fall silent, and keep what was answered: most sound that is lost is back in a moment."""
    memory.hush()
    memory.deadline = memory.now + RECOVERY
    return memory.state


def sound_back(memory: Memory, event: SoundBack) -> State:
    """Say that it works again, and ask once more what was asked."""
    said = memory.last_said
    memory.say(Cue("fault.recovered"), *said)
    memory.last_said = said
    return memory.state


def no_answer(memory: Memory, event: Command) -> State:
    """Say what can be answered here: what was said answers some other question."""
    memory.answer(memory.cue_for_mode("not_understood"))
    return memory.state


def give_up(memory: Memory) -> State:
    """Begin nothing: nobody has answered."""
    memory.say(Cue("unanswered"), repeatable=False)
    return State.SUMMING_UP


def _question(interview: Interview) -> tuple[Cue, ...]:
    question = interview.question
    if interview.asks_day is not None:
        return (Cue.of(interview.asks_day.cue, **interview.asks_day.slots),)
    if question is not None:
        return (Cue(question.cue),)
    return (*_understood(interview), Cue("screening.confirm"))


def _understood(interview: Interview) -> tuple[Cue, ...]:
    """Return what was understood, before it counts: what is not well, or that all is."""
    unsafe = interview.unsafe
    if unsafe:
        return (*(Cue(question.noted) for question in unsafe), Cue("screening.otherwise"))
    return (Cue("screening.all_well" if interview.whole else "screening.nothing_else"),)
