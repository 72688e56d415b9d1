"""``voice-coach screening``: what was answered, to be looked at, changed or forgotten."""

import argparse
from datetime import date, datetime, timedelta
from typing import Final

from voice_coach.cli.confirmation import confirmed
from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.history import History
from voice_coach.programme.ledger import Answer, Answered
from voice_coach.programme.levels import load_levels
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.questions import Question, applies
from voice_coach.programme.rules import load_rules
from voice_coach.programme.screening import Findings, about, findings, questions

_TYPED: Final = {"yes": Answer.YES, "no": Answer.NO, "unsure": Answer.UNSURE}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    does = parser.add_mutually_exclusive_group()
    does.add_argument(
        "--change",
        nargs=2,
        metavar=("QUESTION", "ANSWER"),
        help="answer a question anew: yes, no or unsure",
    )
    does.add_argument(
        "--forget", action="store_true", help="delete answers and approvals, to be asked anew"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask whether you are sure")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show the screening, change an answer, or forget all of them."""
    settings = of(arguments, settings)
    if arguments.change:
        _change(settings, *arguments.change)
    elif arguments.forget:
        question = f"Delete the answers and approvals in the diary {settings.diary}, for good?"
        if not confirmed(question, yes=arguments.yes):
            print("Nothing was deleted.")
            return 0
        with Diary.open_for_remarks(settings.diary) as diary:
            diary.forget_screening()
        print("Deleted. The speaker asks its questions again before the next session.")
        return 0
    file = settings.prescription
    prescription = read_prescription(file, load_levels()) if file else None
    with Diary.open(settings.diary) as diary:
        history = diary.history()
    _print(date.today(), history, prescription)
    return 0


def _change(settings: Settings, name: str, answer: str) -> None:
    names = [question.name for question in questions("screening")]
    if name not in names:
        raise UserError(f"There is no question {name!r}; choose from: {', '.join(names)}.")
    if answer.lower() not in _TYPED:
        raise UserError(f"{answer!r} is no answer; choose from: {', '.join(_TYPED)}.")
    with Diary.open_for_remarks(settings.diary) as diary:
        diary.record(Answered(0, name, _TYPED[answer.lower()]), datetime.now().astimezone())


def _print(day: date, history: History, prescription: Prescription | None) -> None:
    known = history.on(day)
    rules = load_rules()
    found = findings(day, known, prescription, rules)
    width = max(len(question.name) for question in questions("screening"))
    for question in questions("screening"):
        print(f"{question.name:<{width}}  {_answer(question, found):<44}  {question.about}")
    if found.due:
        print("The screening is due: the speaker asks its questions before a session starts.")
    elif found.screened:
        print(f"Due again on {found.screened + timedelta(days=rules.screening_days + 1)}.")
    if found.approved:
        note = f": {found.approved.note}" if found.approved.note else ""
        print(f"Approved by {found.approved.by} on {found.approved.day}{note}.")
    for pain in known.open_pains:
        print(f"Told of on {pain.day}, and not settled: {pain.kind.replace('_', ' ')}.")
    blocks = found.verdict().blocks
    if blocks:
        print(
            "No session starts before a therapist or doctor approves in spite of: "
            f"{'; '.join(map(about, blocks))}. Then: voice-coach approve --by NAME"
        )


def _answer(question: Question, found: Findings) -> str:
    told = found.answers.get(question.name)
    if told is None:
        asked = {name: answer.answer for name, answer in found.answers.items()}
        applicable = applies(question, questions("screening"), asked)
        return "not asked yet" if applicable or not asked else "need not be asked"
    means = "fine"
    if not question.lets_go_on(told.answer):
        means = {"block": "blocks", "advise": "ask your doctor or therapist"}[question.otherwise]
        if question.name in found.latest.lifted:
            means = "approved of"
    return f"{told.answer}, {told.day}: {means}"
