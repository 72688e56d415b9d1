"""What the programme needs to know of the past: whole days, no sound, no clock."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from voice_coach.programme.ledger import Answer, Complaint, Feeling

PAINS: Final = frozenset(
    {Complaint.SHARP_PAIN, Complaint.BACK_PAIN, Complaint.CHEST_PAIN, Complaint.PAIN}
)
"""Complaints that cost a level, and make the screening due again."""
UNSTEADY: Final = frozenset({Complaint.FALL, Complaint.LOST_BALANCE})
"""Complaints that make the screening due again, which asks about falls."""


@dataclass(frozen=True, slots=True)
class PastSession:
    """One session.

    `prompted` counts its drop cues, `heard` those whose landing was heard; `completed` means
    that it was not cut short.
    """

    day: date
    level: str
    prompted: int
    completed: bool
    heard: int = 0
    unsure: int = 0
    """Drops that the ear left open."""
    told: int = 0
    """Drops that were counted by voice, where nothing could be heard."""
    soft: int = 0
    began: datetime | None = field(default=None, compare=False)
    """When, with its offset from UTC, where that is known."""


@dataclass(frozen=True, slots=True)
class _Said:
    day: date
    moment: datetime | None = field(default=None, compare=False, kw_only=True)
    """When, with its offset from UTC, where that is known."""


@dataclass(frozen=True, slots=True)
class Told(_Said):
    """An answer to a question of ``questions.toml``."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Screened(_Said):
    """A screening was finished."""


@dataclass(frozen=True, slots=True)
class Felt(_Said):
    """How a set felt."""

    feeling: Feeling


@dataclass(frozen=True, slots=True)
class Hurt(_Said):
    """A complaint."""

    complaint: Complaint = Complaint.PAIN


@dataclass(frozen=True, slots=True)
class Settled(_Said):
    """All that had been complained of has settled."""


@dataclass(frozen=True, slots=True)
class Approved(_Said):
    """A professional approved of practising, whatever the screenings before had found."""

    by: str
    note: str = ""


Remark: TypeAlias = Told | Screened | Felt | Hurt | Settled | Approved


@dataclass(frozen=True, slots=True)
class Pain:
    """Something complained of on a day; `settled` is None until the person says so."""

    day: date
    settled: date | None = None
    kind: Complaint = Complaint.PAIN


@dataclass(frozen=True, slots=True)
class History:
    """Everything that came before.

    Attributes
    ----------
    sessions
        In the order in which they were begun.
    remarks
        What the person, or a professional, said of their health; in the order of saying, which
        counts among remarks of one day.
    """

    sessions: tuple[PastSession, ...] = ()
    remarks: tuple[Remark, ...] = field(default=())

    def on(self, day: date, moment: datetime | None = None) -> "History":
        """Return the history as it counts on `day`, though the clock may have been wrong before.

        Sessions dated after `day` are left out: they must neither lock a person out nor speed
        them up. Remarks dated after it count from `day` on where they speak against practising,
        such as a complaint, and not at all where they speak for it, such as an approval. What was
        before the `moment` of that day, though dated after it in another zone, was today.
        """
        speaks_for = (Screened, Settled, Approved)

        def is_past(on: date, when: datetime | None) -> bool:
            return on <= day or (moment is not None and when is not None and when <= moment)

        return History(
            sessions=tuple(
                replace(session, day=min(session.day, day))
                for session in self.sessions
                if is_past(session.day, session.began)
            ),
            remarks=tuple(
                replace(remark, day=min(remark.day, day))
                for remark in self.remarks
                if is_past(remark.day, remark.moment) or not isinstance(remark, speaks_for)
            ),
        )

    def practised(self) -> frozenset[date]:
        """Return the days on which at least one drop was asked for."""
        return frozenset(session.day for session in self.sessions if session.prompted)

    def prompted_on(self, day: date) -> int:
        """Return how many drops were asked for on `day`, in all its sessions."""
        return sum(session.prompted for session in self.sessions if session.day == day)

    def prompted_around(self, moment: datetime, hours: float) -> int:
        """Return how many drops were asked for within so many hours of `moment`.

        Sessions that seem to be still to come count as well: the clock may have been set back.
        """
        near = timedelta(hours=hours)
        return sum(
            session.prompted
            for session in self.sessions
            if session.began is not None and abs(session.began - moment) <= near
        )

    @property
    def pains(self) -> tuple[Pain, ...]:
        """Everything complained of but falls, in the order in which it was said."""
        pains: list[Pain] = []
        for remark in self.remarks:
            match remark:
                case Hurt(day, complaint) if complaint is not Complaint.FALL:
                    pains.append(Pain(day, kind=complaint))
                case Felt(day, Feeling.PAIN):
                    pains.append(Pain(day))
                case Felt(day, Feeling.SORE):
                    pains.append(Pain(day, kind=Complaint.SORENESS))
                case Settled(day):
                    pains = [replace(pain, settled=pain.settled or day) for pain in pains]
        return tuple(pains)

    @property
    def open_pains(self) -> tuple[Pain, ...]:
        """What has been complained of and has not settled."""
        return tuple(pain for pain in self.pains if pain.settled is None)
