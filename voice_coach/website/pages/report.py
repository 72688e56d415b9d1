"""Report: the page for the therapist, to be printed by a browser, or as PDF with pictures."""

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.programme.screening import findings
from voice_coach.reports import page_text, words
from voice_coach.website.desk import Visit
from voice_coach.website.errand import errand
from voice_coach.website.pages.past import narrowed

WEEKS: Final = ("4", "12", "26", "52")


def show(visit: Visit) -> Response:
    """Offer it."""
    return visit.page(
        "report",
        any=any(session.repetitions for session in visit.sessions),
        draws=find_spec("matplotlib") is not None,
        choices=WEEKS,
    )


def sheet(visit: Visit) -> Response:
    """Show it as a page to be printed: the same words as in the PDF, and figures for pictures."""
    day = visit.now.date()
    told = page_text.Report(
        person=visit.who,
        day=day,
        most=int(_weeks(visit)),
        sessions=visit.sessions,
        history=visit.history,
        levels=narrowed(visit),
        findings=findings(day, visit.history.on(day), visit.paper),
        prescription=visit.paper,
        words=words.load(visit.language),
    )
    own = told.words
    complaints = page_text.complaints(told.history, told.first, own)
    overrides = page_text.overrides(told.recent, own)
    parts = (
        (own.page.short, page_text.in_short(told)),
        (own.page.screening, page_text.screening(told)),
        (own.page.complaints, complaints or [own.page.no_complaints]),
        (own.page.overrides, overrides or [own.page.no_overrides]),
    )
    return visit.page(
        "sheet",
        here="report",
        own=own.page,
        span=own.page.span.format(
            first=told.first, day=told.day, prescribed=page_text.prescribed(told)
        ),
        parts=parts,
        weeks=told.weeks,
    )


def download(visit: Visit) -> Response:
    """Draw it, in a process of its own: what draws takes more memory than we may."""
    weeks = _weeks(visit)
    with TemporaryDirectory(prefix="voice-coach-") as folder:
        file = Path(folder) / "report.pdf"
        language = ("--language", visit.language)
        errand(visit.desk, "report", str(file), "--weeks", weeks, *language, person=visit.who)
        content = file.read_bytes()
    return Response(
        content,
        media_type="application/pdf",
        headers={"content-disposition": 'attachment; filename="heel-drops.pdf"'},
    )


def _weeks(visit: Visit) -> str:
    weeks = visit.request.query_params.get("weeks", "12")
    if weeks not in WEEKS:
        raise UserError(visit.t.report.weeks_wrong)
    return weeks
