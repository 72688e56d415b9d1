"""What may be done today: a plan or a refusal for every level.

Pure: the same day, history, levels and prescription give the same answer. Why something is
refused, and whether the person may insist, is the table ``may_override`` in ``rules.toml``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from voice_coach.programme.briefing import briefing
from voice_coach.programme.day import Line, Plan, Refusal, Today
from voice_coach.programme.history import PAINS, History, Pain, PastSession
from voice_coach.programme.ledger import Complaint
from voice_coach.programme.levels import Level, within
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.progression import Standing, dose_after, standing
from voice_coach.programme.replies import answers, review
from voice_coach.programme.rules import Rules, load_rules
from voice_coach.programme.screening import Findings, findings, follow_ups, questions

__all__ = ["Line", "Plan", "Refusal", "Today", "today"]

_WEEK = timedelta(days=7)
LATELY: Final = 19.0
"""Hours in which a day's cap is not exceeded, midnight or not: any 18, and a session's length."""
VAGUELY: Final = 48.0
"""The same where only the days of the last sessions are known, and not their hours."""
_DAY_AND_NIGHT: Final = timedelta(hours=24)
_FURTHEST = 28
"""The next free day is looked for this many days ahead."""


def today(
    day: date,
    history: History,
    levels: Sequence[Level],
    prescription: Prescription | None = None,
    rules: Rules | None = None,
    *,
    person: str | None = None,
    moment: datetime | None = None,
    vague: bool = False,
) -> Today:
    """Return what may be done on `day` by `person`, someone with this `history`.

    At a known `moment` of that day the daily cap holds for the hours before it as well, so that
    two days' drops are not done on either side of midnight; so do rest and the sessions of a week,
    whatever the zone. Where the hours of the last sessions are `vague`, the cap holds for longer.
    """
    rules = rules or load_rules()
    known = history.on(day, moment)
    if prescription is not None:
        levels = [prescription.narrow(level) for level in levels]
    found = findings(day, known, prescription, rules)
    where = standing(day, known, levels, rules)
    lately = 0
    if moment is not None:
        lately = history.prompted_around(moment, VAGUELY if vague else LATELY)
    asked = _Asked(day, known, levels, prescription, rules, where, found, lately, moment)
    start = asked.start()
    offered = asked.offered()
    now = Today(
        level=levels[start].name,
        plans={level.name: asked.answer(position) for position, level in enumerate(levels)},
        offered=None if offered is None else levels[offered].name,
        notices=asked.notices(beyond=len(known.sessions) < len(history.sessions)),
        cautions=prescription.cautions if prescription else (),
        screening=found.due,
        readiness=(
            *follow_ups([pain.kind for pain in known.open_pains]),
            *questions("readiness"),
        ),
        single_leg=bool(prescription and prescription.single_leg and prescription.holds(day)),
        review=review(day, known),
        briefing=briefing(day, known, rules.days_off),
        person=person,
    )
    return replace(now, answers=answers(day, known, now))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Everything an answer depends on."""

    day: date
    history: History
    levels: Sequence[Level]
    prescription: Prescription | None
    rules: Rules
    standing: Standing
    findings: Findings
    lately: int
    """Drops asked for within the last hours, on whichever day."""
    moment: datetime | None

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
        ready = self.standing.may_move_up(self.day, self.levels) and not self.history.open_pains
        return above if ready and above <= self._ceiling() else None

    def _highest(self) -> int:
        """Return the highest level that is not too early."""
        reached = max(self.start(), self.offered() or 0)
        if not self.standing.experienced:
            reached = max(reached, min(self._by_word(), self._ceiling()))
        return reached

    # -- which day ---------------------------------------------------------------------------

    def _held(self) -> str | None:
        """Return what holds the programme until it has settled."""
        holding = [pain for pain in self.history.open_pains if self._holds(pain)]
        if any(pain.kind in PAINS for pain in holding):
            return "pain"
        if any(pain.kind is not Complaint.SORENESS for pain in holding):
            return "unwell"
        return "soreness" if holding else None

    def _holds(self, pain: Pain) -> bool:
        """Tell whether `pain` holds the programme: soreness is given a few days to settle."""
        rests = self.rules.soreness_days if pain.kind is Complaint.SORENESS else -1
        return (self.day - pain.day).days > rests

    def _left(self, level: Level) -> int:
        """Return how many repetitions the daily cap of `level` still leaves."""
        return max(level.cap - max(self.history.prompted_on(self.day), self.lately), 0)

    def _conflict(self, level: Level, day: date) -> str | None:
        """Return what speaks against practising `level` on `day`, given what was done."""
        days = self.history.practised()
        week = {done for done in days if day - _WEEK < done < day}
        if len(week | self._days_within(6 * _DAY_AND_NIGHT, day)) >= level.sessions_per_week.high:
            return "week_full"
        if day in days:
            return "done_today"
        rest = {level.name: level.rest_days for level in self.levels}
        # After a level that is not known any more, the longest rest.
        longest = max(rest.values())
        rested = not any(
            0 < (day - session.day).days <= rest.get(session.level, longest)
            or self._is_within(rest.get(session.level, longest) * _DAY_AND_NIGHT, session, day)
            for session in self.history.sessions
            if session.prompted
        )
        if not rested or (self.prescription and not self.prescription.allows(day)):
            return "rest_day"
        return None

    def _is_within(self, hours: timedelta, session: PastSession, day: date) -> bool:
        """Tell whether `session` was less than so long ago, if `day` is today."""
        if self.moment is None or session.began is None or day != self.day:
            return False
        return abs(self.moment - session.began) < hours

    def _days_within(self, hours: timedelta, day: date) -> set[date]:
        """Return the days but today on which a session was less than so long ago."""
        return {
            session.day
            for session in self.history.sessions
            if session.prompted and session.day != day and self._is_within(hours, session, day)
        }

    def _days_until_free(self, level: Level) -> int:
        for ahead in range(1, _FURTHEST):
            if self._conflict(level, self.day + timedelta(days=ahead)) is None:
                return ahead
        return _FURTHEST

    # -- the answer ---------------------------------------------------------------------------

    def answer(self, position: int) -> Plan | Refusal:
        """Return the answer to a wish to practise the level at `position`."""
        level = self.levels[position]
        blocks = self.findings.verdict().blocks
        held = "blocked" if blocks else self._held()
        if held:
            reasons = tuple(Line(f"block.{name}") for name in blocks)
            return replace(self._refusal(held, level), reasons=reasons)
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
