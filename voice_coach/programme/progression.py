"""Where a person stands: the level and how far along in it, folded from what was done.

The rules, in the order in which they are applied to each day:

- more than ``days_off`` days since the last session at one's level (or above): one level back;
- a session at one's level counts once a day, when it was completed;
- a session at a higher level (it was allowed at the time) makes that one's level;
- an easier session is rest, as far as the level goes: neither progress nor regress;
- pain: one level back; what was done at the level does not count towards moving up from it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from voice_coach.programme.history import PAINS, History, Pain
from voice_coach.programme.levels import Dose, Level
from voice_coach.programme.rules import Rules


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on one day.

    `level` is an index into the levels. `since` is the day of the first session at it, `latest`
    of the last one; `completed` counts the days on which one was completed. `experienced` is
    False until any session at all has been completed. `eased` is True once days off
    have cost a level, until the next session.
    """

    level: int = 0
    since: date | None = None
    latest: date | None = None
    completed: int = 0
    experienced: bool = False
    eased: bool = False

    def stepped_back(self) -> "Standing":
        """Return the standing one level lower, at its beginning."""
        return replace(self, level=max(self.level - 1, 0), since=None, completed=0)

    def dose(self, levels: Sequence[Level]) -> Dose:
        """Return what the person has worked up to within the level."""
        return dose_after(levels[self.level], self.completed)

    def may_move_up(self, day: date, levels: Sequence[Level]) -> bool:
        """Tell whether both the weeks and the sessions for the next level are done."""
        needed = levels[self.level].move_up
        return (
            needed is not None
            and self.level + 1 < len(levels)
            and self.since is not None
            and day - self.since >= timedelta(weeks=needed.weeks)
            and self.completed >= needed.sessions
        )


def dose_after(level: Level, completed: int) -> Dose:
    """Return the step of `level` that `completed` sessions at it lead to."""
    steps = level.steps()
    return steps[min(completed // level.sessions_per_step, len(steps) - 1)]


def standing(day: date, history: History, levels: Sequence[Level], rules: Rules) -> Standing:
    """Return where a person with `history` stands on the morning of `day` or later on it."""
    index = {level.name: position for position, level in enumerate(levels)}
    done: defaultdict[date, list[tuple[int, bool]]] = defaultdict(list)
    for session in history.sessions:
        if session.prompted and session.level in index:
            done[session.day].append((index[session.level], session.completed))
    hurt = _first_days(history.pains)
    now = Standing()
    for when in sorted(done.keys() | hurt):
        now = _after_sessions(_after_days_off(now, when, rules), when, done.get(when, ()))
        if when in hurt:
            now = now.stepped_back()
    return _after_days_off(now, day, rules)


def _first_days(pains: Sequence[Pain]) -> set[date]:
    """Return the days on which pain began; told of again before it settles, it is the same."""
    days: set[date] = set()
    settled: date | None = date.min
    for pain in sorted(pains, key=lambda pain: pain.day):
        if pain.kind not in PAINS:
            continue
        if settled is not None and pain.day >= settled:
            days.add(pain.day)
            settled = pain.settled
    return days


def _after_days_off(now: Standing, day: date, rules: Rules) -> Standing:
    if now.latest is None or day - now.latest <= timedelta(days=rules.days_off):
        return now
    return replace(now.stepped_back(), latest=None, eased=now.level > 0)


def _after_sessions(now: Standing, day: date, done: Sequence[tuple[int, bool]]) -> Standing:
    """Return the standing after a day's sessions, given as (level, completed)."""
    if not done:
        return now
    level = max(level for level, _ in done)
    completed = (level, True) in done
    experienced = now.experienced or any(completed for _, completed in done)
    if level < now.level:
        # Days off count from the first easier session where there is none at the level itself.
        return replace(now, latest=now.latest or day, experienced=experienced, eased=False)
    begins = level > now.level or now.since is None
    return Standing(
        level=level,
        since=day if begins else now.since,
        latest=day,
        completed=(0 if begins else now.completed) + completed,
        experienced=experienced,
    )
