"""Yes-or-no questions, one after the other: what screening and readiness have in common.

Only the safe answer to a question lets anybody go on. Silence is asked about once more and is
then an answer of its own; what was not understood is none at all.
"""

from collections.abc import Sequence
from typing import Final

from voice_coach.coach.context import Context, Interview
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, Spoken
from voice_coach.coach.pacing import ANSWER, THINKING
from voice_coach.coach.states import Intent, State
from voice_coach.programme.ledger import Answer, Answered
from voice_coach.programme.questions import Question

ANSWERS: Final = {
    Intent.YES: Answer.YES,
    Intent.NO: Answer.NO,
    Intent.NOT_SURE: Answer.UNSURE,
}


def screen(context: Context, questions: Sequence[Question], *cues: Cue) -> State:
    """Begin the screening after `cues`."""
    context.interview = Interview(tuple(questions))
    ask(context, *cues, Cue.of("screening.intro", questions=len(questions)))
    return State.SCREENING


def make_sure(context: Context, questions: Sequence[Question], *cues: Cue) -> State:
    """Begin the questions of readiness after `cues`."""
    context.interview = Interview(tuple(questions))
    ask(context, *cues)
    return State.READINESS


def ask(context: Context, *cues: Cue) -> None:
    """Say `cues` and the question at hand; "repeat" says the question alone again."""
    interview = context.asking()
    interview.reminded = False
    question = _question(interview)
    context.say(*cues, *question)
    context.last_said = question


def remind(context: Context) -> bool:
    """Ask once more after silence; return whether that was still to be done."""
    interview = context.asking()
    if interview.reminded:
        return False
    interview.reminded = True
    context.say(Cue("tone.attention"), *_question(interview))
    return True


def take(context: Context, answer: Answer) -> Question:
    """Enter `answer` to the question at hand, and return that question."""
    interview = context.asking()
    question = interview.question
    assert question is not None
    interview.answers[question.name] = answer
    context.record(Answered(context.now, question.name, answer))
    return question


def answer_awaited(context: Context, event: Spoken) -> State:
    """Wait for an answer once the question has been said."""
    if event.utterance == context.awaiting:
        context.awaiting = None
        context.deadline = context.now + ANSWER
    return context.state


def more_time(context: Context, event: Command) -> State:
    """Give whoever asks for a moment a longer one."""
    context.hush()
    context.deadline = context.now + THINKING
    return context.state


def give_up(context: Context) -> State:
    """Begin nothing: nobody has answered."""
    context.say(Cue("unanswered"), repeatable=False)
    return State.SUMMING_UP


def _question(interview: Interview) -> tuple[Cue, ...]:
    question = interview.question
    if question is None:
        return (Cue("screening.confirm"),)
    if question.when != "screening":
        return (Cue(question.cue),)
    number, questions = len(interview.answers) + 1, len(interview.questions)
    return (Cue.of("screening.progress", number=number, questions=questions), Cue(question.cue))
