"""The words of the therapist's page: short lines, without anything that draws."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from voice_coach.diary.records import Session
from voice_coach.programme.history import Approved, Felt, History, Hurt, Settled
from voice_coach.programme.ledger import Complaint, Feeling
from voice_coach.programme.levels import Level
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.questions import load_questions
from voice_coach.programme.screening import Findings, about
from voice_coach.programme.tally import Tally
from voice_coach.reports.day_marks import WeekDone, adherence, weeks
from voice_coach.reports.heels_apart import hint

WIDE: Final = 54
"""Characters of a line in one of the two columns of text."""

MOST: Final = 11
MOST_OF_SCREENING: Final = 16
"""Lines of the paragraph; of the others only their number is told."""

APPROVALS: Final = 2
"""At most so many approvals, the latest ones."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page tells.

    `levels` are narrowed by the prescription; `findings` is where the screening stands; `most`
    is how many weeks back it looks.
    """

    person: str | None
    day: date
    most: int
    sessions: Sequence[Session]
    history: History
    levels: Mapping[str, Level]
    findings: Findings
    prescription: Prescription | None = None

    @property
    def weeks(self) -> tuple[WeekDone, ...]:
        """The weeks that it is about."""
        return weeks(self.sessions, self.levels, self.day, self.most)

    @property
    def first(self) -> date:
        """The first day that it is about."""
        done = self.weeks
        return done[0].first if done else self.day

    @property
    def recent(self) -> list[Session]:
        """The sessions that it is about, without those in which nothing was asked for."""
        about = [s for s in self.sessions if s.repetitions and s.started.date() >= self.first]
        return sorted(about, key=lambda session: session.started)


def prescribed(report: Report) -> str:
    """Return whose prescription holds, until when, and up to which level."""
    paper = report.prescription
    if paper is None:
        return "No prescription."
    until = f"valid until {paper.valid_until}"
    return f"Prescription of {paper.signed_by}, {until}, up to {paper.level} level."


def in_short(report: Report) -> list[str]:
    """Return the figures of the page."""
    done, asked = adherence(report.weeks, report.day)
    recent = report.recent
    tally = sum((session.tally for session in recent), Tally())
    listened = tally.prompted - tally.unsure - tally.told
    lines = [
        f"Sessions: {len(recent)} "
        f"({sum(session.reason == 'completed' for session in recent)} completed).",
        f"Whole weeks: {done} days of practice of {asked} asked for"
        + (f" ({done / asked:.0%})." if asked else "."),
        f"Drops asked for: {tally.prompted}; heard: {tally.heard}"
        + (f" ({tally.heard / listened:.0%})." if listened else "."),
    ]
    if tally.unsure or tally.told:
        lines.append(f"Left open: {tally.unsure}; counted by voice: {tally.told}.")
    felt = [
        remark.feeling
        for remark in report.history.remarks
        if isinstance(remark, Felt)
        and remark.day >= report.first
        and remark.feeling is not Feeling.SILENCE
    ]
    if felt:
        counts = ", ".join(f"{felt.count(f)} {f}" for f in Feeling if f in felt)
        lines.append(f"How sets felt: {counts}.")
    apart = hint(each for session in recent for each in session.repetitions)
    if apart:
        lines.append(apart)
    faults = sum(len(session.faults) for session in recent)
    if faults:
        lines.append(f"Faults of the device during sessions: {faults}.")
    return lines


def screening(report: Report) -> list[str]:
    """Return who approved, and what the screening found."""
    found = report.findings
    lines = [f"Last whole screening: {found.screened}." if found.screened else "Not screened yet."]
    paper = report.prescription
    if paper and paper.approved:
        lines.append(f"Approved in the prescription of {paper.signed_by}, {paper.signed_on}.")
    approvals = [remark for remark in report.history.remarks if isinstance(remark, Approved)]
    for remark in approvals[: -APPROVALS - 1 : -1]:
        note = textwrap.shorten(remark.note, 2 * WIDE, placeholder=" ...")
        lines.append(f"Approved by {remark.by} on {remark.day}" + (f": {note}" if note else "."))
    for question in load_questions():
        told = found.answers.get(question.name)
        if told and not question.lets_go_on(told.answer):
            means = {"block": "blocks", "advise": "advised to ask"}[question.otherwise]
            if question.name in found.latest.lifted:
                means = "approved"
            lines.append(f"- {about(question.name)}: {told.answer} ({told.day}, {means})")
    return lines


def complaints(history: History, since: date) -> list[str]:
    """Return what was complained of from `since` on, the latest first, and when it settled."""
    lines = []
    for place, remark in enumerate(history.remarks):
        if isinstance(remark, Hurt):
            what = remark.complaint.replace("_", " ")
        elif isinstance(remark, Felt) and remark.feeling in {Feeling.SORE, Feeling.PAIN}:
            what = f"{'soreness' if remark.feeling is Feeling.SORE else 'pain'} after a set"
        else:
            continue
        if remark.day >= since:
            after = (later for later in history.remarks[place:] if isinstance(later, Settled))
            settled = next(after, None)
            ends = f", settled {settled.day}" if settled else ", not settled"
            fall = isinstance(remark, Hurt) and remark.complaint is Complaint.FALL
            lines.append(f"{remark.day}  {what}{'' if fall else ends}")
    return lines[::-1]


def overrides(sessions: Sequence[Session]) -> list[str]:
    """Return the refusals that were set aside by "start anyway", the latest first."""
    lines = [
        f"{session.started:%Y-%m-%d}  "
        f"{session.overrode.removeprefix('refused.').replace('_', ' ')}, "
        f"{len(session.repetitions)} drop{'' if len(session.repetitions) == 1 else 's'}"
        for session in sessions
        if session.overrode
    ]
    return lines[::-1]


def fitted(lines: Sequence[str], most: int = MOST) -> list[str]:
    """Return `lines` wrapped to a column, and counted where there are too many."""
    wrapped = [
        textwrap.wrap(line, WIDE, subsequent_indent="   ", break_on_hyphens=False) for line in lines
    ]
    shown: list[str] = []
    for number, line in enumerate(wrapped):
        rest = len(wrapped) - number
        if len(shown) + len(line) > most - (rest > 1):
            return [*shown, f"... and {rest} more"]
        shown += line
    return shown
