"""Which recogniser models there are, and which of them to use on this machine."""

import hashlib
import logging
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from voice_coach import assets
from voice_coach.errors import UserError

_LOG = logging.getLogger(__name__)

ORIGIN: Final = "made-of.sha256"
"""In a copy that was taught more words: the digest of the shipped model that it was made of."""

_TELLING: Final = ("am/final.mdl", "graph/words.txt")
"""The files by which two versions of a model are told apart."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A Vosk model in a folder of its own."""

    name: str
    path: Path
    size: int
    """Bytes on disk."""
    shipped: bool
    """Whether it came with the product."""

    def digest(self) -> str:
        """Return a text that no other version of the model has."""
        files = [self.path / name for name in _TELLING]
        content = b"".join(file.read_bytes() for file in files if file.is_file())
        return hashlib.sha256(content).hexdigest()


def is_outdated(model: InstalledModel, models: Sequence[InstalledModel]) -> bool:
    """Whether `model` is a copy of one that does not ship any more: of `models`, none is it."""
    origin = model.path / ORIGIN
    if not origin.is_file():
        return False
    made_of = origin.read_text(encoding="utf-8").strip()
    return made_of not in {one.digest() for one in models if one.shipped}


def own_folder() -> Path:
    """Return the folder into which models are installed for this user."""
    return platformdirs.user_data_path("voice-coach") / "models"


def installed(places: Sequence[Path] | None = None) -> list[InstalledModel]:
    """Return the models in `places` (by default the shipped and the user's), shipped first.

    The first place is where those are that came with the product.
    """
    places = (assets.folder("models"), own_folder()) if places is None else places
    found: list[InstalledModel] = []
    for number, place in enumerate(places):
        if place.is_dir():
            found += [
                InstalledModel(folder.name, folder, _size(folder), number == 0)
                for folder in sorted(place.iterdir())
                if (folder / "am" / "final.mdl").is_file()
            ]
    return found


def choose(
    name: str | None = None,
    language: str = "en",
    *,
    places: Sequence[Path] | None = None,
) -> InstalledModel:
    """Return the model called `name`; without a name, the one for `language` that ships.

    Where that was taught more words, it is the copy that knows them, unless a newer model ships
    than it was made of. What somebody installed is used only by its name, or where nothing ships
    for the language.
    """
    models = installed(places)
    if name is not None:
        for model in models:
            if model.name == name:
                _LOG.info("recogniser model %s, as set", model.name)
                return model
        known = ", ".join(model.name for model in models) or "none"
        raise UserError(
            f"There is no recogniser model called {name!r} (installed: {known}); "
            f"install it with 'voice-coach model install {name}' or choose another."
        )
    spoken = [m for m in models if _speaks(m.name, language) and not is_outdated(m, models)]
    ours = [m for m in spoken if m.shipped or (m.path / ORIGIN).is_file()]
    # Words make a copy larger.
    chosen = max(ours or spoken, key=lambda model: model.size, default=None)
    if chosen is None:
        raise UserError(
            "There is no recogniser model to hear commands with; "
            "get one with 'voice-coach model install'."
        )
    _LOG.info("recogniser model %s, one of %d for this language", chosen.name, len(spoken))
    return chosen


def remove(name: str, places: Sequence[Path] | None = None) -> InstalledModel:
    """Delete the installed model called `name`, and return it.

    UserError for one that ships with the product, and for one that is not there.
    """
    models = installed(places)
    for model in models:
        if model.name == name and not model.shipped:
            shutil.rmtree(model.path)
            return model
    if any(model.name == name for model in models):
        raise UserError(f"The model {name!r} came with the product, and stays.")
    known = ", ".join(model.name for model in models if not model.shipped) or "none"
    raise UserError(f"There is no installed model called {name!r} (installed: {known}).")


def _speaks(name: str, language: str) -> bool:
    return re.search(rf"(?:^|-){re.escape(language)}(?:-|$)", name) is not None


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
