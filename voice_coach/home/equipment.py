"""What a household has, as the settings say: its voice, its recogniser, its phrases."""

from collections.abc import Sequence
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel, Phrases
from voice_coach.hearing.commands.model_store import choose
from voice_coach.home.phrases import all_words, coach_phrases
from voice_coach.home.settings import Settings
from voice_coach.speaking import Script, Voice


def voice(settings: Settings, **own_words: Sequence[str]) -> Voice:
    """Return the coach's voice, yet to be prepared; `own_words` are those of the household."""
    return Voice(
        Script.load(settings.spoken, **own_words),
        voice=settings.voice,
        words_per_minute=settings.words_per_minute,
        cache=settings.cache / "clips",
        own=settings.recordings,
    )


def model(settings: Settings) -> CommandModel:
    """Return the recogniser's model; UserError says how to get one where there is none.

    It may be named in the settings, or its folder be given.
    """
    return CommandModel.load(model_folder(settings))


def model_folder(settings: Settings) -> Path:
    """Return where the model is that :func:`model` loads; UserError likewise."""
    name = settings.model
    if name is not None and ("/" in name or name.startswith("~")):
        try:
            folder = Path(name).expanduser()
        except RuntimeError as error:
            raise UserError(f"{name!r} names nobody's home; give the folder of a model.") from error
        if not (folder / "am" / "final.mdl").is_file():
            raise UserError(f"There is no recogniser model in {folder}; name another folder.")
        return folder
    return choose(name, settings.language).path


def phrases(settings: Settings, model: CommandModel | None) -> Phrases:
    """Return what is listened for, the household's names included.

    Without a `model` every word is known. UserError for a name that the recogniser does not know,
    and for one that is a command.
    """
    knows = all_words if model is None else model.knows
    commands = coach_phrases(settings.language) if settings.people else None
    for name in settings.people:
        if commands is not None and any(commands.match(name, mode) for mode in commands.modes):
            raise UserError(
                f"Nobody can be called {name!r}, which is something that is said to the coach; "
                f"choose another name in [people.{name}]."
            )
        if not knows(name):
            raise UserError(
                f"The recogniser does not know the name {name!r}; teach it with 'voice-coach model "
                f"add-words {name}', or choose a name it knows in [people.{name}]."
            )
    return coach_phrases(settings.language, settings.people, knows=knows)
