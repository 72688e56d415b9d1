"""What became of each day, and of each week, for a picture of them. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

from voice_coach.diary.records import Session
from voice_coach.programme.adherence import WEEK, monday
from voice_coach.programme.history import History
from voice_coach.programme.ledger import EndReason
from voice_coach.programme.levels import Level
from voice_coach.programme.tally import Tally
from voice_coach.programme.weekdays import WEEK as WEEKDAYS


class Mark(StrEnum):
    """What a day was."""

    DONE = "done"
    PARTLY = "partly"
    MISSED = "missed"
    REST = "rest"
    PAIN = "pain"


@dataclass(frozen=True, slots=True)
class WeekDone:
    """A week from its Monday on: days of practice, how many were asked for, and the landings."""

    first: date
    practised: int
    asked: int
    tally: Tally


def marks(
    sessions: Sequence[Session],
    history: History,
    levels: Mapping[str, Level],
    today: date,
    chosen: Collection[str] = (),
) -> dict[date, Mark]:
    """Return what each day from the first session to `today` was.

    Parameters
    ----------
    sessions, history
        The diary.
    levels
        By name, as narrowed by a prescription.
    today
        Not missed yet, whatever it is.
    chosen
        Names of the weekdays on which the person practises. Without them the sessions of a week
        are taken as evenly spread, counted from the last session or the last day missed. So
        whoever pauses does not see a missed day every day.
    """
    by_day = _by_day(sessions)
    if not by_day:
        return {}
    found: dict[date, Mark] = {}
    since = min(by_day)
    apart = 1
    for number in range((today - since).days + 1):
        day = since + timedelta(days=number)
        done = by_day.get(day)
        if done:
            completed = any(session.reason is EndReason.COMPLETED for session in done)
            found[day] = Mark.DONE if completed else Mark.PARTLY
            level = levels.get(done[-1].level)
            apart = ceil(7 / level.sessions_per_week.low) if level else apart
            latest = day
        elif _in_pain(history, day):
            found[day] = Mark.PAIN
            latest = day
        else:
            expected = (
                WEEKDAYS[day.weekday()] in chosen if chosen else (day - latest).days % apart == 0
            )
            found[day] = Mark.MISSED if expected and day < today else Mark.REST
    return found


def weeks(
    sessions: Sequence[Session], levels: Mapping[str, Level], today: date, most: int
) -> tuple[WeekDone, ...]:
    """Return the last weeks up to that of `today`, `most` of them, from the first session on."""
    by_day = _by_day(sessions)
    if not by_day:
        return ()
    first = max(monday(min(by_day)), monday(today) - (most - 1) * WEEK)
    asked = 0
    found = []
    # The level of a week without sessions is that of the week before.
    for session in sessions:
        if session.started.date() < first and session.level in levels:
            asked = levels[session.level].sessions_per_week.low
    while first <= today:
        done = [
            session
            for day, those in sorted(by_day.items())
            if first <= day < first + WEEK
            for session in those
        ]
        for session in done:
            if session.level in levels:
                asked = levels[session.level].sessions_per_week.low
        found.append(
            WeekDone(
                first=first,
                practised=len({session.started.date() for session in done}),
                asked=asked,
                tally=sum((session.tally for session in done), Tally()),
            )
        )
        first += WEEK
    return tuple(found)


def adherence(done: Sequence[WeekDone], today: date) -> tuple[int, int]:
    """Return the sessions done and asked for in whole weeks; more than asked is not counted."""
    whole = [week for week in done if week.first + WEEK <= today]
    return (
        sum(min(week.practised, week.asked) for week in whole),
        sum(week.asked for week in whole),
    )


def _by_day(sessions: Sequence[Session]) -> dict[date, list[Session]]:
    found: defaultdict[date, list[Session]] = defaultdict(list)
    for session in sessions:
        if session.repetitions:
            found[session.started.date()].append(session)
    return dict(found)


def _in_pain(history: History, day: date) -> bool:
    """Tell whether something complained of was open on `day`."""
    return any(
        pain.day <= day and (pain.settled is None or day < pain.settled) for pain in history.pains
    )
