"""Devices: who has been let in, and the address of a calendar for who wants no page."""

from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.website import calendar_feed
from voice_coach.website.desk import Visit


def show(visit: Visit) -> Response:
    """List them."""
    return visit.page("devices", devices=visit.desk.access.devices(), feed=None)


def withdraw(visit: Visit) -> Response:
    """Let a device in no more: each its own, who may change things any, or all."""
    access, device = visit.desk.access, visit.device
    assert device is not None
    number = visit.text("id")
    if number != device.id and not visit.may("change"):
        raise UserError(visit.t.devices.not_yours)
    if number == "all":
        access.withdraw_all()
    else:
        access.withdraw(number)
    return visit.go("/devices", "withdrawn")


def calendar(visit: Visit) -> Response:
    """Make the address of a calendar, and show it once."""
    token = visit.desk.access.calendar(visit.t.devices.calendar_name, visit.who or "")
    base = str(visit.request.base_url)
    feed = f"{base}calendar/{token}.ics"
    return visit.page("devices", devices=visit.desk.access.devices(), feed=feed)


def feed(visit: Visit) -> Response:
    """Return the calendar of whoever it was made for."""
    device = visit.device
    assert device is not None
    visit.form = {"who": device.whose}
    if device.whose and visit.who != device.whose:
        raise UserError(visit.t.devices.gone)
    text = calendar_feed.feed(visit)
    return Response(text, media_type="text/calendar; charset=utf-8")
