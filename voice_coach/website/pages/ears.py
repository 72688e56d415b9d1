"""Ears: what the speaker needs to hear, and what it has learnt of the heels."""

from datetime import date
from typing import Final

from starlette.responses import Response

from voice_coach.website.desk import Visit
from voice_coach.website.errand import told

_ANY: Final = "any"


def show(visit: Visit) -> Response:
    """Show what was learnt, and which devices are set."""
    return visit.page("ears", learnt=_learnt(visit), checks=None)


def check(visit: Visit) -> Response:
    """Look whether everything is there that the speaker needs."""
    checks = []
    for row in told(visit.desk, "doctor").splitlines():
        state, _, rest = row.strip().partition("  ")
        name, _, text = rest.partition(": ")
        checks.append({"fine": state == "ok", "name": name, "text": text})
    return visit.page("ears", learnt=_learnt(visit), checks=checks)


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
