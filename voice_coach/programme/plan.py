"""What may be done today: a plan or a refusal for every level.

Pure: the same day, history, levels and prescription give the same answer. Why something is
refused, and whether the person may insist, is the table ``may_override`` in ``rules.toml``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from voice_coach.programme.history import History
from voice_coach.programme.levels import Level, within
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.progression import Standing, dose_after, standing
from voice_coach.programme.rules import Band, Rules, load_rules
from voice_coach.programme.tempo import Tempo

__all__ = ["Band", "Plan", "Refusal", "Today", "today"]

_WEEK = timedelta(days=7)
_FURTHEST = 28
"""Days ahead in which the next free day is looked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One session: `repetitions` are of each set, `rest` is in seconds between two sets."""

    level: str
    sets: int
    repetitions: int
    rest: float
    tempo: Tempo
    band: Band
    asks_for_more: bool = True

    @property
    def seconds(self) -> float:
        """Length of the exercise from the first rise to the last pause."""
        repetitions = self.sets * self.repetitions * self.tempo.seconds
        return repetitions + (self.sets - 1) * self.rest


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a level is not for today, and what is instead.

    Attributes
    ----------
    reason
        Name of the cue that says why, such as ``refused.rest_day``; the names are the keys of
        ``may_override`` in ``rules.toml``.
    slots
        What the cue's text may mention; always `level` (the one asked for), and where it
        applies `days` (until the next free day, 1 is tomorrow), `cap`, `instead` (the
        alternative's level), `sessions` and `weeks` (still to be done before the level asked
        for).
    may_override
        Whether an explicit second phrase ("start anyway") begins the alternative.
    alternative
        The plan that may be had instead: by that second phrase when `may_override`, otherwise
        by a simple yes; None when there is nothing to do today.
    """

    reason: str
    slots: Mapping[str, str | int]
    may_override: bool
    alternative: Plan | None


@dataclass(frozen=True, slots=True)
class Today:
    """What the coach is given.

    Attributes
    ----------
    level
        The level that "start" means.
    plans
        The answer to "start LEVEL", for every level.
    offered
        A higher level whose weeks and sessions are done: to be offered, never forced.
    notices
        Names of cues for what the person should know: ``notice.stepped_back`` (after days off),
        ``notice.prescription_expired`` (its limits go on holding), ``notice.clock_behind`` (the
        diary holds days that are still to come, so the date is probably wrong).
    cautions
        The therapist's sentences to be said before the session.
    """

    level: str
    plans: Mapping[str, Plan | Refusal]
    offered: str | None = None
    notices: tuple[str, ...] = ()
    cautions: tuple[str, ...] = field(default=())


