"""What a household has, as the settings say: its voice, its recogniser, its phrases."""

from collections.abc import Sequence
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel, Phrases
from voice_coach.hearing.commands.model_store import choose
from voice_coach.home.names import called, taught
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

    It may be named in the settings, or its folder be given. It knows the names of the household,
    unless :func:`phrases` says of one that it does not.
    """
    return taught(settings, CommandModel.load(model_folder(settings)))


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
    names = called(settings)
    for name, said in names.items():
        if commands is not None and any(commands.match(said, mode) for mode in commands.modes):
            raise UserError(
                f"Nobody can be called {said!r}, which is something that is said to the coach; "
                f"choose another name in [people.{name}]."
            )
        if not all(map(knows, said.split())):
            raise UserError(
                f"The recogniser does not know {said!r}, and cannot be taught it here; write "
                f"English words that sound like it as sounds_like in [people.{name}]."
            )
    return coach_phrases(settings.language, names, sounds_like=names, knows=knows)
