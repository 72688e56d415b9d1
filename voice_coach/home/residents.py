"""The people who live here: each with a diary, plans and heels of their own.

Where there is nothing set about people there is one of them, who needs no name.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from voice_coach.diary.backups import set_right
from voice_coach.diary.writer import DiaryWriter
from voice_coach.errors import UserError
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home import heel_store
from voice_coach.home.heel_store import Underfoot
from voice_coach.home.kept_file import TIME, KeptFile
from voice_coach.home.last_prescription import prescription_or_lowest
from voice_coach.home.settings import Settings
from voice_coach.home.timekeeping import Clock, Machine, Store, Timekeeper
from voice_coach.programme.ledger import (
    DayAnswered,
    Entry,
    FaultNoted,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Today, today
from voice_coach.programme.prescription import Prescription

_LOG = logging.getLogger(__name__)


class Resident:
    """One person: what may be done today, and where it is written down.

    Parameters
    ----------
    name
        What they are called; None for the only one.
    diary
        Theirs, written beside the loop.
    heels
        The folder that holds what was learnt of their heels.
    prescription
        Their therapist's, if there is one.
    """

    def __init__(
        self,
        name: str | None,
        diary: DiaryWriter,
        heels: Path,
        prescription: Prescription | None = None,
    ) -> None:
        self.name = name
        self.diary = diary
        self._heels = heels
        self._levels = load_levels()
        self._prescription = prescription
        self._unkept: list[HeelTemplate] = []
        self.heels_lost = False
        """Whether something that was learnt of their heels could not be read, and was set aside."""

    @property
    def cautions(self) -> tuple[str, ...]:
        """What their therapist wants to be said before a session."""
        return self._prescription.cautions if self._prescription else ()

    def plans(self, day: date, moment: datetime | None = None, *, vague: bool = False) -> Today:
        """Return what may be done on `day`, at a `moment` of it where that is known.

        Where the hours of the last sessions are not known, only their days, they are `vague`.
        """
        return today(
            day,
            self.diary.history(),
            self._levels,
            self._prescription,
            person=self.name,
            moment=moment,
            vague=vague,
        )

    def templates(self) -> list[HeelTemplate]:
        """Return what was learnt of their heels for each footwear and floor, the latest first."""
        if self._unkept:
            return self._unkept
        found, broken = heel_store.usable(self._heels)
        self.heels_lost = self.heels_lost or bool(broken)
        return [each.template for each in found]

    def keep_template(
        self, learnt: HeelTemplate, now: datetime, underfoot: Underfoot | None
    ) -> list[HeelTemplate]:
        """Keep what was learnt of their heels; return all that is known, this first.

        What cannot be written is known until the program ends, and told by :attr:`heels_unkept`.
        """
        try:
            kept = heel_store.keep(self._heels, learnt, now, underfoot)
        except UserError as error:
            _LOG.error("%s", error)
            self._unkept = [learnt, *self.templates()]
            return self._unkept
        self._unkept = []
        return [each.template for each in kept]

    @property
    def heels_unkept(self) -> bool:
        """Whether what was learnt of their heels could not be written down."""
        return bool(self._unkept)


class Household:
    """Everybody who lives here, and whose turn it is; the first of them begins.

    Parameters
    ----------
    residents
        By their names, in the order of the settings; not empty.
    clock
        The only one that is asked for the time of the day.
    underfoot
        What the drops that are learnt now are made in, and on, as far as somebody said.
    """

    def __init__(
        self,
        residents: Mapping[str | None, Resident],
        clock: Clock,
        underfoot: Underfoot | None = None,
        notices: tuple[str, ...] = (),
        *,
        elapsed: Callable[[], float] | None = None,
        machine: Machine | None = None,
        store: Store | None = None,
    ) -> None:
        self.residents = residents
        self.notices = notices
        """The cues that tell what could not be read, and what is done without it."""
        self.present = next(iter(residents.values()))
        """Whose turn it is."""
        self._wall = clock
        self._underfoot = underfoot
        self._time = (
            None
            if elapsed is None
            else Timekeeper(
                clock,
                elapsed,
                self._redate,
                latest=self._latest(),
                machine=machine,
                store=store,
            )
        )

    def _latest(self) -> datetime | None:
        """Return when the last session in anybody's diary was."""
        sessions = (
            session.began
            for resident in self.residents.values()
            for session in resident.diary.history().sessions
        )
        return max((began for began in sessions if began is not None), default=None)

    def _redate(self, by: timedelta, since: datetime) -> None:
        for resident in self.residents.values():
            resident.diary.redate(by, since)

    def clock(self) -> datetime:
        """Return the time of the day, as far as it is known.

        Where the clock has been set meanwhile, all that was written since the machine was switched
        on is given the date that it truly had: so many hours ago as have passed.
        """
        return self._wall() if self._time is None else self._time.now()

    def close(self) -> None:
        """Keep the time for the next start."""
        if self._time is not None:
            self._time.now()
            self._time.save(wait=True)

    @property
    def people(self) -> tuple[str, ...]:
        """The names by which they are told apart; none where somebody lives alone."""
        return tuple(name for name in self.residents if name is not None)

    @property
    def own_words(self) -> dict[str, tuple[str, ...]]:
        """What the script cannot know of: their names, and the sentences of their therapists."""
        cautions = (text for resident in self.residents.values() for text in resident.cautions)
        return {"people": self.people, "cautions": tuple(cautions)}

    def change_person(self, person: str) -> None:
        """Let it be the turn of `person`."""
        self.present = self.residents[person]

    def plans(self) -> Today:
        """Return what the person whose turn it is may do today."""
        now = self.clock()
        if self._time is None:
            return self.present.plans(now.date(), now)
        plans = self.present.plans(now.date(), now, vague=self._time.vague)
        return plans if self._time.is_sure else plans.without_a_day(self._time.question)

    def write(self, entry: Entry) -> None:
        """Have `entry` written into the diary of the person whose turn it is, without waiting."""
        if isinstance(entry, DayAnswered):
            if self._time is not None:
                self._time.answer(entry.answer)
            return
        self.present.diary.record(entry, self.clock())
        if self._time is not None and isinstance(entry, SessionStarted | SessionEnded):
            self._time.save(wait=False)

    @property
    def trouble(self) -> str | None:
        """Why something cannot be written down now, in a sentence; None where all is well."""
        troubles = (resident.diary.trouble for resident in self.residents.values())
        return next((trouble for trouble in troubles if trouble), None)

    def templates(self) -> Sequence[HeelTemplate]:
        """Return what is known of the heels of the person whose turn it is, the latest first."""
        return self.present.templates()

    def keep_template(self, learnt: HeelTemplate) -> Sequence[HeelTemplate]:
        """Keep what was learnt of their heels; return all that is known, this first."""
        return self.present.keep_template(learnt, self.clock(), self._underfoot)