def today(
    day: date,
    history: History,
    levels: Sequence[Level],
    prescription: Prescription | None = None,
    rules: Rules | None = None,
) -> Today:
    """Return what may be done on `day` by someone with this `history`.

    Sessions dated after `day` are set aside: a clock that was wrong once must neither lock a
    person out nor speed them up.
    """
    rules = rules or load_rules()
    known = history.until(day)
    if prescription is not None:
        levels = [prescription.narrow(level) for level in levels]
    asked = _Asked(day, known, levels, prescription, rules, standing(day, known, levels, rules))
    start = asked.start()
    offered = asked.offered()
    return Today(
        level=levels[start].name,
        plans={level.name: asked.answer(position) for position, level in enumerate(levels)},
        offered=None if offered is None else levels[offered].name,
        notices=asked.notices(beyond=known.sessions != history.sessions),
        cautions=prescription.cautions if prescription else (),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Everything an answer depends on."""

    day: date
    history: History
    levels: Sequence[Level]
    prescription: Prescription | None
    rules: Rules
    standing: Standing

    # -- which level -----------------------------------------------------------------------

    def _index(self, name: str) -> int:
        return [level.name for level in self.levels].index(name)

    def _ceiling(self) -> int:
        if self.prescription is None:
            return len(self.levels) - 1
        return self._index(self.prescription.level)

    def _by_word(self) -> int:
        return self._index(self.rules.highest_by_word)

    def start(self) -> int:
        """Return the level that "start" means: the therapist's word counts for a newcomer."""
        reached = self.standing.level
        if self.prescription and not self.standing.experienced:
            reached = max(reached, self._by_word())
        return min(reached, self._ceiling())

    def offered(self) -> int | None:
        """Return the level that may be moved up to."""
        above = self.standing.level + 1
        ready = self.standing.may_move_up(self.day, self.levels) and not self._in_pain()
        return above if ready and above <= self._ceiling() else None

    def _highest(self) -> int:
        """Return the highest level that is not too early."""
        reached = max(self.start(), self.offered() or 0)
        if not self.standing.experienced:
            reached = max(reached, min(self._by_word(), self._ceiling()))
        return reached

    # -- which day ---------------------------------------------------------------------------

    def _in_pain(self) -> bool:
        return any(pain.settled is None for pain in self.history.pains)

    def _left(self, level: Level) -> int:
        """Return how many repetitions the daily cap of `level` still leaves."""
        return max(level.cap - self.history.prompted_on(self.day), 0)

    def _conflict(self, level: Level, day: date) -> str | None:
        """Return what speaks against practising `level` on `day`, given what was done."""
        days = self.history.practised()
        week = [done for done in days if day - _WEEK < done < day]
        if len(week) >= level.sessions_per_week.high:
            return "week_full"
        if day in days:
            return "done_today"
        rest = {level.name: level.rest_days for level in self.levels}
        rested = not any(
            0 < (day - session.day).days <= rest.get(session.level, 0)
            for session in self.history.sessions
            if session.prompted
        )
        if not rested or (self.prescription and not self.prescription.allows(day)):
            return "rest_day"
        return None

    def _days_until_free(self, level: Level) -> int:
        for ahead in range(1, _FURTHEST):
            if self._conflict(level, self.day + timedelta(days=ahead)) is None:
                return ahead
        return _FURTHEST

    # -- the answer ---------------------------------------------------------------------------

    def answer(self, position: int) -> Plan | Refusal:
        """Return the answer to a wish to practise the level at `position`."""
        level = self.levels[position]
        if self._in_pain():
            return self._refusal("pain", level)
        if position > self._highest():
            instead = self.answer(self._highest())
            if isinstance(instead, Refusal):
                return instead
            return self._too_early(position, instead)
        if not self._left(level):
            return self._refusal("cap", level, cap=level.cap, days=self._days_until_free(level))
        conflict = self._conflict(level, self.day)
        plan = self._plan(position)
        if conflict is None:
            return plan
        allowed = plan if self.rules.may_override[conflict] else None
        return self._refusal(conflict, level, allowed, days=self._days_until_free(level))

    def _too_early(self, position: int, instead: Plan) -> Refusal:
        level = self.levels[position]
        if position > self._ceiling():
            return self._refusal("ceiling", level, instead, instead=instead.level)
        between = self.levels[self._highest() : position]
        weeks = sum(level.move_up.weeks for level in between if level.move_up)
        sessions = sum(level.move_up.sessions for level in between if level.move_up)
        if self._highest() == self.standing.level and self.standing.since:
            weeks -= (self.day - self.standing.since).days // 7
            sessions -= self.standing.completed
        return self._refusal(
            "too_early",
            level,
            instead,
            instead=instead.level,
            sessions=max(sessions, 0),
            weeks=max(weeks, 0),
        )

    def _refusal(
        self, reason: str, level: Level, alternative: Plan | None = None, **slots: str | int
    ) -> Refusal:
        return Refusal(
            reason=f"refused.{reason}",
            slots={"level": level.name, **slots},
            may_override=self.rules.may_override[reason],
            alternative=alternative,
        )

    def _plan(self, position: int) -> Plan:
        level = self.levels[position]
        # A level that was not worked up to, above or below, begins at its low end.
        worked_up = self.standing.completed if position == self.standing.level else 0
        dose = within(dose_after(level, worked_up), self._left(level))
        firmness = self.rules.firmness[
            (self.prescription and self.prescription.firmness) or "moderate"
        ]
        return Plan(
            level=level.name,
            sets=dose.sets,
            repetitions=dose.repetitions,
            rest=level.rest,
            tempo=level.tempo,
            band=firmness.band,
            asks_for_more=firmness.asks_for_more,
        )

    def notices(self, *, beyond: bool) -> tuple[str, ...]:
        """Return the names of what the person should know."""
        said = []
        if self.standing.eased:
            said.append("notice.stepped_back")
        if self.prescription and not self.prescription.holds(self.day):
            said.append("notice.prescription_expired")
        if beyond:
            said.append("notice.clock_behind")
        return tuple(said)
