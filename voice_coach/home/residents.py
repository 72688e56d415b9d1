"""The people who live here: each with a diary, plans and heels of their own.

Where there is nothing set about people there is one of them, who needs no name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from voice_coach.diary.writer import DiaryWriter
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home import heel_store
from voice_coach.home.heel_store import Underfoot
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.ledger import Entry
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Today, today
from voice_coach.programme.prescription import Prescription

Clock: TypeAlias = Callable[[], datetime]
"""Tells the time of the day, with its offset from UTC."""


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

    @property
    def cautions(self) -> tuple[str, ...]:
        """What their therapist wants to be said before a session."""
        return self._prescription.cautions if self._prescription else ()

    def plans(self, day: date) -> Today:
        """Return what may be done on `day`."""
        history = self.diary.history()
        return today(day, history, self._levels, self._prescription, person=self.name)

    def templates(self) -> list[HeelTemplate]:
        """Return what was learnt of their heels for each footwear and floor, the latest first."""
        return [each.template for each in heel_store.known(self._heels)]

    def keep_template(
        self, learnt: HeelTemplate, now: datetime, underfoot: Underfoot | None
    ) -> list[HeelTemplate]:
        """Keep what was learnt of their heels; return all that is known, this first."""
        kept = heel_store.keep(self._heels, learnt, now, underfoot)
        return [each.template for each in kept]


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
    ) -> None:
        self.residents = residents
        self.present = next(iter(residents.values()))
        """Whose turn it is."""
        self.clock = clock
        self._underfoot = underfoot

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
        return self.present.plans(self.clock().date())

    def write(self, entry: Entry) -> None:
        """Have `entry` written into the diary of the person whose turn it is, without waiting."""
        self.present.diary.record(entry, self.clock())

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
    settings: Settings, clock: Clock, underfoot: Underfoot | None = None
) -> Iterator[Household]:
    """Open everybody's diary for writing, and yield who lives here.

    Raises
    ------
    UserError
        When a diary or a prescription cannot be read.
    """
    levels = load_levels()
    with ExitStack() as stack:
        residents = {}
        for name in settings.people or [None]:
            own = settings.of(name)
            diary = stack.enter_context(DiaryWriter.open(own.diary))
            file = own.prescription
            paper = None if file is None else read_prescription(file, levels)
            residents[name] = Resident(name, diary, own.calibration, paper)
        yield Household(residents, clock, underfoot)
