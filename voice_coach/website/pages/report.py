"""Report: the page for the therapist, drawn by the command of the same name."""

from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.website.desk import Visit
from voice_coach.website.errand import errand


def show(visit: Visit) -> Response:
    """Offer it."""
    return visit.page("report", any=any(session.repetitions for session in visit.sessions))


def download(visit: Visit) -> Response:
    """Draw it, in a process of its own: what draws takes more memory than we may."""
    weeks = visit.request.query_params.get("weeks", "12")
    if weeks not in {"4", "12", "26", "52"}:
        raise UserError(visit.t.report.weeks_wrong)
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
