"""Help: what the page can do, and what it cannot."""

from starlette.responses import Response

from voice_coach.website.desk import Visit


def show(visit: Visit) -> Response:
    """Show it."""
    return visit.page("help")
