"""One recogniser model in memory, and the decoders made from it."""

from pathlib import Path
from typing import Self

import vosk

from voice_coach.errors import UserError


class CommandModel:
    """A Vosk model; loading takes a moment and memory, so that one serves the whole program."""

    def __init__(self, model: vosk.Model, path: Path) -> None:
        self.vosk = model
        self.path = path

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load the model in the folder `path`, or raise UserError."""
        vosk.SetLogLevel(-2)  # not even its warnings: they are no business of the user
        try:
            return cls(vosk.Model(str(path)), path)
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
