"""Screening: whether it is due, what it found, and what a professional has approved.

Folded from what was said, in the order in which it was said. The latest answer to a question
counts, so that an answer may be changed and a screening that was broken off is not lost. An
approval lifts what was found before it and nothing that is found later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from voice_coach.programme.history import PAINS, Approved, Felt, History, Hurt, Screened, Told
from voice_coach.programme.ledger import Complaint, Feeling
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.questions import Question, Verdict, load_questions, verdict
from voice_coach.programme.rules import Rules


@dataclass(frozen=True, slots=True)
class Findings:
    """Where the screening stands.

    `answers` are the latest ones with their days; `screened` is the day of the last whole
    screening, or of the prescription that stands in for one; `new_risk` says that a fall or a
    new pain was told of, or a fracture found, since then; `approved` is the latest approval.
    """

    answers: dict[str, Told]
    lifted: frozenset[str]
    screened: date | None
    new_risk: bool
    approved: Approved | None

    def due(self, day: date, rules: Rules) -> bool:
        """Tell whether the questions are to be asked before practising on `day`."""
        if self.screened is None or self.new_risk:
            return True
        return day - self.screened > timedelta(days=rules.screening_days)

    def verdict(self) -> Verdict:
        """Return what blocks, approved of or not left out, and what is advised."""
        found = verdict(
            load_questions(), {name: told.answer for name, told in self.answers.items()}
        )
        blocks = tuple(name for name in found.blocks if name not in self.lifted)
        return Verdict(blocks, found.advices)


def findings(day: date, history: History, prescription: Prescription | None = None) -> Findings:
    """Return where a person stands on `day`, with a prescription that is in force or none."""
    screening = {question.name for question in load_questions() if question.when == "screening"}
    signed = None
    if prescription and prescription.approved and prescription.holds(day):
        signed = prescription.signed_on
    answers: dict[str, Told] = {}
    lifted: set[str] = set()
    screened, new_risk, approved = signed, False, None
    for remark in history.remarks:
        # What was said up to the day of signing was known to who signed.
        known = signed is not None and remark.day <= signed
        match remark:
            case Told(_, question, _) if question in screening:
                answers[question] = remark
                (lifted.add if known else lifted.discard)(question)
            case Screened(on):
                if screened is None or on >= screened:
                    screened, new_risk = on, False
            case Hurt(_, complaint) if complaint in PAINS or complaint is Complaint.FALL:
                new_risk = new_risk or not known
            case Felt(_, Feeling.PAIN):
                new_risk = new_risk or not known
            case Approved():
                approved = remark
                lifted |= answers.keys()
    return Findings(answers, frozenset(lifted), screened, new_risk, approved)


def questions(when: str) -> tuple[Question, ...]:
    """Return the questions of one kind, in the order of asking."""
    return tuple(question for question in load_questions() if question.when == when)


def follow_ups(open_complaints: Sequence[Complaint]) -> tuple[Question, ...]:
    """Return the one question that follows up what is open: the first that applies."""
    asked = [
        question
        for question in questions("follow_up")
        if set(question.after).intersection(open_complaints)
    ]
    return tuple(asked[:1])


def about(name: str) -> str:
    """Return the matter of the question `name` in a few words."""
    return next(question.about for question in load_questions() if question.name == name)
