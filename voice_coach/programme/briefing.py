"""What somebody is told of how it is done: much the first time, little once they know it.

Pure, as the plan is. After some weeks without a session it is told as if for the first time.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from voice_coach.programme.history import History

TAUGHT: Final = ("stop", "pause", "pace", "left", "volume")
"""What may be said, one thing in each of the first sessions: values of the cue ``teach``."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """What is told in a session beside what every session begins with.

    Attributes
    ----------
    explains
        Whether to tell how it is done, and what may be answered.
    teaches
        One thing that may be said, of `TAUGHT`; empty for nothing new.
    told
        The level and the drops of the last session: a plan like it need not be told again.
    """

    explains: bool = False
    teaches: str = ""
    told: tuple[str, int] | None = None


def briefing(day: date, history: History, days_off: int) -> Briefing:
    """Return what to tell on `day`, the session before being forgotten after `days_off`."""
    done = [session for session in history.sessions if session.prompted]
    if not done or day - done[-1].day > timedelta(days=days_off):
        return Briefing(explains=True, teaches=TAUGHT[0])
    last = done[-1]
    return Briefing(
        teaches=TAUGHT[len(done)] if len(done) < len(TAUGHT) else "",
        told=(last.level, last.prompted) if last.completed else None,
    )
