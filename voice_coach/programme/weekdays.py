"""The days of the week by their names."""

from typing import Final, Literal, TypeAlias, get_args

Weekday: TypeAlias = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]
WEEK: Final[tuple[Weekday, ...]] = get_args(Weekday)
"""From Monday on, as ``date.weekday`` counts."""
