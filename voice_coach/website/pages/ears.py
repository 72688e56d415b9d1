"""Ears: what the speaker hears by, how loud it is there, and what it has learnt of the heels."""

import re
from datetime import date
from typing import Any, Final

import tomlkit
from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.intercom.messages import Devices, ListDevices, Measure
from voice_coach.website.desk import Visit
from voice_coach.website.errand import told
from voice_coach.website.settings_edit import change, put

SECONDS: Final = 30
"""For so long the levels are told."""
SOON: Final = 2.0
"""Seconds within which the speaker has to say which devices there are."""
LOUD_DB: Final = -38.0
FAINT_DB: Final = -82.0
"""A room that is louder or fainter than this is told of; as of ``voice-coach doctor``."""

_ANY: Final = "any"
_FOUND: Final = re.compile(r"^(?P<state>  ok |note |FAIL ) (?P<name>\w+): (?P<text>.*)$")
_NOT_HERE: Final = frozenset({"microphone", "loudspeaker", "sound"})
"""What an errand of this program cannot look at, which has no sound."""


def show(visit: Visit) -> Response:
    """Show what was learnt, and which devices are used."""
    return _page(visit)


def levels(visit: Visit) -> Response:
    """Show how loud it is at the microphone, alone: what a page renews."""
    return visit.page("levels", **_levels(visit))


def listen(visit: Visit) -> Response:
    """Have the speaker tell how loud it is."""
    why = visit.desk.line.ask(Measure(id=0, seconds=SECONDS))
    if why is not None:
        raise UserError(visit.t.refused.get(why, visit.t.refused.busy))
    return visit.go("/ears", "listening")


def choose(visit: Visit) -> Response:
    """Set which microphone and loudspeaker are used; the speaker begins anew with them."""
    there = _devices(visit)
    if there is None:
        raise UserError(visit.t.ears.no_devices)
    chosen = {"input": visit.text("input"), "output": visit.text("output")}
    known = {"input": there.inputs, "output": there.outputs}
    for key, name in chosen.items():
        if name and name not in known[key]:
            raise UserError(visit.t.ears.no_device)

    def edit(document: tomlkit.TOMLDocument) -> None:
        for key, name in chosen.items():
            put(document, key, name or None)

    change(visit.desk.settings_file, edit)
    return visit.go("/ears", "chosen")


def check(visit: Visit) -> Response:
    """Look whether everything is there that the speaker needs."""
    checks: list[dict[str, Any]] = []
    for row in told(visit.desk, "doctor", "--silent").splitlines():
        found = _FOUND.match(row)
        if found:
            if found["name"] not in _NOT_HERE:
                state = {"  ok ": "fine", "note ": "note", "FAIL ": "wrong"}[found["state"]]
                checks.append({"state": state, "name": found["name"], "text": found["text"]})
        elif row.startswith("    ") and checks:
            checks[-1]["text"] += f" {row.strip()}"
    return _page(visit, checks)


def _page(visit: Visit, checks: list[dict[str, Any]] | None = None) -> Response:
    return visit.page(
        "ears",
        learnt=_learnt(visit),
        checks=checks,
        devices=_devices(visit) if visit.may("change") else None,
        line=visit.desk.line,
        **_levels(visit),
    )


def _levels(visit: Visit) -> dict[str, Any]:
    heard = visit.desk.line.levels
    advice = ""
    if heard is not None:
        if heard.clipped:
            advice = visit.t.ears.clipped
        elif heard.room_db < FAINT_DB:
            advice = visit.t.ears.faint
        elif heard.room_db > LOUD_DB:
            advice = visit.t.ears.loud
    return {"heard": heard, "advice": advice}


def _devices(visit: Visit) -> Devices | None:
    """Return which devices the speaker has; None where it does not say."""
    line = visit.desk.line
    return line.devices if line.ask(ListDevices(id=0), SOON) is None else None


def _learnt(visit: Visit) -> list[tuple[str, date]]:
    """Return what was underfoot, and when it was learnt, the latest first."""
    found = []
    folder = visit.own.calibration
    for file in folder.glob("heels*.json") if folder.is_dir() else ():
        match file.name.split("."):
            case ["heels", footwear, floor, "json"]:
                parts = [part for part in (footwear, floor) if part != _ANY]
            case _:
                parts = []
        when = visit.now.fromtimestamp(file.stat().st_mtime, visit.now.tzinfo)
        found.append((when, " / ".join(parts)))
    return [(name, when.date()) for when, name in sorted(found, reverse=True)]