@contextmanager
def open_household(
    settings: Settings,
    clock: Clock,
    underfoot: Underfoot | None = None,
    elapsed: Callable[[], float] | None = None,
    machine: Machine | None = None,
) -> Iterator[Household]:
    """Open everybody's diary for writing, and yield who lives here.

    `elapsed` tells the seconds since the machine was switched on, whatever anybody does to its
    clock, and `machine` what is to be thought of that; with neither, the clock is believed.

    A damaged diary is written down anew as far as it can be read, and kept as it was beside that.
    Where a prescription cannot be read, the lowest limits hold. `Household.notices` tells of both.

    Raises
    ------
    UserError
        When a diary cannot be opened.
    """
    levels = load_levels()
    with ExitStack() as stack:
        residents = {}
        notices: list[str] = []
        for name in settings.people or [None]:
            own = settings.of(name)
            now = clock()
            damaged = set_right(own.diary, now)
            diary = stack.enter_context(DiaryWriter.open(own.diary))
            if damaged is not None:
                _LOG.error("the diary was damaged; as it was, it is kept as %s", damaged)
                diary.record(FaultNoted(0, "diary", f"damaged; kept as {damaged.name}"), now)
            paper, is_sound = None, True
            if own.prescription is not None:
                paper, is_sound = prescription_or_lowest(
                    own.prescription, own.diary, levels, now.date()
                )
            resident = Resident(name, diary, own.calibration, paper)
            resident.templates()
            residents[name] = resident
            for cue, is_so in (
                ("fault.diary_mended", damaged is not None or diary.spoilt),
                ("fault.cut_off", diary.cut_off and damaged is None),
                ("fault.prescription", not is_sound),
                ("fault.heels", resident.heels_lost),
            ):
                if is_so and cue not in notices:
                    notices.append(cue)
        household = Household(
            residents,
            clock,
            underfoot,
            tuple(notices),
            elapsed=elapsed,
            machine=machine,
            store=KeptFile(settings.diary / TIME),
        )
        stack.callback(household.close)
        yield household
