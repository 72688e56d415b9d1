"""The script: the lines of each cue, in the words of a language.

The cues and the values that their slots may take are listed once for all languages in
`cues.toml`; the words are in `scripts/<language>.toml`. Everything is checked when a
script is loaded, so that nothing can be missing in the middle of a session, and
:meth:`Script.every_line` can list all that will ever be said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any

from voice_coach.errors import UserError
from voice_coach.speaking.script_file import Choice, Cue, Words, convert, fields, read, values_of

CUES = Path(__file__).with_name("cues.toml")
"""Every cue there is, with its slots and the tone that stands in for it."""

SCRIPTS = Path(__file__).with_name("scripts")
"""The folder of the shipped scripts, one a language."""

FIRST = "en"
"""The language that has words for every cue."""

OWN = ("people", "cautions")
"""Words of `cues.toml` in whose place each household has values of its own."""

_NO_VALUES: Mapping[str, Sequence[str]] = MappingProxyType({})

TONE_PREFIX = "tone."
"""Cues of this prefix name a tone and have no words."""


class Script:
    """The words of every cue in one language."""

    def __init__(
        self,
        words: Mapping[str, Any],
        cues: Mapping[str, Any],
        *,
        name: str,
        values: Mapping[str, Sequence[str]] = _NO_VALUES,
        instead: Mapping[str, Any] | None = None,
    ) -> None:
        """Check the decoded tables `words` and `cues`; `name` stands for them in errors.

        `instead` has the words of another language, for what `words` lacks or has a mistake in.

        `values` are those of slots that each household fills with its own, such as the names
        of its people, by the word that stands for them in `cues`.

        Raises
        ------
        UserError
            When a cue has no words, a slot is unknown, or a value of a slot has no words.
        """
        self._name = name
        texts = convert(words, Words, name)
        self.language = texts.language
        self.default_voice = texts.voice
        self.natural_voice = texts.natural
        self._numbers = texts.numbers.split()
        self._lines = texts.cues
        listed = convert(cues, dict[str, Cue], "cues.toml")
        self._tones = {cue: entry.tone for cue, entry in listed.items()}
        self._slots = {
            cue: {slot: values_of(spec, cue, values) for slot, spec in entry.slots.items()}
            for cue, entry in listed.items()
        }
        self._own_slots = {
            cue: {slot: spec for slot, spec in entry.slots.items() if spec in OWN}
            for cue, entry in listed.items()
        }
        self.foreign: tuple[str, ...] = ()
        """The cues that are said in another language."""
        if instead is not None:
            self._fill_in(convert(instead, Words, name).cues)
        self._check()

    @classmethod
    def load(
        cls, language: str = "en", folder: Path = SCRIPTS, /, **values: Sequence[str]
    ) -> "Script":
        """Return the script of `language` in `folder`, by default that of the shipped ones.

        What a shipped language lacks, or says wrongly, is said in English; `missing` lists it.
        `values` are the household's own: `people`, the names of those who have plans, and
        `cautions`, the sentences of their prescriptions.
        """
        path = folder / f"{language}.toml"
        if not (language.isalpha() and path.is_file()):
            known = ", ".join(sorted(file.stem for file in folder.glob("*.toml")))
            raise UserError(f"There is no script for the language {language!r}; choose {known}.")
        values = {**dict.fromkeys(OWN, ()), **values}
        is_first = folder != SCRIPTS or language == FIRST
        instead = None if is_first else read(folder / f"{FIRST}.toml")
        return cls(read(path), read(CUES), name=path.name, values=values, instead=instead)

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
        found: dict[str, list[str]] = {own: [] for own in OWN}
        for cue, lines in self._lines.items():
            for line in lines:
                for own in {self._own_slots[cue].get(slot) for slot in fields(line)} - {None}:
                    found[str(own)] += self._in_all_values(line, cue)
        return {own: tuple(lines) for own, lines in found.items()}

    def _every_line(self) -> Iterator[str]:
        for cue, lines in self._lines.items():
            for line in lines:
                yield from self._in_all_values(line, cue)

    def _in_all_values(self, line: str | Choice, cue: str) -> Iterator[str]:
        """Yield `line` with every value of its slots."""
        # Only the slots that the line itself uses: a briefing of three slots does not become a
        # thousand lines.
        used = {slot: self._slots[cue][slot] for slot in fields(line)}
        for values in product(*used.values()):
            yield self._say(line, dict(zip(used, values, strict=True)), cue)

    def _say(self, line: str | Choice, slots: Mapping[str, str], cue: str) -> str:
        if isinstance(line, Choice):
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
            self._check_cue(cue, lines)
        for text in self._every_line():
            if not text.strip():
                raise UserError(f"The script {self._name} has an empty line.")

    def _fill_in(self, instead: Mapping[str, list[str | Choice]]) -> None:
        """Take the words of `instead` where there are none, or some that will not do."""
        foreign = []
        own, self._lines = self._lines, {}
        for cue, lines in instead.items():
            try:
                self._check_cue(cue, own.get(cue, []))
            except (UserError, KeyError):
                foreign.append(cue)
            self._lines[cue] = lines if cue in foreign else own[cue]
        self.foreign = tuple(foreign)

    def _check_cue(self, cue: str, lines: Sequence[str | Choice]) -> None:
        if not lines:
            raise UserError(f"The script {self._name} has no words for the cue {cue!r}.")
        for line in lines:
            self._check_line(line, cue)

    def _check_line(self, line: str | Choice, cue: str) -> None:
        known = self._slots[cue]
        try:
            used = fields(line)
        except ValueError as error:
            raise UserError(f"The script {self._name}, cue {cue!r}: {error}.") from error
        if unknown := [slot for slot in used if slot not in known]:
            raise UserError(
                f"The script {self._name} uses the unknown slot {unknown[0]!r} in the cue {cue!r}."
            )
        if isinstance(line, Choice):
            strange = [value for value in line.is_ if value not in known[line.by]]
            if strange:
                raise UserError(
                    f"The script {self._name}, cue {cue!r}: {line.by} is never {strange[0]!r}."
                )


def languages() -> tuple[str, ...]:
    """Return the languages that have a script."""
    return tuple(sorted(file.stem for file in SCRIPTS.glob("*.toml")))


def missing(language: str) -> tuple[str, ...]:
    """Return the cues that the script of `language` has no words for, or none that will do."""
    return tuple(sorted(Script.load(language, SCRIPTS).foreign))


def line_name(text: str) -> str:
    """Return the name, without suffix, of the recording of the line `text`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")


class _NoWord(str):
    """Stands for a number without a word; complains when it is put into a text."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        raise UserError(str(self))
