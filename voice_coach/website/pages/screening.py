"""Screening: what was answered before the first session, and who approved in spite of it."""

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.home.approval import approve as write_approval
from voice_coach.programme.questions import applies
from voice_coach.programme.rules import load_rules
from voice_coach.programme.screening import findings, questions
from voice_coach.reports import words
from voice_coach.website.desk import Visit

LONGEST: int = 200
"""Letters of a note."""


def show(visit: Visit) -> Response:
    """Show the answers."""
    day = visit.now.date()
    known = visit.history.on(day)
    found = findings(day, known, visit.paper)
    rows: list[dict[str, Any]] = []
    asked = questions("screening")
    matters = words.load(visit.language).matters
    for question in asked:
        told = found.answers.get(question.name)
        means = "open" if applies(question, asked, found.latest.answers) else "none"
        if told is not None:
            means = "fine" if question.lets_go_on(told.answer) else question.otherwise
            if means != "fine" and question.name in found.latest.lifted:
                means = "approved"
        rows.append({"about": matters[question.name], "told": told, "means": means})
    return visit.page(
        "screening",
        rows=rows,
        due=bool(found.due),
        again=found.screened + timedelta(days=load_rules().screening_days + 1)
        if found.screened
        else None,
        approved=found.approved,
        blocks=[matters[name] for name in found.verdict().blocks],
        pains=known.open_pains,
    )


def approve(visit: Visit) -> Response:
    """Write down who approves."""
    if not visit.text("by"):
        raise UserError(visit.t.screening.no_name)
    note = " ".join(visit.text("note").split())[:LONGEST]
    write_approval(visit.own, visit.text("by")[:LONGEST], note, visit.now)
    return visit.go("/screening", "approved")
