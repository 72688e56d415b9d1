"""One recogniser model in memory, and the decoders made from it."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from voice_coach.errors import UserError
from voice_coach.hearing.commands.lean_vosk import vosk

COPY_MARK: Final = "~"
"""Stands between a word and the number of its copy, in the lexicon of a model that has copies."""
_AT_MOST: Final = {"beam": 10.0, "lattice-beam": 2.0, "max-active": 1000.0}
"""Search no wider than this, whatever the model's own settings say. These are sentences of a few
words: a wider search finds no better ones, but a lattice beam of 6 can take a hundred times as
long on speech that is none of them. The stock small models have 2 as well. Where the pairs of words
are the sentences, the right one is among the few: of 123 orders for coffee in kitchen noise, by the
voices kept for tuning, 100 were heard at a lattice beam of 2 and 20 paths, 101 at 4 and 50 as at 6
and 100; of 180 of the product's own phrases 171 and 172, for a third more time."""


class CommandModel:
    """A Vosk model; loading takes a moment and memory, so that one serves the whole program."""

    def __init__(self, model: vosk.Model, path: Path) -> None:
        self.vosk = model
        self.path = path
        self._copies: dict[str, int] = {}

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load the model in the folder `path`, or raise UserError."""
        vosk.SetLogLevel(-2)  # not even its warnings: they are no business of the user
        try:
            with _narrowed(path) as folder:
                return cls(vosk.Model(str(folder)), path)
        except Exception as error:  # vosk raises nothing more precise
            raise UserError(
                f"The recogniser model in {path} cannot be loaded; install it anew with "
                f"'voice-coach model install'."
            ) from error

    @property
    def name(self) -> str:
        """The folder's name, by which the settings know the model."""
        return self.path.name

    def knows(self, word: str) -> bool:
        """Whether the lexicon holds `word`, so that it can be listened for."""
        return bool(self.vosk.vosk_model_find_word(word) >= 0)

    def copy(self, word: str, number: int) -> str:
        """Return how the lexicon spells the copy `number` of `word`, or the last one it has.

        Most models have one of each word: the word itself.
        """
        if word not in self._copies:
            found = 1
            while self.knows(f"{word}{COPY_MARK}{found}"):
                found += 1
            self._copies[word] = found
        number = min(number, self._copies[word] - 1)
        return f"{word}{COPY_MARK}{number}" if number else word


@contextmanager
def _narrowed(path: Path) -> Iterator[Path]:
    """Yield a folder with the model in `path` and its settings held to `_AT_MOST`."""
    settings = path / "conf" / "model.conf"
    if not settings.is_file():  # an older layout, which holds its settings elsewhere
        yield path
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "conf").mkdir()
        for entry in path.iterdir():
            if entry.name != "conf":
                (folder / entry.name).symlink_to(entry.resolve())
        for entry in settings.parent.iterdir():
            text = entry.read_text(encoding="utf-8")
            narrow = entry == settings
            (folder / "conf" / entry.name).write_text(_hold(text) if narrow else text)
        yield folder


def _hold(settings: str) -> str:
    def held(found: re.Match[str]) -> str:
        name, value = found[1], float(found[2])
        return f"--{name}={min(value, _AT_MOST[name]):g}"

    names = "|".join(map(re.escape, _AT_MOST))
    return re.sub(rf"^--({names})=([\d.]+)", held, settings, flags=re.MULTILINE)
