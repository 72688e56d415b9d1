"""Reminding each who lives here that this is a good time, as the settings wish."""

from datetime import datetime

from voice_coach.coach import Cue
from voice_coach.home.residents import Household
from voice_coach.programme.reminders import Reminders, due


class Reminder:
    """Remembers who was reminded, and when."""

    def __init__(self, reminders: Reminders | None, household: Household) -> None:
        self._reminders = reminders
        self._residents = household.residents
        self._spoken: dict[str | None, list[datetime]] = {name: [] for name in self._residents}

    def due(self, now: datetime) -> tuple[Cue, ...]:
        """Return what is to be said at `now` to the first for whom it is time, if anybody."""
        for name, resident in self._residents.items() if self._reminders else ():
            spoken = self._spoken[name]
            line = due(now, self._reminders, resident.plans(now.date()), spoken)
            if line is not None:
                spoken.append(now)
                called = () if name is None else (Cue.of("called", person=name),)
                return (*called, Cue(line.cue))
        return ()
