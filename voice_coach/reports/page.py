"""The page for the therapist: what was done, heard and told of, on one sheet of A4."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from voice_coach.reports.day_marks import WeekDone
from voice_coach.reports.page_text import (
    MOST_OF_SCREENING,
    Report,
    complaints,
    fitted,
    in_short,
    overrides,
    prescribed,
    screening,
)
from voice_coach.reports.picture_files import save

A4: Final = (8.27, 11.69)
"""Width and height in inches."""

HEARD: Final = (
    ("good", "#00635d"),
    ("soft", "#8fd0c8"),
    ("hard", "#b0563b"),
    ("not_heard", "#cccccc"),
)


def draw(report: Report, file: Path) -> None:
    """Draw the page into `file`; UserError where it cannot be written."""
    save(page(report), file)


def page(report: Report) -> Figure:
    """Return the page."""
    figure = Figure(figsize=A4)
    words, own = report.words, report.words.page
    whose = f" - {report.person.title()}" if report.person else ""
    figure.text(0.07, 0.96, f"{own.title}{whose}", fontsize=17, weight="bold")
    span = own.span.format(first=report.first, day=report.day, prescribed=prescribed(report))
    figure.text(0.07, 0.94, span, fontsize=9)
    _adherence(figure.add_axes((0.13, 0.75, 0.33, 0.14)), report)
    _landings(figure.add_axes((0.58, 0.75, 0.36, 0.14)), report)
    _levels(figure.add_axes((0.13, 0.54, 0.33, 0.13)), report)
    _loudness(figure.add_axes((0.58, 0.54, 0.36, 0.13)), report)
    left = (
        (own.short, fitted(in_short(report), words=words)),
        (own.screening, fitted(screening(report), MOST_OF_SCREENING, words)),
    )
    told = complaints(report.history, report.first, words)
    overrode = overrides(report.recent, words)
    right = (
        (own.complaints, fitted(told or [own.no_complaints], words=words)),
        (own.overrides, fitted(overrode or [own.no_overrides], words=words)),
    )
    _column(figure, 0.07, left)
    _column(figure, 0.53, right)
    figure.text(
        0.07,
        0.03,
        own.foot,
        fontsize=7.5,
        color="#555555",
    )
    return figure


# -- pictures ------------------------------------------------------------------------------


def _adherence(axis: Axes, report: Report) -> None:
    done = report.weeks
    axis.set_title(report.words.page.days, fontsize=10, loc="left")
    axis.bar(_mondays(done), [week.practised for week in done], 5, color="#00635d")
    for week in done:
        middle = week.first.toordinal()
        axis.plot([middle - 2.5, middle + 2.5], [week.asked] * 2, color="#b0563b", linewidth=1.5)
    axis.set_ylim(0, 7.2)
    axis.set_yticks(range(0, 8, 2))
    _dates(axis, report)


def _landings(axis: Axes, report: Report) -> None:
    done = report.weeks
    axis.set_title(report.words.page.drops, fontsize=10, loc="left")
    below = [0] * len(done)
    for name, colour in HEARD:
        counts = [int(getattr(week.tally, name)) for week in done]
        label = report.words.page.heard[name]
        axis.bar(_mondays(done), counts, 5, bottom=below, color=colour, label=label)
        below = [low + count for low, count in zip(below, counts, strict=True)]
    axis.set_ylim(0, max([*below, 10]) * 1.3)
    axis.legend(fontsize=7, ncols=4, frameon=False, loc="upper center", columnspacing=1,
                handlelength=1)  # fmt: skip
    _dates(axis, report)


def _levels(axis: Axes, report: Report) -> None:
    axis.set_title(report.words.page.levels, fontsize=10, loc="left")
    names = list(report.levels)
    known = [s for s in report.recent if s.level in names]
    when = [session.started.toordinal() for session in known]
    axis.step(when, [names.index(s.level) for s in known], where="post", color="#00635d")
    axis.set_yticks(range(len(names)), [report.words.levels[n] for n in names], fontsize=8)
    axis.set_ylim(-0.5, len(names) - 0.5)
    drops = axis.twinx()
    drops.plot(
        when, [len(session.repetitions) for session in known], ".", color="#b0563b", markersize=4
    )
    drops.set_ylim(0, max([10, *(len(session.repetitions) for session in known)]) * 1.2)
    drops.tick_params(labelsize=7, colors="#b0563b")
    _dates(axis, report)
    drops.spines["top"].set_visible(False)


def _loudness(axis: Axes, report: Report) -> None:
    axis.set_title(report.words.page.loudness, fontsize=10, loc="left")
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
    axis.set_xticks(_mondays(shown), [report.words.brief(week.first) for week in shown])
    axis.tick_params(labelsize=7)
    axis.spines[["top", "right"]].set_visible(False)


def _mondays(done: Sequence[WeekDone]) -> list[int]:
    return [week.first.toordinal() for week in done]


def _column(figure: Figure, left: float, parts: Sequence[tuple[str, Sequence[str]]]) -> None:
    at = 0.475
    for title, lines in parts:
        figure.text(left, at, title, fontsize=11, weight="bold")
        at -= 0.02
        for line in lines:
            figure.text(left, at, line, fontsize=8.5)
            at -= 0.0152
        at -= 0.02
