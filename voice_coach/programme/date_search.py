"""Finding out by yes and no what day it is, where the machine's clock has forgotten it.

The likely days are asked for first, one after the other; then the month, the part of it, and the
day. Whoever answers truly is always understood in the end, whatever the clock says.
"""

from collections.abc import Generator, Sequence
from datetime import date, timedelta
from typing import Final

from voice_coach.programme.day import Line
from voice_coach.programme.weekdays import WEEK

_DAYS: Final = 7
_LATER: Final = (8, 15, 22, 29)
"""Days of the month at which a new part of it begins."""
_YEARS: Final = (0, 1, 2, -1, 3)
"""Years from the likely one, as they are tried: in so few no date has one weekday twice."""
_SLACK: Final = timedelta(days=31)
"""So much earlier than is believed a day may be, for somebody has erred before."""


class DateSearch:
    """Asks one question after the other until the day is known.

    Parameters
    ----------
    believed
        About which day it is, as far as that is known.
    likely
        The days to be asked for first; not empty.
    """

    def __init__(self, believed: date, likely: Sequence[date]) -> None:
        self._search = _search(believed, likely)
        self.found: date | None = None
        """The day, once it is known."""
        self.line: Line | None = next(self._search)
        """What is asked next; None once it is known, or nothing is left to ask."""

    def answer(self, yes: bool) -> None:
        """Take the answer to what was asked last."""
        try:
            self.line = self._search.send(yes)
        except StopIteration as end:
            self.line, self.found = None, end.value


def _search(believed: date, likely: Sequence[date]) -> Generator[Line, bool, date | None]:
    for day in likely:
        if (yield _is_it(day)):
            return day
    for ahead in range(12):
        month = (believed.month - 1 + ahead) % 12 + 1
        if (yield Line("ask.month", {"month": month})):
            break
    else:
        return None
    first = 1
    for later in _LATER:
        if not (yield Line("ask.later_in_month", {"day": later})):
            break
        first = later
    year = _year(believed, month, first)
    for away in _YEARS:
        for number in range(first, first + _DAYS):
            try:
                day = date(year + away, month, number)
            except ValueError:  # there is no such day in that year
                continue
            if day not in likely and (yield _is_it(day)):
                return day
    return None


def _year(believed: date, month: int, first: int) -> int:
    """Return the year in which the week from day `first` of `month` comes next."""
    earliest = believed - _SLACK
    last = min(first + _DAYS - 1, 28)
    return earliest.year if date(earliest.year, month, last) >= earliest else earliest.year + 1


def _is_it(day: date) -> Line:
    return Line("ask.date", {"weekday": WEEK[day.weekday()], "day": day.day, "month": day.month})
