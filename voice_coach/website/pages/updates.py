"""Updates: which version this is, and how whoever looks after the machine gets a newer one.

Nothing is looked up: that would tell somebody outside that there is a speaker here.
"""

from pathlib import Path
from typing import Final, Literal

from starlette.responses import Response

import voice_coach
from voice_coach.website.desk import Visit

Way = Literal["package", "clone", "other"]

DEBIAN: Final = Path("/usr/lib/voice-coach")
"""Where Debian's package puts the program."""


def show(visit: Visit) -> Response:
    """Show the versions, and the way to a newer one."""
    place = Path(voice_coach.__file__).resolve().parent
    way = way_of(place)
    return visit.page("updates", way=way, folder=place.parent, speaker=visit.desk.line.version)


def way_of(place: Path) -> Way:
    """Return how the program that lies in `place` came there."""
    if place.is_relative_to(DEBIAN):
        return "package"
    return "clone" if (place.parent / ".git").exists() else "other"
