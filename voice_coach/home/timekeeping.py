"""The time that the programme goes by, on a machine whose clock may be wrong.

What passes while the machine is on is counted by it exactly, whatever anybody does to its clock;
what passed while it was off only a clock can tell that goes on without power, or the network. So
the time is *reckoned*: taken from the clock where that may be believed, and counted on from there.
Beside the diary it is kept how late it has ever been. A clock that is behind that, and one that the
machine is known to forget, is not believed: the person is asked what day it is. The machine's own
word, once a network has set its clock, goes before everything.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

import msgspec

from voice_coach.programme.date_search import DateSearch
from voice_coach.programme.day import Line
from voice_coach.programme.ledger import Answer

_LOG = logging.getLogger(__name__)

JUMP: Final = 60.0
"""Seconds by which the clock differs from the time that has passed when somebody has set it."""
FAR: Final = 18 * 3600.0
"""Seconds by which a clock may be set forward before it is asked whether that is right."""
ASKED_AGAIN: Final = 900.0
"""Seconds for which a person's word holds: they know the day, and not when it ends for us."""
SAVED: Final = 600.0
"""Seconds from one time that is kept to the next."""
VAGUE: Final = 96 * 3600.0
"""Seconds for which it matters that the hour of a session was not known."""
TIRED: Final = 60.0
"""Seconds for which nothing is asked any more when everything was asked in vain."""
DAY: Final = 86_400.0
LIKELY: Final = 8
"""Days from the last known one that are asked for first."""
EARLIEST: Final = date(2026, 1, 1)
"""No clock that shows an earlier day is right."""
LATEST: Final = date(2060, 1, 1)
"""Nor one that shows a later day."""

Clock: TypeAlias = Callable[[], datetime]
"""Tells the time of the day, with its offset from UTC."""


class Standing(StrEnum):
    """What the machine says of its clock."""

    SET = "set"
    """It has been set by the network, or another source that knows, since the machine started."""
    KEPT = "kept"
    """It goes on while the machine is off, or is another machine's."""
    LOST = "lost"
    """It stands still while the machine is off, or begins anew."""
    UNKNOWN = "unknown"


class Machine(Protocol):
    """What a machine knows of its clock."""

    def boot(self) -> str:
        """Return a name of the time since it was switched on."""

    def standing(self) -> Standing:
        """Return what is to be thought of its clock now."""


class UnknownMachine:
    """One of which nothing is known: its clock is believed while nothing speaks against it."""

    def boot(self) -> str:
        """Return the one name there is."""
        return ""

    def standing(self) -> Standing:
        """Return that nothing is known."""
        return Standing.UNKNOWN


class Store(Protocol):
    """Keeps a few bytes over a restart."""

    def load(self) -> bytes | None:
        """Return what was kept, if anything was."""

    def save(self, content: bytes, *, wait: bool) -> None:
        """Keep `content`, and `wait` until it is, or see to it meanwhile."""


class MemoryStore:
    """Keeps them while it lives."""

    def __init__(self) -> None:
        self._content: bytes | None = None

    def load(self) -> bytes | None:
        """Return what was kept, if anything was."""
        return self._content

    def save(self, content: bytes, *, wait: bool) -> None:
        """Keep `content`."""
        self._content = content


class _Kept(msgspec.Struct):
    """What is kept of the time; all in seconds, of the machine's count or since 1970."""

    boot: str
    """The name of the time since the machine was switched on."""
    elapsed: float
    """The machine's count when this was kept."""
    offset: float
    """The reckoned time is so much more than the machine's count."""
    began: float
    """The reckoned time at which the machine was switched on, or the speaker first ran."""
    floor: float
    """The latest time known from before that."""
    sure: bool
    told: tuple[float, float] | None = None
    """Bounds of the offset where a person told the day, and nothing the hour."""
    told_at: float = 0.0
    vague: float = -VAGUE * 1e6
    """When last a session may have been dated by a day without its hour."""


Moved = Callable[[timedelta, datetime], None]
"""Is told to move all that was written since a moment by so much."""


