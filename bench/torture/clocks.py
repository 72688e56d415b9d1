"""Lives with a wrong clock, and whether the programme keeps its limits in true time.

A machine is switched on and off, its clock jumps, freezes, falls behind, begins in 1970 at each
start or is set by a network after a while, and its zone changes; a person wants to exercise at any
time, insists whenever that helps, and tells truly what day it is where they are asked and answer.
What was done is judged by true time, with limits that are written apart from the rules.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, cast

from tests.programme.limits import Done, Event, assert_kept, assert_screened
from voice_coach.diary.running_history import RunningHistory
from voice_coach.diary.writer import DiaryWriter
from voice_coach.home.residents import Household, Resident
from voice_coach.home.timekeeping import MemoryStore, Standing
from voice_coach.programme.day import Line, Plan, Refusal, Today
from voice_coach.programme.history import PAINS, History
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    Complained,
    Complaint,
    DayAnswered,
    EndReason,
    Entry,
    PainSettled,
    RepetitionPrompted,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.levels import load_levels
from voice_coach.programme.weekdays import WEEK

BEGAN: Final = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
YEAR_0: Final = datetime(1970, 1, 1, tzinfo=UTC)
CAPS: Final = {level.name: level.cap for level in load_levels()}
REST: Final = {level.name: level.rest_days for level in load_levels()}
ANY_HOURS: Final = timedelta(hours=18)
WISHES: Final = 40
"""Times that somebody wants to exercise in a life."""
GAPS: Final = (0.2, 2.0, 7.0, 12.0, 20.0, 24.0, 26.0, 48.0, 48.0, 50.0, 72.0, 120.0, 400.0, 2300.0)
"""Hours from one to the next."""
MIDNIGHT: Final = timedelta(minutes=40)
"""So near to midnight nobody begins."""
QUESTIONS: Final = 200
"""More than are ever asked to find out what day it is."""
MACHINES: Final = ("network", "late network", "module", "still", "1970", "jumping", "frozen")


class Machine:
    """True time, and what a machine's clock makes of it."""

    def __init__(self, kind: str, dice: random.Random) -> None:
        self.kind = kind
        self.true = BEGAN + timedelta(hours=dice.uniform(0, 24))
        self._winter, self._summer = dice.choice((-5, 0, 1, 9)), 0
        self.zone = timezone(timedelta(hours=self._winter))
        self._dice = dice
        self._booted = self.true
        self._boots = 0
        self._shows = self.true
        self._runs = True
        self._set_at: datetime | None = None
        self.switch_on()

    def switch_on(self) -> None:
        """Begin anew, with whatever the clock then shows."""
        before = self._wall()
        self._boots += 1
        self._booted = self.true
        self._runs = True
        self._set_at = None
        match self.kind:
            case "network" | "module":
                self._shows = self.true
            case "late network":
                self._shows = self._dice.choice((before, YEAR_0))
                self._set_at = self.true + timedelta(hours=self._dice.choice((0.01, 1, 30)))
            case "still" | "jumping":
                self._shows = before
            case "1970":
                self._shows = YEAR_0
            case "frozen":
                self._shows = self._dice.choice((before, YEAR_0))
                self._runs = self._dice.random() < 0.5

    def jump(self) -> None:
        """Let somebody, or something, set the clock to anything."""
        if self.kind == "jumping":
            far = timedelta(days=self._dice.choice((-4000, -30, -1, 1, 5, 30, 9000)))
            self._shows += far * self._dice.random()
        self._shows = max(self._shows, YEAR_0)

    def change_zone(self) -> None:
        """Take it to another zone; where nobody knows the hour, summer time has to do."""
        if self.kind in {"network", "module"}:
            self.zone = timezone(timedelta(hours=self._dice.randrange(-11, 13)))
        else:
            self._summer = 1 - self._summer
            self.zone = timezone(timedelta(hours=self._winter + self._summer))

    def boot(self) -> str:
        """Return which time it is on."""
        return str(self._boots)

    def standing(self) -> Standing:
        """Return what a machine of the kind says of its clock."""
        if self.kind == "network" or (self._set_at is not None and self.true >= self._set_at):
            return Standing.SET
        return Standing.KEPT if self.kind == "module" else Standing.LOST

    def elapsed(self) -> float:
        """Return the seconds since it was switched on."""
        return (self.true - self._booted).total_seconds()

    def wall(self) -> datetime:
        """Return what the clock shows."""
        return self._wall().astimezone(self.zone)

    def _wall(self) -> datetime:
        if self._set_at is not None and self.true >= self._set_at:
            return self.true
        return self._shows + (self.true - self._booted if self._runs else timedelta())

    def today(self) -> date:
        """Return the true day."""
        return self.true.astimezone(self.zone).date()


