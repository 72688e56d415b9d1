"""The script: the lines of each cue, in the words of a language.

The cues and the values that their slots may take are listed once for all languages in
`cues.toml`; the words are in `scripts/<language>.toml`. Everything is checked when a
script is loaded, so that nothing can be missing in the middle of a session, and
:meth:`Script.every_line` can list all that will ever be said.
"""

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from voice_coach.errors import UserError

CUES = Path(__file__).with_name("cues.toml")
"""Every cue there is, with its slots and the tone that stands in for it."""

SCRIPTS = Path(__file__).with_name("scripts")
"""The folder of the shipped scripts, one a language."""

FIRST = "en"
"""The language that has words for every cue."""

_T = TypeVar("_T")

_OWN = ("people", "cautions")
"""Words of `cues.toml` in whose place each household has values of its own."""

_NO_VALUES: Mapping[str, Sequence[str]] = MappingProxyType({})

TONE_PREFIX = "tone."
"""Cues of this prefix name a tone and have no words."""


class _Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `cues.toml`."""

    tone: str
    slots: dict[str, str | list[str | int]] = {}


class _Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line that depends on the value of one slot."""

    by: str
    is_: dict[str, str] = msgspec.field(name="is")
    other: str | None = None


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of `scripts/`."""

    language: str
    voice: str
    numbers: str
    cues: dict[str, list[str | _Choice]]
    natural: str | None = None


class Script:
    """The words of every cue in one language."""

    def __init__(
        self,
        words: Mapping[str, Any],
        cues: Mapping[str, Any],
        *,
        name: str,
        values: Mapping[str, Sequence[str]] = _NO_VALUES,
    ) -> None:
        """Check the decoded tables `words` and `cues`; `name` stands for them in errors.

        `values` are those of slots that each household fills with its own, such as the names
        of its people, by the word that stands for them in `cues`.

        Raises
        ------
        UserError
            When a cue has no words, a slot is unknown, or a value of a slot has no words.
        """
        self._name = name
        texts = _convert(words, _Words, name)
        self.language = texts.language
        self.default_voice = texts.voice
        self.natural_voice = texts.natural
        self._numbers = texts.numbers.split()
        self._lines = texts.cues
        listed = _convert(cues, dict[str, _Cue], "cues.toml")
        self._tones = {cue: entry.tone for cue, entry in listed.items()}
        self._slots = {
            cue: {slot: _values(spec, cue, values) for slot, spec in entry.slots.items()}
            for cue, entry in listed.items()
        }
        self._own_slots = {
            cue: {slot: spec for slot, spec in entry.slots.items() if spec in _OWN}
            for cue, entry in listed.items()
        }
        self._check()

    @classmethod
    def load(
        cls, language: str = "en", folder: Path = SCRIPTS, /, **values: Sequence[str]
    ) -> "Script":
        """Return the script of `language` in `folder`, by default that of the shipped ones.

        A cue that a shipped language lacks is said in English; `missing` lists them. `values` are
        the household's own: `people`, the names of those who have plans, and `cautions`, the
        sentences of their prescriptions.
        """
        path = folder / f"{language}.toml"
        if not (language.isalpha() and path.is_file()):
            known = ", ".join(sorted(file.stem for file in folder.glob("*.toml")))
            raise UserError(f"There is no script for the language {language!r}; choose {known}.")
        values = {**dict.fromkeys(_OWN, ()), **values}
        words = _read(path)
        if folder == SCRIPTS:
            words["cues"] = {**_read(SCRIPTS / f"{FIRST}.toml")["cues"], **words.get("cues", {})}
        return cls(words, _read(CUES), name=path.name, values=values)

    @property
    def cues(self) -> tuple[str, ...]:
        """Every cue that has words."""
        return tuple(self._slots)

    def slots(self, cue: str) -> Mapping[str, tuple[str, ...]]:
        """Return the values that each slot of `cue` may take, as text, in their order."""
        return self._slots[cue]

    def tone(self, cue: str) -> str:
        """Return the name of the tone that stands in for `cue` when speech fails."""
        return cue.removeprefix(TONE_PREFIX) if cue not in self._tones else self._tones[cue]

    def lines(self, cue: str, slots: Mapping[str, str | int]) -> tuple[str, ...]:
        """Return what is said for `cue`, one sentence or part of one each; none for a tone.

        Raises
        ------
        KeyError
            When the script has no such cue.
        UserError
            When a slot is missing, or has a value that the script has no words for.
        """
        if cue.startswith(TONE_PREFIX):
            return ()
        given = {slot: str(value) for slot, value in slots.items()}
        for slot, values in self._slots[cue].items():
            if given.get(slot) not in values:
                known = f"it goes from {values[0]} to {values[-1]}" if values else "it has none"
                raise UserError(
                    f"The script {self._name} has no words for {slot} {given.get(slot)!r} in the"
                    f" cue {cue!r}; {known}."
                )
        return tuple(self._say(line, given, cue) for line in self._lines[cue])

    def every_line(self) -> tuple[str, ...]:
        """Return all lines that can ever be said, each once, in the order of the script."""
        return tuple(dict.fromkeys(self._every_line()))

    def said_by(self) -> Mapping[str, tuple[str, ...]]:
        """Return all lines that can ever be said, with the cues that say them."""
        found: dict[str, dict[str, None]] = {}
        for cue, lines in self._lines.items():
            for line in lines:
                for text in self._in_all_values(line, cue):
                    found.setdefault(text, {})[cue] = None
        return {text: tuple(cues) for text, cues in found.items()}

    def own_lines(self) -> Mapping[str, tuple[str, ...]]:
        """Return the lines with words of the household in them, by what these words are.

        Two of them may make one sentence: "Anna, or Ben?"
        """
        found: dict[str, list[str]] = {own: [] for own in _OWN}
        for cue, lines in self._lines.items():
            for line in lines:
                for own in {self._own_slots[cue].get(slot) for slot in _fields(line)} - {None}:
                    found[str(own)] += self._in_all_values(line, cue)
        return {own: tuple(lines) for own, lines in found.items()}

    def _every_line(self) -> Iterator[str]:
        for cue, lines in self._lines.items():
            for line in lines:
                yield from self._in_all_values(line, cue)

    def _in_all_values(self, line: str | _Choice, cue: str) -> Iterator[str]:
        """Yield `line` with every value of its slots."""
        # Only the slots that the line itself uses: a briefing of three slots does not become a
        # thousand lines.
        used = {slot: self._slots[cue][slot] for slot in _fields(line)}
        for values in product(*used.values()):
            yield self._say(line, dict(zip(used, values, strict=True)), cue)

    def _say(self, line: str | _Choice, slots: Mapping[str, str], cue: str) -> str:
        if isinstance(line, _Choice):
            value = slots[line.by]
            template = line.is_.get(value, line.other)
            if template is None:
                raise UserError(
                    f"The script {self._name} has no words for {line.by} {value!r} in the cue"
                    f" {cue!r}; add them, or an 'other'."
                )
        else:
            template = line
        text = template.format_map({slot: self._word(slots[slot], cue) for slot in slots})
        return text[:1].upper() + text[1:]

    def _word(self, value: str, cue: str) -> str:
        if not value.isdecimal():
            return value
        if int(value) >= len(self._numbers):
            # Only an error where the word is used; a choice may have a text of its own.
            return _NoWord(f"The script {self._name} has no word for {value} in the cue {cue!r}.")
        return self._numbers[int(value)]

    def _check(self) -> None:
        if missing := [cue for cue in self._slots if cue not in self._lines]:
            raise UserError(f"The script {self._name} has no words for the cue {missing[0]!r}.")
        if extra := [cue for cue in self._lines if cue not in self._slots]:
            raise UserError(f"The script {self._name} has an unknown cue {extra[0]!r}.")
        for cue, lines in self._lines.items():
            if not lines:
                raise UserError(f"The script {self._name} has no words for the cue {cue!r}.")
            for line in lines:
                self._check_line(line, cue)
        for text in self._every_line():
            if not text.strip():
                raise UserError(f"The script {self._name} has an empty line.")

    def _check_line(self, line: str | _Choice, cue: str) -> None:
        known = self._slots[cue]
        try:
            fields = _fields(line)
        except ValueError as error:
            raise UserError(f"The script {self._name}, cue {cue!r}: {error}.") from error
        if unknown := [slot for slot in fields if slot not in known]:
            raise UserError(
                f"The script {self._name} uses the unknown slot {unknown[0]!r} in the cue {cue!r}."
            )
        if isinstance(line, _Choice):
            strange = [value for value in line.is_ if value not in known[line.by]]
            if strange:
                raise UserError(
                    f"The script {self._name}, cue {cue!r}: {line.by} is never {strange[0]!r}."
                )


def languages() -> tuple[str, ...]:
    """Return the languages that have a script."""
    return tuple(sorted(file.stem for file in SCRIPTS.glob("*.toml")))


def missing(language: str) -> tuple[str, ...]:
    """Return the cues that the script of `language` has no words for."""
    return tuple(sorted(_read(CUES).keys() - _read(SCRIPTS / f"{language}.toml")["cues"].keys()))


def line_name(text: str) -> str:
    """Return the name, without suffix, of the recording of the line `text`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")


