"""What a household has: its voice, its recogniser, what its heels sound like, as set."""

import os
from collections.abc import Sequence
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel, Phrases
from voice_coach.hearing.commands.models import choose
from voice_coach.hearing.thumps import HeelTemplate
from voice_coach.settings import Settings
from voice_coach.speaking import Script, Voice


def voice(settings: Settings, **own_words: Sequence[str]) -> Voice:
    """Return the coach's voice, yet to be prepared; `own_words` are those of the household."""
    return Voice(
        Script.load(settings.language, **own_words),
        voice=settings.voice,
        words_per_minute=settings.words_per_minute,
        cache=settings.cache / "clips",
    )


def model(settings: Settings) -> CommandModel:
    """Return the recogniser's model; UserError says how to get one where there is none."""
    return CommandModel.load(choose(settings.model, settings.language).path)


def phrases(settings: Settings, model: CommandModel) -> Phrases:
    """Return what is listened for, the household's names included.

    UserError for a name that the recogniser does not know.
    """
    people: dict[str, list[str]] = {}
    for name in settings.people:
        if not model.knows(name):
            raise UserError(
                f"The recogniser does not know the name {name!r}; in [people.{name}], choose a "
                "name it knows, perhaps a shorter one."
            )
        people[name] = [word for word in (name, f"{name}'s") if model.knows(word)]
    return Phrases.for_language(settings.language, people)


def template(settings: Settings) -> HeelTemplate | None:
    """Return what was learnt of this person's heels; None before the first calibration."""
    try:
        return HeelTemplate.from_json(_template_file(settings).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(
            f"The calibration {_template_file(settings)} cannot be read ({error.strerror}); "
            "mend its permissions, or delete it and calibrate anew."
        ) from error


def keep_template(settings: Settings, learnt: HeelTemplate) -> None:
    """Keep what was learnt of this person's heels, for its owner alone to read."""
    file = _template_file(settings)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
            writing.write(learnt.to_json())
            writing.flush()
            os.fsync(writing.fileno())
        new.replace(file)
    except OSError as error:
        raise UserError(
            f"The calibration cannot be kept in {file.parent} ({error.strerror}); "
            "make the folder writable, or set another one."
        ) from error


def _template_file(settings: Settings) -> Path:
    return settings.calibration / "heels.json"