class MemoryDiary:
    """A diary that is kept in memory, and read anew at each start."""

    trouble = None

    def __init__(self) -> None:
        self._written: list[tuple[Entry, datetime]] = []
        self._running = RunningHistory(History())

    def restart(self) -> None:
        """Read it anew."""
        fresh = RunningHistory(History())
        for entry, moment in self._written:
            fresh.take(entry, moment)
        self._running = fresh

    def record(self, entry: Entry, moment: datetime) -> None:
        """Write `entry` down."""
        self._written.append((entry, moment))
        self._running.take(entry, moment)

    def redate(self, by: timedelta, since: datetime) -> None:
        """Move what was written since a moment."""
        self._written = [
            (entry, moment + by if moment >= since else moment) for entry, moment in self._written
        ]
        self._running.redate(by, since)

    def history(self) -> History:
        """Return all that was written."""
        return self._running.history()


@dataclass
class Life:
    """What came of it, by true time."""

    kind: str
    done: list[Done] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    drops: list[tuple[datetime, str]] = field(default_factory=list)
    begun: list[tuple[datetime, str, bool]] = field(default_factory=list)
    pains: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    asked: int = 0
    refused: int = 0


def live(seed: int, folder: Path) -> Life:
    """Live through a life drawn from `seed`; AssertionError where a limit was not kept."""
    dice = random.Random(seed)
    life = Life(MACHINES[seed % len(MACHINES)])
    machine, diary = Machine(life.kind, dice), MemoryDiary()
    store = MemoryStore()
    household = _household(machine, diary, folder, store)
    for _ in range(WISHES):
        gap = timedelta(hours=dice.choice(GAPS) * dice.uniform(0.9, 1.1))
        if dice.random() < 0.5:
            _off(household, machine, gap, dice)
            household = _household(machine, diary, folder, store)
        else:
            _pass(machine, household, gap)
        if dice.random() < 0.2:
            machine.jump()
        if dice.random() < 0.1:
            machine.change_zone()
        _wish(household, machine, life, dice)
    _pass(machine, household, timedelta(days=9))
    _settle(household, machine, life)
    now = _dated(household, machine, life, dice, truly=True)
    assert now is not None, f"{life.kind}: nobody can find out what day it is"
    held = [answer for answer in now.plans.values() if isinstance(answer, Refusal)]
    assert len(held) < len(now.plans), f"{life.kind}: locked out: {held[0].reason}"
    _judge(life)
    return life


def _household(machine: Machine, diary: MemoryDiary, folder: Path, store: MemoryStore) -> Household:
    diary.restart()
    resident = Resident(None, cast("DiaryWriter", cast("Any", diary)), folder / "heels")
    return Household(
        {None: resident}, machine.wall, elapsed=machine.elapsed, machine=machine, store=store
    )


def _off(household: Household, machine: Machine, gap: timedelta, dice: random.Random) -> None:
    """Let the machine be off for a part of `gap`, by its switch or without a warning."""
    on = gap * dice.choice((0.0, 0.0, 0.5, 1.0))
    _pass(machine, household, on)
    if dice.random() < 0.7:
        household.close()
    if dice.random() < 0.2:
        machine.true += gap - on  # only the program was ended
    else:
        machine.true += gap - on
        machine.switch_on()


def _pass(machine: Machine, household: Household, gap: timedelta) -> None:
    """Let time pass, in which the speaker looks at the clock now and then."""
    for _ in range(4):
        machine.true += gap / 4
        household.clock()


def _wish(household: Household, machine: Machine, life: Life, dice: random.Random) -> None:
    local = machine.true.astimezone(machine.zone)
    if (local + MIDNIGHT).date() != (local - MIDNIGHT).date():
        return  # who says at midnight what day it is, begins on another
    day = machine.today()
    if life.pains and life.pains[-1][1] is None and dice.random() < 0.5:
        _settle(household, machine, life)
    now = _dated(household, machine, life, dice)
    if now is None:
        life.refused += 1
        return
    if now.screening:
        for question in now.screening:
            household.write(Answered(0, question.name, question.safe))
        household.write(ScreeningFinished(0))
        life.events.append(Event("screened", day))
        now = household.plans()
    level = dice.choice((now.level, now.offered or now.level, "advanced"))
    answer, insisted = now.plans[level], False
    if not isinstance(answer, Plan):
        if answer.alternative is None:
            life.refused += 1
            return
        insisted = answer.may_override
        answer = answer.alternative
    _practise(household, machine, life, answer, insisted=insisted, dice=dice)


