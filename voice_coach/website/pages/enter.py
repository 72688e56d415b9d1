"""Letting somebody in: six digits for a token."""

from typing import Final

from starlette.responses import Response

from voice_coach.website.desk import Visit

FOR_DAYS: Final = 400
"""Days after which a browser forgets its token, unless it is used."""


def show(visit: Visit) -> Response:
    """Ask for the digits."""
    return visit.page("enter", wrong=False)


def enter(visit: Visit) -> Response:
    """Let in who knows the digits."""
    token = visit.desk.access.enter(visit.text("code"), visit.text("name"))
    if token is None:
        return visit.page("enter", 403, wrong=True)
    answer = visit.go("/")
    answer.set_cookie(
        "voice-coach",
        token,
        max_age=FOR_DAYS * 24 * 3600,
        httponly=True,
        samesite="lax",
        secure=visit.desk.secure,
    )
    return answer
