"""The calendar: what each day was, as a picture of months."""

import calendar
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from voice_coach.reports.day_marks import Mark
from voice_coach.reports.picture_files import save
from voice_coach.reports.words import ENGLISH, Language

MONTHS: Final = 6
"""At most so many months are drawn, the latest ones."""

ACROSS: Final = 3

LOOKS: Final[Mapping[Mark, tuple[str, str, str]]] = {
    Mark.DONE: ("#00635d", "white", "✓"),
    Mark.PARTLY: ("#8fd0c8", "black", "½"),
    Mark.MISSED: ("white", "#555555", "–"),
    Mark.REST: ("#ececec", "#777777", ""),
    Mark.PAIN: ("#e8a33d", "black", "!"),
}
"""Of each mark: the day's colour, the colour of its text, and a sign for who sees no colours."""


def draw(days: Mapping[date, Mark], title: str, file: Path, words: Language = ENGLISH) -> None:
    """Draw the months of `days` into the picture `file`; UserError where it cannot be written."""
    save(picture(days, title, words), file)


def picture(days: Mapping[date, Mark], title: str, words: Language = ENGLISH) -> Figure:
    """Return the months of `days`, the latest ones, with a legend."""
    months = sorted({(day.year, day.month) for day in days})[-MONTHS:]
    rows = -(-len(months) // ACROSS)
    figure = Figure(figsize=(3.1 * ACROSS, 2.9 * rows + 1.3), layout="constrained")
    figure.suptitle(f"{title}\n", fontsize=15)
    axes = figure.subplots(rows, ACROSS, squeeze=False)
    for place, axis in enumerate(axes.flat):
        if place < len(months):
            _month(axis, *months[place], days, words)
        else:
            axis.set_axis_off()
    figure.legend(
        handles=[
            Rectangle((0, 0), 1, 1, facecolor=LOOKS[mark][0], edgecolor="#999999") for mark in Mark
        ],
        labels=[f"{words.calendar.marks[mark]} {LOOKS[mark][2]}".strip() for mark in Mark],
        loc="outside lower center",
        ncols=len(Mark),
        frameon=False,
        fontsize=12,
    )
    return figure


def _month(axis: Axes, year: int, month: int, days: Mapping[date, Mark], words: Language) -> None:
    axis.set_title(f"{words.month(date(year, month, 1))} {year}", fontsize=12)
    axis.set_xlim(0, 7)
    axis.set_ylim(6, -0.6)
    axis.set_aspect("equal")
    axis.set_axis_off()
    for column, name in enumerate(words.calendar.letters):
        axis.text(column + 0.5, -0.15, name, ha="center", va="center", color="#777777", fontsize=9)
    for row, week in enumerate(calendar.Calendar().monthdayscalendar(year, month)):
        for column, number in enumerate(week):
            if number:
                _day(axis, column, row, number, days.get(date(year, month, number)))


def _day(axis: Axes, column: int, row: int, number: int, mark: Mark | None) -> None:
    colour, ink, sign = LOOKS[mark] if mark else ("none", "#bbbbbb", "")
    axis.add_patch(
        Rectangle(
            (column + 0.05, row + 0.05),
            0.9,
            0.9,
            facecolor=colour,
            edgecolor="#999999" if mark else "none",
            linewidth=0.6,
        )
    )
    axis.text(column + 0.14, row + 0.3, str(number), ha="left", va="center", color=ink, fontsize=7)
    axis.text(column + 0.6, row + 0.62, sign, ha="center", va="center", color=ink, fontsize=10)
