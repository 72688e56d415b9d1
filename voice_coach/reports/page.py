"""The page for the therapist: what was done, heard and told of, on one sheet of A4."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from voice_coach.diary.records import Session
from voice_coach.programme.history import Approved, Felt, History, Hurt, Settled
from voice_coach.programme.ledger import Complaint, Feeling
from voice_coach.programme.levels import Level
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.questions import load_questions
from voice_coach.programme.screening import Findings, about
from voice_coach.reports.days import WeekDone, adherence, weeks
from voice_coach.reports.files import save

A4: Final = (8.27, 11.69)
"""Width and height in inches."""

WIDE: Final = 54
"""Characters of a line in one of the two columns of text."""

MOST: Final = 11
MOST_OF_SCREENING: Final = 16
"""Lines of a paragraph; what is beyond is counted."""

APPROVALS: Final = 2
"""At most so many approvals, the latest ones."""

HEARD: Final = (
    ("good", "#00635d"),
    ("soft", "#8fd0c8"),
    ("hard", "#b0563b"),
    ("not heard", "#cccccc"),
)


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
        about = [s for s in self.sessions if s.prompted and s.started.date() >= self.first]
        return sorted(about, key=lambda session: session.started)


def draw(report: Report, file: Path) -> None:
    """Draw the page into `file`; UserError where it cannot be written."""
    save(page(report), file)


def page(report: Report) -> Figure:
    """Return the page."""
    figure = Figure(figsize=A4)
    whose = f" - {report.person.title()}" if report.person else ""
    figure.text(0.07, 0.96, f"Heel drops at home{whose}", fontsize=17, weight="bold")
    figure.text(0.07, 0.94, f"{report.first} to {report.day}. {_prescribed(report)}", fontsize=9)
    _adherence(figure.add_axes((0.13, 0.75, 0.33, 0.14)), report)
    _landings(figure.add_axes((0.58, 0.75, 0.36, 0.14)), report)
    _levels(figure.add_axes((0.13, 0.54, 0.33, 0.13)), report)
    _loudness(figure.add_axes((0.58, 0.54, 0.36, 0.13)), report)
    left = (
        ("In short", fitted(in_short(report))),
        ("Screening and approvals", fitted(screening(report), MOST_OF_SCREENING)),
    )
    right = (
        ("Pain and other complaints", fitted(complaints(report))),
        ("Overrides", fitted(overrides(report))),
    )
    _column(figure, 0.07, left)
    _column(figure, 0.53, right)
    figure.text(
        0.07,
        0.03,
        "Counted by a microphone in the room: a drop that was not heard may have been done. How "
        "loud a landing is says little of its force.\nLoudness is relative to the person's own "
        "calibration. Not a medical device; this page is no diagnosis.",
        fontsize=7.5,
        color="#555555",
    )
    return figure


# -- pictures ------------------------------------------------------------------------------


def _adherence(axis: Axes, report: Report) -> None:
    done = report.weeks
    axis.set_title("Days of practice (line: asked for)", fontsize=10, loc="left")
    axis.bar(_mondays(done), [week.practised for week in done], 5, color="#00635d")
    for week in done:
        middle = week.first.toordinal()
        axis.plot([middle - 2.5, middle + 2.5], [week.asked] * 2, color="#b0563b", linewidth=1.5)
    axis.set_ylim(0, 7.2)
    axis.set_yticks(range(0, 8, 2))
    _dates(axis, report)


def _landings(axis: Axes, report: Report) -> None:
    done = report.weeks
    axis.set_title("Drops each week, as they were heard", fontsize=10, loc="left")
    below = [0] * len(done)
    for name, colour in HEARD:
        counts = [int(getattr(week, name.replace(" ", "_"))) for week in done]
        axis.bar(_mondays(done), counts, 5, bottom=below, color=colour, label=name)
        below = [low + count for low, count in zip(below, counts, strict=True)]
    axis.set_ylim(0, max([*below, 10]) * 1.3)
    axis.legend(fontsize=7, ncols=4, frameon=False, loc="upper center", columnspacing=1,
                handlelength=1)  # fmt: skip
    _dates(axis, report)


def _levels(axis: Axes, report: Report) -> None:
    axis.set_title("Level (line) and drops of a session (dots)", fontsize=10, loc="left")
    names = list(report.levels)
    known = [s for s in report.recent if s.level in names]
    when = [session.started.toordinal() for session in known]
    axis.step(when, [names.index(s.level) for s in known], where="post", color="#00635d")
    axis.set_yticks(range(len(names)), names, fontsize=8)
    axis.set_ylim(-0.5, len(names) - 0.5)
    drops = axis.twinx()
    drops.plot(when, [session.prompted for session in known], ".", color="#b0563b", markersize=4)
    drops.set_ylim(0, max([10, *(session.prompted for session in known)]) * 1.2)
    drops.tick_params(labelsize=7, colors="#b0563b")
    _dates(axis, report)
    drops.spines["top"].set_visible(False)


def _loudness(axis: Axes, report: Report) -> None:
    axis.set_title("Loudness, dB (median of a session)", fontsize=10, loc="left")
    heard = [(s.started.toordinal(), s.level_db) for s in report.recent if s.level_db is not None]
    axis.axhline(0, color="#999999", linewidth=0.8)
    axis.plot([day for day, _ in heard], [db for _, db in heard], ".-", color="#00635d",
              linewidth=0.8, markersize=5)  # fmt: skip
    most = max([10.0, *(abs(db) + 2 for _, db in heard)])
    axis.set_ylim(-most, most)
    _dates(axis, report)


def _dates(axis: Axes, report: Report) -> None:
    done = report.weeks
    axis.set_xlim(report.first.toordinal() - 4, report.day.toordinal() + 4)
    shown = done[:: -(-len(done) // 6) or 1]
    axis.set_xticks(_mondays(shown), [f"{week.first:%d %b}" for week in shown])
    axis.tick_params(labelsize=7)
    axis.spines[["top", "right"]].set_visible(False)


def _mondays(done: Sequence[WeekDone]) -> list[int]:
    return [week.first.toordinal() for week in done]


# -- words ---------------------------------------------------------------------------------


def _prescribed(report: Report) -> str:
    paper = report.prescription
    if paper is None:
        return "No prescription."
    until = f"valid until {paper.valid_until}"
    return f"Prescription of {paper.signed_by}, {until}, up to {paper.level} level."


def in_short(report: Report) -> list[str]:
    """Return the figures of the page."""
    done, asked = adherence(report.weeks, report.day)
    recent = report.recent
    prompted = sum(session.prompted for session in recent)
    heard = sum(session.heard for session in recent)
    lines = [
        f"Sessions: {len(recent)} "
        f"({sum(session.reason == 'completed' for session in recent)} completed).",
        f"Whole weeks: {done} days of practice of {asked} asked for"
        + (f" ({done / asked:.0%})." if asked else "."),
        f"Drops asked for: {prompted}; heard: {heard}"
        + (f" ({heard / prompted:.0%})." if prompted else "."),
    ]
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


def complaints(report: Report) -> list[str]:
    """Return what was complained of, the latest first, and when it settled."""
    remarks = report.history.remarks
    lines = []
    for place, remark in enumerate(remarks):
        if isinstance(remark, Hurt):
            what = remark.complaint.replace("_", " ")
        elif isinstance(remark, Felt) and remark.feeling in {Feeling.SORE, Feeling.PAIN}:
            what = f"{'soreness' if remark.feeling is Feeling.SORE else 'pain'} after a set"
        else:
            continue
        after = (r for r in remarks[place:] if isinstance(r, Settled))
        settled = next(after, None)
        ends = f"settled {settled.day}" if settled else "not settled"
        fall = isinstance(remark, Hurt) and remark.complaint is Complaint.FALL
        if remark.day >= report.first:
            lines.append(f"{remark.day}  {what}" + ("" if fall else f", {ends}"))
    return lines[::-1] or ["None was told of."]


def overrides(report: Report) -> list[str]:
    """Return the refusals that were set aside by "start anyway", the latest first."""
    lines = [
        f"{session.started:%Y-%m-%d}  "
        f"{session.overrode.removeprefix('refused.').replace('_', ' ')}, "
        f"{session.prompted} drops"
        for session in report.recent
        if session.overrode
    ]
    return lines[::-1] or ["None."]


def _column(figure: Figure, left: float, parts: Sequence[tuple[str, Sequence[str]]]) -> None:
    at = 0.475
    for title, lines in parts:
        figure.text(left, at, title, fontsize=11, weight="bold")
        at -= 0.02
        for line in lines:
            figure.text(left, at, line, fontsize=8.5)
            at -= 0.0152
        at -= 0.02


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
