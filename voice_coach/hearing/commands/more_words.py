"""Words put into a recogniser's model, without training: a model like it beside the others.

The models that the product makes know any word whose phones are known. The model that ships stays
as it is: a copy in the user's folder takes the words, and is used instead from then on, until the
product comes with another model: then the words of the copy are put into one of that.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from voice_coach import assets
from voice_coach.errors import UserError
from voice_coach.hearing.commands import model_store, word_graph
from voice_coach.hearing.commands.command_model import COPY_MARK
from voice_coach.hearing.commands.model_store import InstalledModel
from voice_coach.hearing.commands.phones import Lexicon, Pronunciation
from voice_coach.hearing.commands.transducer_file import NotOursError

_COPIES: Final = 4
"""How often each new word is there at least, for as many places in the sentences."""
_MOST: Final = 50
"""How often at most: what tells a sentence apart from others in so many places is worth no more."""
_SUFFIX: Final = "-words"


def add_words(
    model: InstalledModel,
    words: Mapping[str, Sequence[Pronunciation]],
    copies: Mapping[str, int] | None = None,
    *,
    folder: Path | None = None,
) -> InstalledModel:
    """Return a model that is like `model` and knows `words`, with their pronunciations.

    Parameters
    ----------
    model
        What is to know them. If it ships, it stays as it is, and what is returned is a copy.
    words
        The words with all their pronunciations; those that `model` knows get them besides theirs.
    copies
        How many copies of a word, also of one that is known, tell the sentences apart that it
        stands in.
    folder
        Where the copy lies; by default :func:`model_store.own_folder`.

    Raises
    ------
    UserError
        Where the model is not one of the product's own making, or cannot be written.
    """
    folder = model_store.own_folder() if folder is None else folder
    try:
        lexicon = word_graph.read(model.path / "graph")
    except NotOursError:
        raise UserError(
            f"Words cannot be added to the recogniser model {model.name!r}, which was made by "
            "others; set the model to one that ships with the product."
        ) from None
    name = model.name if model.path.parent == folder else model.name + _SUFFIX
    if model.shipped:
        lexicon = _words_of(folder / name) | lexicon
    for word, said in words.items():
        lexicon[word] = list(dict.fromkeys([*lexicon.get(word, ()), *said]))
    wanted = {word: max(count, _COPIES * (word in words)) for word, count in (copies or {}).items()}
    for word, count in {**dict.fromkeys(words, _COPIES), **wanted}.items():
        for number in range(1, min(count, _MOST)):
            lexicon[f"{word}{COPY_MARK}{number}"] = lexicon[word]
    for copy, said in lexicon.items():  # it sounds as the word does
        lexicon[copy] = lexicon.get(copy.split(COPY_MARK)[0], said)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            new, old = Path(scratch) / name, Path(scratch) / "before"
            shutil.copytree(model.path, new, ignore=shutil.ignore_patterns("graph"))
            word_graph.write(lexicon, new / "graph")
            if model.shipped:
                (new / model_store.ORIGIN).write_text(f"{model.digest()}\n", encoding="utf-8")
            if (folder / name).exists():
                (folder / name).rename(old)
            new.rename(folder / name)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"The model cannot be written to {folder}: {reason}.") from error
    places = (assets.folder("models"), folder)
    return next(one for one in model_store.installed(places) if one.path == folder / name)


def _words_of(folder: Path) -> Lexicon:
    """Return the words of an earlier copy in `folder`; none where there is none."""
    try:
        return word_graph.read(folder / "graph")
    except NotOursError:
        return {}
