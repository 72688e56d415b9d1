"""The page as a whole: which addresses there are, what right each needs, and what stands before."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hmac import compare_digest
from pathlib import Path
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from voice_coach.errors import UserError
from voice_coach.website.desk import Desk, Visit
from voice_coach.website.guard import LARGEST, TooMuch
from voice_coach.website.pages import (
    backup,
    devices,
    ears,
    enter,
    guide,
    news,
    past,
    people,
    prescription,
    report,
    screening,
    today,
    updates,
    voice,
)

Handler: TypeAlias = Callable[[Visit], Response]

COOKIE: Final = "voice-coach"
"""Holds the token of a device."""
SEAL: Final = "seal"
"""The field by which a form shows that it came from one of our pages."""
PAPER: Final = 4 << 20
"""Bytes of a file with a prescription."""
FIELDS: Final = 60
"""Fields that a form may have."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address: what is shown there, what a form that is sent there does, who may.

    No `right` is needed where it is empty: there one is let in.
    """

    path: str
    right: str
    show: Handler | None = None
    act: Handler | None = None
    most: int | None = None
    """Bytes that may be sent where a file is sent; a form alone is small."""


ADDRESSES: Final = (
    Address("/", "look", today.show),
    Address("/now", "look", today.now),
    Address("/speaker", "change", act=today.ask),
    Address("/history", "look", past.show),
    Address("/prescription", "look", prescription.show),
    Address("/prescription/preview", "prescribe", act=prescription.preview),
    Address("/prescription/sign", "prescribe", act=prescription.sign),
    Address("/prescription/upload", "prescribe", act=prescription.upload, most=PAPER),
    Address("/prescription.toml", "look", prescription.download),
    Address("/report", "look", report.show),
    Address("/report/sheet", "look", report.sheet),
    Address("/report.pdf", "look", report.download),
    Address("/screening", "look", screening.show),
    Address("/screening/approve", "prescribe", act=screening.approve),
    Address("/people", "change", people.show),
    Address("/people/add", "change", act=people.add),
    Address("/people/reminders", "change", act=people.reminders),
    Address("/voice", "look", voice.show),
    Address("/voice/line", "look", voice.line),
    Address("/voice/sound.wav", "look", voice.sound),
    Address("/voice/record", "change", act=voice.record, most=voice.LARGEST),
    Address("/voice/speech", "change", act=voice.speech),
    Address("/voice/remove", "change", act=voice.remove),
    Address("/ears", "look", ears.show),
    Address("/ears/levels", "look", ears.levels),
    Address("/ears/listen", "change", act=ears.listen),
    Address("/ears/choose", "change", act=ears.choose),
    Address("/ears/check", "change", act=ears.check),
    Address("/backup", "change", backup.show),
    Address("/backup.sqlite3", "change", backup.download),
    Address("/backup/restore", "change", act=backup.restore, most=LARGEST),
    Address("/backup/forget", "change", act=backup.forget),
    Address("/devices", "look", devices.show),
    Address("/devices/withdraw", "look", act=devices.withdraw),
    Address("/devices/calendar", "look", act=devices.calendar),
    Address("/news", "look", news.show),
    Address("/news/account", "change", act=news.account),
    Address("/news/send", "change", act=news.post),
    Address("/news/weekly", "change", act=news.weekly),
    Address("/updates", "look", updates.show),
    Address("/help", "look", guide.show),
    Address("/enter", "", enter.show, enter.enter),
)

LARGE: Final = {address.path: address.most for address in ADDRESSES if address.most is not None}
"""The paths to which files are sent, and how large they may be."""


def pages(desk: Desk) -> Starlette:
    """Return the pages, without what stands before them (`guard.py`)."""
    routes: list[BaseRoute] = [
        Route(address.path, partial(_serve, desk, address), methods=_methods(address))
        for address in ADDRESSES
    ]
    routes.append(Route("/calendar/{token}.ics", partial(_calendar, desk)))
    routes.append(Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))))
    return Starlette(
        routes=routes,
        exception_handlers={
            TooMuch: lambda request, error: PlainTextResponse(f"{error}\n", 413),
            404: partial(_not_found, desk),
            405: lambda request, error: PlainTextResponse("That cannot be done here.\n", 405),
        },
    )


def _methods(address: Address) -> list[str]:
    return [*(["GET"] if address.show else []), *(["POST"] if address.act else [])]


async def _serve(desk: Desk, address: Address, request: Request) -> Response:
    """Answer one request: only who may comes to a handler, and only with a form of ours."""
    token = request.cookies.get(COOKIE, "")
    device = await run_in_threadpool(desk.access.device, token) if token else None
    visit = Visit(desk, request, device, token if device else "")
    if address.right and device is None:
        return RedirectResponse("/enter", 303)
    if address.right and not visit.may(address.right):
        return await run_in_threadpool(visit.page, "may_not", 403)
    if request.method == "POST":
        return await _act(desk, address, visit)
    assert address.show is not None
    return await run_in_threadpool(_answered, address.show, visit)


async def _act(desk: Desk, address: Address, visit: Visit) -> Response:
    """Do what a form asks for, if it came from a page that was given to who sends it."""
    assert address.act is not None
    try:
        async with visit.request.form(max_files=1, max_fields=FIELDS) as form:
            if address.right and not _sealed(desk, visit.token, form):
                return PlainTextResponse("This form is too old. Load its page again.\n", 403)
            visit.form = form
            return await run_in_threadpool(_answered, address.act, visit)
    except HTTPException:
        return PlainTextResponse("That is no form.\n", 400)


def _answered(handler: Handler, visit: Visit) -> Response:
    try:
        return handler(visit)
    except UserError as error:
        return visit.page("problem", 400, sentence=str(error))


def _sealed(desk: Desk, token: str, form: FormData) -> bool:
    seal = form.get(SEAL)
    return isinstance(seal, str) and compare_digest(
        seal.encode(errors="replace"), desk.access.seal(token).encode()
    )


async def _calendar(desk: Desk, request: Request) -> Response:
    """Serve a calendar to whoever has its address."""
    device = await run_in_threadpool(desk.access.device, request.path_params["token"])
    if device is None or not device.may("calendar"):
        return PlainTextResponse("There is no such page here.\n", 404)
    visit = Visit(desk, request, device, "")
    return await run_in_threadpool(_answered, devices.feed, visit)


async def _not_found(desk: Desk, request: Request, error: Exception) -> Response:
    return PlainTextResponse("There is no such page here.\n", 404)
