"""Reminders: when to say, gently, that a session is planned for today.

At each chosen time once, and once more a while later; never in the quiet hours, never when
nothing may be done today or today's session is done.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from voice_coach.programme.day import Line, Plan, Today
from voice_coach.programme.weekdays import WEEK, Weekday

CLOCK: Final = r"^([01]\d|2[0-3]):[0-5]\d$"
"""A time of the day."""
Clock = Annotated[str, Meta(pattern=CLOCK)]


class Reminders(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When the person wishes to be reminded.

    Attributes
    ----------
    times, days
        Times of the day, such as ``10:30``, and the days on which they hold.
    quiet_from, quiet_until
        Between these nothing is said; they may reach over midnight.
    again_after
        Minutes until it is said once more.
    """

    times: Annotated[
        tuple[Clock, ...], Meta(min_length=1, description='a list of times, such as ["10:30"]')
    ]
    days: Annotated[
        tuple[Weekday, ...],
        Meta(min_length=1, description='a list of weekdays, such as ["monday", "thursday"]'),
    ] = WEEK
    quiet_from: Annotated[
        str, Meta(pattern=CLOCK, description='a time of the day, such as "21:00"')
    ] = "21:00"
    quiet_until: Annotated[
        str, Meta(pattern=CLOCK, description='a time of the day, such as "08:00"')
    ] = "08:00"
    again_after: Annotated[
        int, Meta(ge=5, le=240, description="a whole number of minutes from 5 to 240")
    ] = 30

    def is_quiet(self, at: time) -> bool:
        """Tell whether nothing is to be said at `at`; equal ends make no quiet hours."""
        begins, ends = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        if begins <= ends:
            return begins <= at < ends
        return at >= begins or at < ends


def due(
    now: datetime, reminders: Reminders | None, today: Today, spoken: Sequence[datetime]
) -> Line | None:
    """Return what is to be said at `now`, or None.

    Parameters
    ----------
    now
        The time of the day where the person is. It is asked often: a minute apart will do.
    reminders
        What is set; None never reminds.
    today
        What may be done today, as of now.
    spoken
        When reminders were spoken before; one that was kept back (in a session, in the quiet
        hours) is not made up once its time is over.
    """
    if reminders is None or not isinstance(today.plans[today.level], Plan):
        return None
    if WEEK[now.weekday()] not in reminders.days or reminders.is_quiet(now.time()):
        return None
    begun = [
        moment
        for moment in (
            datetime.combine(now.date(), time.fromisoformat(text), now.tzinfo)
            for text in reminders.times
        )
        if moment <= now
    ]
    if not begun:
        return None
    latest = max(begun)
    again = timedelta(minutes=reminders.again_after)
    since = sorted(before for before in spoken if latest <= before <= now)
    who = {} if today.person is None else {"person": today.person}
    if not since and now < latest + again:
        return Line("reminder.first", who)
    if len(since) == 1 and since[0] + again <= now < latest + 2 * again + timedelta(minutes=5):
        return Line("reminder.again", who)
    return None
