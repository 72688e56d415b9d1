"""Reminding each who lives here that this is a good time, as the settings wish."""

from datetime import datetime

from voice_coach.coach import Cue
from voice_coach.home.residents import Household
from voice_coach.programme.planner import Plan
from voice_coach.programme.reminders import Reminders, due


class Reminder:
    """Remembers who was reminded, and when.

    Parameters
    ----------
    reminders
        What is set.
    household
        Who is reminded.
    spoken
        When each was reminded before, which is written on here; a new memory by default.
    """

    def __init__(
        self,
        reminders: Reminders | None,
        household: Household,
        spoken: dict[str | None, list[datetime]] | None = None,
    ) -> None:
        self._reminders = reminders
        self._residents = household.residents
        self._spoken = {} if spoken is None else spoken

    def due(self, now: datetime) -> tuple[Cue, ...]:
        """Return what is to be said at `now` to the first for whom it is time, if anybody."""
        for name, resident in self._residents.items() if self._reminders else ():
            spoken = self._spoken.setdefault(name, [])
            line = due(now, self._reminders, resident.plans(now.date()), spoken)
            if line is not None:
                spoken.append(now)
                return _said(name, line.cue)
        return ()

    def at_once(self, now: datetime) -> tuple[Cue, ...]:
        """Return what is to be said when somebody asks for a reminder at `now`.

        That is nothing where no session is planned today, and in the quiet hours.
        """
        if self._reminders is not None and self._reminders.is_quiet(now.time()):
            return ()
        for name, resident in self._residents.items():
            plans = resident.plans(now.date(), now)
            if isinstance(plans.plans[plans.level], Plan):
                self._spoken.setdefault(name, []).append(now)
                return _said(name, "reminder.first")
        return ()


def _said(name: str | None, cue: str) -> tuple[Cue, ...]:
    called = () if name is None else (Cue.of("called", person=name),)
    return (*called, Cue(cue))