class _NoWord(str):
    """Stands for a number without a word; complains when it is put into a text."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        raise UserError(str(self))


def _fields(line: str | _Choice) -> list[str]:
    """Return the names of the slots that `line` uses, each once."""
    if isinstance(line, _Choice):
        templates = [*line.is_.values(), *([line.other] if line.other is not None else [])]
        return list(
            dict.fromkeys([line.by, *(slot for text in templates for slot in _fields(text))])
        )
    return list(
        dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(line) if name is not None)
    )


def _values(
    spec: str | Sequence[str | int], cue: str, own: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Return the values of a slot as text: a list, a range such as `10..180 by 5`, or `own`."""
    if not isinstance(spec, str):
        return tuple(str(value) for value in spec)
    if spec in own:
        return tuple(own[spec])
    bounds, _, step = spec.partition(" by ")
    first, _, last = bounds.partition("..")
    try:
        return tuple(str(n) for n in range(int(first), int(last) + 1, int(step or 1)))
    except ValueError as error:
        raise UserError(
            f"cues.toml, cue {cue!r}: {spec!r} is not a range such as 1..30."
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise UserError(f"The script file {path} cannot be read: {error}.") from error


def _convert(table: Mapping[str, Any], into: type[_T], name: str) -> _T:
    try:
        return msgspec.convert(table, into)
    except msgspec.ValidationError as error:
        raise UserError(f"The script {name} is not in order: {error}.") from error
