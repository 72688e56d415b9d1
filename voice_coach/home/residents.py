"""The people who live here: each with a diary, plans and heels of their own.

Where there is nothing set about people there is one of them, who needs no name.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime

from voice_coach.coach import Cue
from voice_coach.diary.diary import Diary
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home import heel_store
from voice_coach.home.heel_store import Footing
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Today, today
from voice_coach.programme.reminders import Reminders, due


class Resident:
    """One person: what may be done today, and where it is written down.

    Parameters
    ----------
    name
        What they are called; None for the only one.
    settings
        As they are for this person.
    diary
        Theirs, open for writing.
    """

    def __init__(self, name: str | None, settings: Settings, diary: Diary) -> None:
        self.name = name
        self.diary = diary
        self._settings = settings
        self._levels = load_levels()
        file = settings.prescription
        self._prescription = None if file is None else read_prescription(file, self._levels)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What their therapist wants to be said before a session."""
        return self._prescription.cautions if self._prescription else ()

    def plans(self, day: date) -> Today:
        """Return what may be done on `day`."""
        history = self.diary.history()
        return today(day, history, self._levels, self._prescription, person=self.name)

    def templates(self) -> list[HeelTemplate]:
        """Return what was learnt of their heels in each footing, the latest first."""
        return [each.template for each in heel_store.known(self._settings.calibration)]

    def keep_template(self, learnt: HeelTemplate, where: Footing | None) -> list[HeelTemplate]:
        """Keep what was learnt of their heels; return all that is known, this first."""
        kept = heel_store.keep(self._settings.calibration, learnt, where)
        return [each.template for each in kept]


@contextmanager
def at_home(settings: Settings) -> Iterator[Mapping[str | None, Resident]]:
    """Open everybody's diary for writing, and yield who lives here, in the order of the settings.

    Raises
    ------
    UserError
        When a diary or a prescription cannot be read.
    """
    with ExitStack() as stack:
        yield {
            name: Resident(
                name,
                own := settings.of(name),
                stack.enter_context(Diary.open(own.diary, exclusive=True)),
            )
            for name in settings.people or [None]
        }


class Reminder:
    """Says, to each who lives here, that this is a good time, as the settings wish."""

    def __init__(
        self, reminders: Reminders | None, residents: Mapping[str | None, Resident]
    ) -> None:
        self._reminders = reminders
        self._residents = residents
        self._spoken: dict[str | None, list[datetime]] = {name: [] for name in residents}

    def due(self, now: datetime) -> tuple[Cue, ...]:
        """Return what is to be said at `now`, to the first for whom it is time; often nothing."""
        for name, resident in self._residents.items() if self._reminders else ():
            spoken = self._spoken[name]
            line = due(now, self._reminders, resident.plans(now.date()), spoken)
            if line is not None:
                spoken.append(now)
                called = () if name is None else (Cue.of("called", person=name),)
                return (*called, Cue(line.cue))
        return ()