def _practise(
    household: Household,
    machine: Machine,
    life: Life,
    plan: Plan,
    *,
    insisted: bool,
    dice: random.Random,
) -> None:
    day = machine.today()
    life.events.append(Event("session", day))
    life.begun.append((machine.true, plan.level, insisted))
    household.write(SessionStarted(0, plan.level, plan.sets, plan.repetitions))
    stops = dice.random() < 0.15
    prompted = max(1, plan.sets * plan.repetitions // (2 if stops else 1))
    for number in range(prompted):
        machine.true += timedelta(seconds=8)
        life.drops.append((machine.true, plan.level))
        household.write(
            RepetitionPrompted(0, number // plan.repetitions + 1, number % plan.repetitions + 1)
        )
    household.write(SessionEnded(0, EndReason.STOPPED if stops else EndReason.COMPLETED))
    hurts = dice.random() < 0.05
    life.done.append(Done(day, plan, prompted, not stops, insisted, hurts))
    if hurts:
        complaint = dice.choice(sorted(PAINS))
        household.write(Complained(0, Complaint(complaint)))
        life.pains.append((machine.true, None))
        life.events.append(Event("risk", machine.today()))


def _settle(household: Household, machine: Machine, life: Life) -> None:
    household.write(PainSettled(0))
    life.pains = [(since, settled or machine.true) for since, settled in life.pains]


def _dated(
    household: Household, machine: Machine, life: Life, dice: random.Random, *, truly: bool = False
) -> Today | None:
    """Answer what is asked about the day; return the plans, or None where it stays unknown."""
    for _ in range(QUESTIONS):
        now = household.plans()
        if now.asks_day is None:
            unknown = all(
                isinstance(answer, Refusal) and answer.reason == "refused.no_day"
                for answer in now.plans.values()
            )
            return None if unknown else now
        life.asked += 1
        machine.true += timedelta(seconds=6)
        if not truly and dice.random() < 0.02:
            household.write(DayAnswered(0, dice.choice((Answer.UNSURE, Answer.SILENCE))))
            return None
        yes = _is_true(now.asks_day, machine.today())
        household.write(DayAnswered(0, Answer.YES if yes else Answer.NO))
    raise AssertionError(f"{life.kind}: asked for ever what day it is")


def _is_true(asks: Line, day: date) -> bool:
    slots = asks.slots
    match asks.cue:
        case "ask.date":
            told = WEEK[day.weekday()], day.day, day.month
            return told == (slots["weekday"], slots["day"], slots["month"])
        case "ask.month":
            return day.month == slots["month"]
        case "ask.later_in_month":
            return day.day >= int(slots["day"])
    raise AssertionError(asks)


def _judge(life: Life) -> None:
    """Raise AssertionError where a limit was not kept in true time."""
    try:
        assert_kept(life.done, [])
        assert_screened(life.events)
        _judge_hours(life.drops)
        _judge_rest(life.begun)
        for since, settled in life.pains:
            hurt = [begun for begun, *_ in life.begun if since < begun]
            assert not hurt or (settled is not None and settled <= hurt[0]), "a session in pain"
    except AssertionError as error:
        raise AssertionError(f"{life.kind}: {error}") from error


def _judge_hours(drops: Sequence[tuple[datetime, str]]) -> None:
    end = 0
    for begin, (first, _) in enumerate(drops):
        while end < len(drops) and drops[end][0] < first + ANY_HOURS:
            end += 1
        most = max(CAPS[level] for _, level in drops[begin:end])
        assert end - begin <= most, f"{end - begin} drops within 18 hours"


def _judge_rest(begun: Sequence[tuple[datetime, str, bool]]) -> None:
    for (before, level, _), (after, _, insisted) in pairwise(begun):
        hours = (after - before) / timedelta(hours=1)
        # From before midnight to after the one that follows the day of rest, in spring.
        assert insisted or hours >= 24 * REST[level] - 1, f"{hours:.0f} hours of rest"
