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
from voice_coach.programme.screening import Findings
from voice_coach.programme.tally import Tally
from voice_coach.reports.day_marks import WeekDone, adherence, weeks
from voice_coach.reports.heels_apart import hint
from voice_coach.reports.words import ENGLISH, Language

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
    is how many weeks back it looks, and `words` are those of the reader's language.
    """

    person: str | None
    day: date
    most: int
    sessions: Sequence[Session]
    history: History
    levels: Mapping[str, Level]
    findings: Findings
    prescription: Prescription | None = None
    words: Language = ENGLISH

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
    paper, words = report.prescription, report.words
    if paper is None:
        return str(words.figures.no_prescription)
    level = words.levels[paper.level]
    text = words.figures.prescription
    return str(text.format(by=paper.signed_by, until=paper.valid_until, level=level))


def in_short(report: Report) -> list[str]:
    """Return the figures of the page."""
    words = report.words.figures
    done, asked = adherence(report.weeks, report.day)
    recent = report.recent
    tally = sum((session.tally for session in recent), Tally())
    listened = tally.prompted - tally.unsure - tally.told
    lines = [
        words.sessions.format(
            n=len(recent), completed=sum(session.reason == "completed" for session in recent)
        ),
        words.weeks.format(done=done, asked=asked, share=_share(done, asked)),
        words.drops.format(
            prompted=tally.prompted, heard=tally.heard, share=_share(tally.heard, listened)
        ),
    ]
    if tally.unsure or tally.told:
        lines.append(words.left_open.format(unsure=tally.unsure, told=tally.told))
    felt = [
        remark.feeling
        for remark in report.history.remarks
        if isinstance(remark, Felt)
        and remark.day >= report.first
        and remark.feeling is not Feeling.SILENCE
    ]
    if felt:
        names = report.words.feelings
        counts = ", ".join(f"{felt.count(f)} {names[f]}" for f in Feeling if f in felt)
        lines.append(words.felt.format(counts=counts))
    apart = hint((each for session in recent for each in session.repetitions), report.words)
    if apart:
        lines.append(apart)
    faults = sum(len(session.faults) for session in recent)
    if faults:
        lines.append(words.faults.format(n=faults))
    return lines


def _share(part: int, whole: int) -> str:
    return f" ({part / whole:.0%})" if whole else ""


def screening(report: Report) -> list[str]:
    """Return who approved, and what the screening found."""
    found, words = report.findings, report.words.screening
    lines = [words.last.format(day=found.screened) if found.screened else words.none]
    paper = report.prescription
    if paper and paper.approved:
        lines.append(words.approved_on_paper.format(by=paper.signed_by, day=paper.signed_on))
    approvals = [remark for remark in report.history.remarks if isinstance(remark, Approved)]
    for remark in approvals[: -APPROVALS - 1 : -1]:
        note = textwrap.shorten(remark.note, 2 * WIDE, placeholder=" ...")
        ends = f": {note}" if note else "."
        lines.append(words.approved.format(by=remark.by, day=remark.day, note=ends))
    for question in load_questions():
        told = found.answers.get(question.name)
        if told and not question.lets_go_on(told.answer):
            is_lifted = question.name in found.latest.lifted
            lines.append(
                words.answer.format(
                    matter=report.words.matters[question.name],
                    answer=report.words.answers[told.answer],
                    day=told.day,
                    means=words.means["approved" if is_lifted else question.otherwise],
                )
            )
    return lines


def complaints(history: History, since: date, words: Language = ENGLISH) -> list[str]:
    """Return what was complained of from `since` on, the latest first, and when it settled."""
    lines = []
    for place, remark in enumerate(history.remarks):
        if isinstance(remark, Hurt):
            what = words.complaints[remark.complaint]
        elif isinstance(remark, Felt) and remark.feeling in {Feeling.SORE, Feeling.PAIN}:
            what = words.complaints[f"after_{remark.feeling}"]
        else:
            continue
        if remark.day >= since:
            after = (later for later in history.remarks[place:] if isinstance(later, Settled))
            settled = next(after, None)
            if not (isinstance(remark, Hurt) and remark.complaint is Complaint.FALL):
                text = words.complaints["settled" if settled else "open"]
                what = text.format(what=what, day=settled.day if settled else None)
            lines.append(f"{remark.day}  {what}")
    return lines[::-1]


def overrides(sessions: Sequence[Session], words: Language = ENGLISH) -> list[str]:
    """Return the refusals that were set aside by "start anyway", the latest first."""
    lines = []
    for session in sessions:
        if session.overrode:
            why = words.overrides.get(session.overrode.removeprefix("refused."), session.overrode)
            drops = words.overrides.drops
            count = words.count(drops, len(session.repetitions), why=why)
            lines.append(f"{session.started:%Y-%m-%d}  {count}")
    return lines[::-1]


def fitted(lines: Sequence[str], most: int = MOST, words: Language = ENGLISH) -> list[str]:
    """Return `lines` wrapped to a column, and counted where there are too many."""
    wrapped = [
        textwrap.wrap(line, WIDE, subsequent_indent="   ", break_on_hyphens=False) for line in lines
    ]
    shown: list[str] = []
    for number, line in enumerate(wrapped):
        rest = len(wrapped) - number
        if len(shown) + len(line) > most - (rest > 1):
            return [*shown, words.figures.more.format(n=rest)]
        shown += line
    return shown
