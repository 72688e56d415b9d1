"""Words as data: one file a language in a folder, English where another has none.

``{name}`` in a text is filled in by whoever shows it. A text that depends on a number is a table
of ``one`` and ``other``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from voice_coach.errors import UserError

FIRST: Final = "en"
"""The language that has everything."""


class Texts:
    """Texts of a table, to be had as attributes or items; KeyError for one that there is not."""

    def __init__(self, content: Mapping[str, Any], name: str = "") -> None:
        self._content = content
        self._name = name

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        return self[key]

    def __getitem__(self, key: str) -> Any:
        if key not in self._content:
            raise KeyError(f"there is no text {self._name}{key}")
        found = self._content[key]
        if isinstance(found, Mapping) and "other" not in found:
            return Texts(found, f"{self._name}{key}.")
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._content

    def get(self, key: str, default: str = "") -> Any:
        """Return the text of `key`, or `default`."""
        return self[key] if key in self._content else default


class Language(Texts):
    """All texts of a language, and what it makes of numbers and days."""

    def count(self, text: str | Mapping[str, str], n: int, **more: object) -> str:
        """Return `text` for the number `n`."""
        if isinstance(text, Mapping):
            text = text["one"] if n == 1 and "one" in text else text["other"]
        return text.format(n=n, **more)

    def day(self, day: date) -> str:
        """Return a day with its weekday, such as "Saturday, 28 November 2026"."""
        return str(self["calendar"]["day"]).format(
            weekday=self.weekday(day), day=day.day, month=self.month(day), year=day.year
        )

    def short(self, day: date) -> str:
        """Return a day in few letters."""
        return str(self["calendar"]["short"]).format(
            day=day.day, month=str(self.month(day))[:3], year=day.year
        )

    def brief(self, day: date) -> str:
        """Return a day without its year."""
        return str(self["calendar"]["brief"]).format(day=day.day, month=str(self.month(day))[:3])

    def weekday(self, day: date) -> str:
        """Return the weekday of a day."""
        return str(self["calendar"]["weekdays"][day.weekday()])

    def month(self, day: date) -> str:
        """Return the month of a day."""
        return str(self["calendar"]["months"][day.month - 1])

    def time(self, moment: datetime) -> str:
        """Return the time of the day."""
        return f"{moment:%H:%M}"


@cache
def load(folder: Path, language: str) -> Language:
    """Return the texts of `language` in `folder`; English ones where there are no others."""
    there = language != FIRST and language.isalpha() and (folder / f"{language}.toml").is_file()
    return Language(_over(_read(folder, FIRST), _read(folder, language) if there else {}))


def languages(folder: Path) -> tuple[str, ...]:
    """Return the languages that have texts in `folder`."""
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


def missing(folder: Path, language: str) -> tuple[str, ...]:
    """Return the texts that `language` lacks, and those that it has and English has not."""
    wanted, there = dict(_flat(_read(folder, FIRST))), dict(_flat(_read(folder, language)))
    return tuple(sorted(wanted.keys() ^ there.keys()))


def _read(folder: Path, language: str) -> dict[str, Any]:
    file = folder / f"{language}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"The texts {file} cannot be read: {error}.") from error


def _over(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return `first` with what `second` has in its place."""
    return {
        key: _over(value, second[key])
        if isinstance(value, Mapping) and isinstance(second.get(key), Mapping)
        else second.get(key, value)
        for key, value in first.items()
    }


def _flat(content: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value
