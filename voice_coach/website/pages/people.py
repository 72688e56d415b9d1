"""People: who lives here, and when each is reminded."""

import re
from typing import Any

import tomlkit
from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.home.settings import NAME
from voice_coach.programme.weekdays import WEEK
from voice_coach.website.desk import Visit
from voice_coach.website.errand import errand
from voice_coach.website.settings_edit import change


def show(visit: Visit) -> Response:
    """Show them."""
    return visit.page("people", reminders=visit.settings.reminders, weekdays=WEEK)


def add(visit: Visit) -> Response:
    """Add somebody, with a diary and a prescription of their own."""
    name = visit.text("name").lower()
    if not re.fullmatch(NAME, name):
        raise UserError(visit.t.people.no_name)
    if name in visit.settings.people:
        raise UserError(visit.t.people.is_there)
    if visit.settings.prescription is not None:
        raise UserError(visit.t.people.has_prescription)
    errand(visit.desk, "config", "--name", name)

    def edit(document: tomlkit.TOMLDocument) -> None:
        people: Any = document.setdefault("people", tomlkit.table(is_super_table=True))
        people[name] = tomlkit.table()

    change(visit.desk.settings_file, edit)
    return visit.go("/people", "added")


def reminders(visit: Visit) -> Response:
    """Set when to remind, or never."""
    times = sorted(set(re.split(r"[\s,;]+", visit.text("times"))) - {""})
    days = [day for day in WEEK if day in visit.texts("days")]
    quiet = {key: visit.text(key) for key in ("quiet_from", "quiet_until") if visit.text(key)}

    def edit(document: tomlkit.TOMLDocument) -> None:
        if not times:
            document.pop("reminders", None)
            return
        table: Any = document.setdefault("reminders", tomlkit.table())
        table["times"] = times
        table.pop("days", None)
        if days and len(days) < len(WEEK):
            table["days"] = days
        for key, value in quiet.items():
            table[key] = value

    change(visit.desk.settings_file, edit)
    return visit.go("/people", "reminding")
