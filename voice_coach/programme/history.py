"""What the programme needs to know of the past: whole days, no sound, no clock."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PastSession:
    """One session: `prompted` counts its drop cues; `completed` means it was not cut short."""

    day: date
    level: str
    prompted: int
    completed: bool


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain or lasting soreness reported on a day; `settled` is None until the person says so."""

    day: date
    settled: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Everything that came before, in the order in which it happened."""

    sessions: tuple[PastSession, ...] = ()
    pains: tuple[Pain, ...] = ()

    def until(self, day: date) -> "History":
        """Return what had happened by the evening of `day`, as it was known then."""
        return History(
            sessions=tuple(session for session in self.sessions if session.day <= day),
            pains=tuple(
                Pain(pain.day, pain.settled if pain.settled and pain.settled <= day else None)
                for pain in self.pains
                if pain.day <= day
            ),
        )

    def practised(self) -> frozenset[date]:
        """Return the days on which at least one drop was asked for."""
        return frozenset(session.day for session in self.sessions if session.prompted)

    def prompted_on(self, day: date) -> int:
        """Return how many drops were asked for on `day`, in all its sessions."""
        return sum(session.prompted for session in self.sessions if session.day == day)
