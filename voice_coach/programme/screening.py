"""Screening: whether it is due, what it found, and what a professional has approved.

Folded from what was said, in the order in which it was said. The latest answer to a question
counts, so that an answer may be changed; the safe answer to a question that opens others takes
back theirs. While the screening is due and not finished, the findings of the last whole one still
hold, for everything is about to be asked again. A screening is whole with an answer to everything
that applies, or once something blocks; what it had not come to is asked when that is approved of.
An approval lifts what was found before it and nothing that is found later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from voice_coach.programme.history import (
    PAINS,
    UNSTEADY,
    Approved,
    Felt,
    History,
    Hurt,
    Screened,
    Told,
)
from voice_coach.programme.ledger import Answer, Complaint, Feeling
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.questions import Question, Verdict, load_questions, missing, verdict
from voice_coach.programme.rules import Rules, load_rules


@dataclass(frozen=True, slots=True)
class Answers:
    """The latest answers by the name of their question, and which of them are approved of."""

    given: Mapping[str, Told] = field(default_factory=dict)
    lifted: frozenset[str] = frozenset()

    def told(self, answer: Told, *, approved: bool) -> "Answers":
        """Return the answers with a new one, and without those that it takes back."""
        lifted = self.lifted | {answer.question} if approved else self.lifted - {answer.question}
        asked = {question.name: question for question in questions("screening")}
        safe = asked[answer.question].lets_go_on(answer.answer)
        stand = {
            name: told
            for name, told in self.given.items()
            if not (safe and asked[name].within == answer.question)
        }
        return Answers({**stand, answer.question: answer}, lifted)

    @property
    def answers(self) -> Mapping[str, Answer]:
        """The plain answers."""
        return {name: told.answer for name, told in self.given.items()}

    @property
    def missing(self) -> tuple[Question, ...]:
        """The questions that apply and have no answer."""
        return missing(questions("screening"), self.answers)

    def verdict(self) -> Verdict:
        """Return what blocks and is not approved of, and what is advised."""
        found = verdict(questions("screening"), self.answers)
        return Verdict(
            tuple(name for name in found.blocks if name not in self.lifted), found.advices
        )

    def approved(self) -> "Answers":
        """Return the answers, all approved of."""
        return replace(self, lifted=frozenset(self.given))


@dataclass(frozen=True, slots=True)
class Findings:
    """Where the screening stands on a day.

    Attributes
    ----------
    latest, whole
        The latest answers, and those of the last whole screening.
    screened
        The day of the last whole screening, or of the prescription that stands in for one.
    due
        The questions that are to be asked before practising.
    approved
        The latest approval.
    """

    latest: Answers
    whole: Answers
    screened: date | None
    due: tuple[Question, ...]
    approved: Approved | None

    @property
    def answers(self) -> Mapping[str, Told]:
        """The latest answers by the name of their question."""
        return self.latest.given

    def verdict(self) -> Verdict:
        """Return what blocks and is not approved of, and what is advised."""
        return (self.whole if self.due else self.latest).verdict()


def findings(
    day: date,
    history: History,
    prescription: Prescription | None = None,
    rules: Rules | None = None,
) -> Findings:
    """Return where a person stands on `day`, with a prescription that is in force or none.

    The screening is due when there was none, when the last one is too long ago, and when
    something speaks against relying on it: a fall or a new pain since then, a yes when asked
    for such things, silence in place of an answer, a question that was not asked yet.
    """
    rules = rules or load_rules()
    names = {question.name for question in questions("screening")}
    opening = {question.name: question for question in questions("readiness")}
    signed = None
    if prescription and prescription.approved and prescription.holds(day):
        signed = prescription.signed_on
    latest = whole = Answers()
    screened, doubt, approved = signed, False, None
    for remark in history.remarks:
        # Whoever signed knew what had been said up to that day.
        known = signed is not None and remark.day <= signed
        match remark:
            case Told(_, question, answer) if question in names:
                latest = latest.told(remark, approved=known)
                doubt = doubt or (answer is Answer.SILENCE and not known)
            case Told(_, question, answer) if question in opening:
                # A yes to "pain, dizziness or a fall?" may have been any of them.
                doubt = doubt or (opening[question].opens(answer) is not None and not known)
            case Screened(on) if not latest.missing or latest.verdict().blocks:
                whole = latest
                if screened is None or on >= screened:
                    screened, doubt = on, False
            case Hurt(_, complaint) if complaint in PAINS or complaint in UNSTEADY:
                doubt = doubt or not known
            case Felt(_, Feeling.PAIN):
                doubt = doubt or not known
            case Approved():
                approved = remark
                latest, whole = latest.approved(), whole.approved()
    old = screened is None or day - screened > timedelta(days=rules.screening_days)
    due: tuple[Question, ...] = ()
    if old or doubt:
        due = questions("screening")
    elif whole.given and not (signed is not None and signed == screened):
        # Where the asking ended with a block, until that is approved of.
        due = () if latest.verdict().blocks else latest.missing
    return Findings(latest, whole, screened, due, approved)


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
