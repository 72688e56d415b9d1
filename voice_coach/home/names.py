"""What the people of a household are called, and a recogniser that knows it.

Of first names the recogniser that ships knows many, and never all. A copy of it is therefore taught
those that it lacks, as espeak-ng says them, or as whoever sets the speaker up writes what they
sound like. That takes a second, once.
"""

import logging

from voice_coach import assets
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel
from voice_coach.hearing.commands.model_store import InstalledModel
from voice_coach.hearing.commands.more_words import add_words
from voice_coach.hearing.commands.pronunciation import as_espeak_says
from voice_coach.home.phrases import coach_phrases
from voice_coach.home.settings import Settings

_LOG = logging.getLogger(__name__)


def called(settings: Settings) -> dict[str, str]:
    """Return for everybody's name the word or words that are listened for."""
    return {name: person.sounds_like or name for name, person in settings.people.items()}


def taught(settings: Settings, model: CommandModel) -> CommandModel:
    """Return `model`, or a copy that knows the names of the household, too.

    Where it cannot be taught them, which :func:`equipment.phrases` tells, it is `model` itself.
    """
    names = called(settings)
    if all(model.knows(word) for said in names.values() for word in said.split()):
        return model
    # With the forms of the name: "siobhan's".
    words = coach_phrases(settings.language, names, sounds_like=names).words()
    lacking = sorted(word for word in words if not model.knows(word))
    shipped = model.path.parent == assets.folder("models")
    try:
        said = {word: as_espeak_says(word) for word in lacking}
        copy = add_words(InstalledModel(model.name, model.path, 0, shipped), said)
        _LOG.info("taught the recogniser %s", ", ".join(lacking))
        return CommandModel.load(copy.path)
    except UserError as error:
        _LOG.info("the recogniser cannot be taught %s: %s", ", ".join(lacking), error)
        return model