class Timekeeper:
    """Reckons the time.

    Parameters
    ----------
    clock
        The machine's clock.
    elapsed
        Tells the seconds that have passed since the machine was switched on, asleep or awake.
    moved
        Is called when what was written turns out to have been dated wrongly.
    latest
        The latest moment in the diaries, if there is any.
    machine
        Says what is to be thought of the clock.
    store
        Where the time is kept.
    """

    def __init__(
        self,
        clock: Clock,
        elapsed: Callable[[], float],
        moved: Moved,
        *,
        latest: datetime | None = None,
        machine: Machine | None = None,
        store: Store | None = None,
    ) -> None:
        self._wall = clock
        self._elapsed = elapsed
        self._moved = moved
        self._machine = machine or UnknownMachine()
        self._store = store or MemoryStore()
        self._search: DateSearch | None = None
        self._tired_until = 0.0
        self._zone: tzinfo | None = None
        self._told_in: tzinfo | None = None  # the zone in which the day was told
        kept = self._load()
        boot, passed, now = self._machine.boot(), elapsed(), self._clock()
        if kept is not None and kept.boot == boot and kept.elapsed <= passed:
            self._kept = kept
        else:
            known = [] if latest is None else [latest.timestamp()]
            known += [] if kept is None else [kept.offset + kept.elapsed]
            self._kept = self._begin(boot, passed, now, max(known, default=None))
            if kept is not None:
                self._kept.vague = kept.vague
        self._look()
        self._set_back(max([] if latest is None else [latest.timestamp()], default=None))
        self.save(wait=True)

    def _begin(self, boot: str, passed: float, now: float, floor: float | None) -> _Kept:
        """Return what is known when the machine has been switched on."""
        standing = self._machine.standing()
        right = standing is Standing.SET or (
            standing is not Standing.LOST
            and (floor is None or now >= floor - JUMP)
            and (standing is Standing.UNKNOWN or self._plausible(now))
        )
        reckoned = now
        if not right:
            _LOG.warning("the clock shows %s, which is not believed", self._moment(now))
            # A moment later than anything that was written before; what it shows is asked for.
            if floor is not None:
                reckoned = floor + 1.0
        return _Kept(
            boot=boot,
            elapsed=passed,
            offset=reckoned - passed,
            began=reckoned,
            floor=-DAY if floor is None else floor,
            sure=right,
        )

    # -- reading ---------------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the time of the day as it is reckoned."""
        self._look()
        return self._moment(self._reckoned())

    @property
    def question(self) -> Line | None:
        """What the person is to be asked, so that it is known what day it is.

        None where it is known, and for a while after everything was asked in vain.
        """
        if self.is_sure or self._elapsed() < self._tired_until:
            return None
        if self._search is None:
            self._search = DateSearch(*self._likely())
        return self._search.line

    @property
    def vague(self) -> bool:
        """Whether the hours of the last days' sessions are not known, but their days alone."""
        return self._reckoned() - self._kept.vague < VAGUE

    def answer(self, answer: Answer) -> None:
        """Take the answer to the question; what is no yes or no begins the search anew."""
        search, self._search = self._search, None
        if search is None or answer not in {Answer.YES, Answer.NO}:
            return
        search.answer(answer is Answer.YES)
        if search.found is not None:
            self._told(search.found)
            self.save(wait=False)
        elif search.line is not None:
            self._search = search
        else:
            self._tired_until = self._elapsed() + TIRED

    @property
    def is_sure(self) -> bool:
        """Whether it is known what day it is."""
        kept = self._kept
        if kept.told is None:
            return kept.sure
        moved = self._told_in is not None and self._told_in != self._zone
        return kept.sure and not moved and self._elapsed() - kept.told_at < ASKED_AGAIN

    def _likely(self) -> tuple[date, list[date]]:
        """Return about which day it is, and the days that it may well be, the likeliest first."""
        days = []
        day = EARLIEST
        if self._plausible(self._reckoned()):
            day = self._moment(self._reckoned()).date()
            days = [day + timedelta(days=ahead) for ahead in range(LIKELY)]
        now = self._clock()
        shown = self._moment(now).date()
        if self._plausible(now) and shown not in days:
            days.insert(0 if not days or shown > days[0] else len(days), shown)
        return day, days or [day]

    # -- reckoning -------------------------------------------------------------------------

    def _look(self) -> None:
        """Follow the clock where it has been set, and may be believed."""
        kept, now = self._kept, self._clock()
        jump = now - self._reckoned()
        standing = self._machine.standing()
        if standing is Standing.SET:
            if abs(jump) > JUMP or not kept.sure or kept.told is not None:
                self._follow(jump)
                kept.told, kept.sure = None, True
                self._set_back(None)
        elif abs(jump) > JUMP and kept.told is None and standing is not Standing.LOST:
            if kept.began + jump < kept.floor or not (
                standing is Standing.UNKNOWN or self._plausible(now)
            ):
                return  # it has been counted exactly since it was right
            self._follow(jump)
            if jump > FAR and kept.floor > 0:
                kept.sure = False
        if self._elapsed() - kept.elapsed > SAVED:
            self.save(wait=False)

    def _follow(self, jump: float) -> None:
        """Move the reckoned time, and with it all that was written since the machine started."""
        if abs(jump) > 1.0:
            _LOG.warning("the clock was set by %.0f s; what was written is dated anew", jump)
            self._moved(timedelta(seconds=jump), self._moment(self._kept.began - 0.5))
        self._kept.began += jump
        self._kept.offset += jump
        self._kept.vague += jump
        self.save(wait=False)  # else it would be moved again after a restart

    def _told(self, day: date) -> None:
        """Take the word of a person for the day; the hour follows as far as it can."""
        kept, passed = self._kept, self._elapsed()
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp()
        bounds = midnight - passed, midnight + DAY - 1.0 - passed
        if kept.told is not None:
            both = max(kept.told[0], bounds[0]), min(kept.told[1], bounds[1])
            bounds = both if both[0] <= both[1] else bounds
        shown = self._clock() - passed
        wished = shown if bounds[0] <= shown <= bounds[1] else kept.offset
        self._follow(min(max(wished, bounds[0]), bounds[1]) - kept.offset)
        kept.sure = True
        if wished != shown or self._machine.standing() is Standing.LOST:
            kept.told, kept.told_at, kept.vague = bounds, passed, self._reckoned()
            self._told_in = self._zone
        self._set_back(None)

    def _set_back(self, latest: float | None) -> None:
        """Where what is sure lies before what was written, date that anew: it is not to come."""
        kept = self._kept
        now = self._reckoned()
        if not kept.sure or max(kept.floor, latest or -DAY) <= now + JUMP:
            return
        _LOG.warning("the diary holds days that are still to come; they are dated anew")
        behind = now - max(kept.floor, latest or -DAY)
        self._moved(timedelta(seconds=behind), self._moment(now + 1.0))
        kept.floor = now

    def _reckoned(self) -> float:
        return self._elapsed() + self._kept.offset

    def _clock(self) -> float:
        now = self._wall()
        self._zone = now.tzinfo
        return now.timestamp()

    def _moment(self, seconds: float) -> datetime:
        """Return a moment in the zone of the machine's clock."""
        return datetime.fromtimestamp(seconds, self._zone)

    def _plausible(self, now: float) -> bool:
        return EARLIEST <= self._moment(now).date() < LATEST

    # -- keeping ---------------------------------------------------------------------------

    def save(self, *, wait: bool) -> None:
        """Keep the time for the next start; whether to `wait` for the disk."""
        kept = self._kept
        if kept.told is not None:
            kept.vague = self._reckoned()
        kept.elapsed = self._elapsed()
        self._store.save(msgspec.json.encode(kept), wait=wait)

    def _load(self) -> _Kept | None:
        content = self._store.load()
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=_Kept)
        except msgspec.MsgspecError as error:
            _LOG.warning("the time that was kept cannot be read: %s", error)
            return None
