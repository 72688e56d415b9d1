"""The questions that are asked before practising, read from ``questions.toml``."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from voice_coach.programme.ledger import Answer, Complaint

_FILE = Path(__file__).with_name("questions.toml")
_COMPLAIN: Final = "complain:"
_OTHERWISE: Final = {
    "block",
    "advise",
    "not_today",
    "hold",
    *(f"{_COMPLAIN}{complaint}" for complaint in Complaint),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``questions.toml`` says what each field means."""

    name: str
    when: Literal["screening", "readiness", "follow_up", "clock"]
    safe: Answer
    otherwise: str
    about: str
    after: tuple[Complaint, ...] = ()
    within: str = ""

    def __post_init__(self) -> None:
        if self.safe not in {Answer.YES, Answer.NO}:
            raise ValueError(f"{self.name}: doubt and silence never let one go on")
        if self.otherwise not in _OTHERWISE:
            raise ValueError(f"{self.name}: there is no consequence '{self.otherwise}'")
        if (self.when == "screening") is not (self.otherwise in {"block", "advise"}):
            raise ValueError(f"{self.name}: a screening blocks or advises, and nothing else does")
        if (self.when == "follow_up") is not bool(self.after):
            raise ValueError(f"{self.name}: a follow-up, and nothing else, follows complaints")

    @property
    def cue(self) -> str:
        """Name of the cue that asks it."""
        return f"ask.{self.name}"

    @property
    def noted(self) -> str:
        """Name of the cue that tells again that its answer was not the safe one."""
        return f"noted.{self.name}"

    @property
    def reply(self) -> str:
        """Name of the cue that answers any other than the safe answer."""
        opens = self.otherwise.startswith(_COMPLAIN)
        return f"{'not_today' if opens else self.otherwise}.{self.name}"

    def lets_go_on(self, answer: Answer) -> bool:
        """Tell whether `answer` is the safe one; silence and doubt never are."""
        return answer == self.safe

    def opens(self, answer: Answer) -> Complaint | None:
        """Return the complaint that a plain unsafe `answer` opens: silence tells of nothing."""
        plain = answer in {Answer.YES, Answer.NO} and answer != self.safe
        if not plain or not self.otherwise.startswith(_COMPLAIN):
            return None
        return Complaint(self.otherwise.removeprefix(_COMPLAIN))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a screening found: the names of the questions that block, and of those that advise."""

    blocks: tuple[str, ...] = ()
    advices: tuple[str, ...] = ()


class _QuestionsFile(msgspec.Struct, forbid_unknown_fields=True):
    questions: tuple[Question, ...]


def applies(
    question: Question, questions: Sequence[Question], answers: Mapping[str, Answer]
) -> bool:
    """Tell whether `question`, of `questions`, is to be asked by the `answers` so far.

    The one that opens it has to be answered, and not safely; without it there is nothing to ask.
    Where that is none of `questions`, it was asked at another time.
    """
    opening = next((each for each in questions if each.name == question.within), None)
    if opening is None:
        return True
    answer = answers.get(opening.name)
    return answer is not None and not opening.lets_go_on(answer)


def missing(questions: Sequence[Question], answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """Return those of `questions` that apply and have no answer, in the order of asking."""
    return tuple(
        question
        for question in questions
        if question.name not in answers and applies(question, questions, answers)
    )


@cache
def load_questions() -> tuple[Question, ...]:
    """Return the shipped questions, in the order of asking."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return msgspec.convert(content, _QuestionsFile).questions


def verdict(questions: Sequence[Question], answers: Mapping[str, Answer]) -> Verdict:
    """Return what the `answers`, by the name of the question, come to.

    What has not been answered at all is neither a block nor a pass: whether the screening is
    finished is another question.
    """
    unsafe = [
        question
        for question in questions
        if question.name in answers and not question.lets_go_on(answers[question.name])
    ]
    return Verdict(
        blocks=tuple(question.name for question in unsafe if question.otherwise == "block"),
        advices=tuple(question.name for question in unsafe if question.otherwise == "advise"),
    )
