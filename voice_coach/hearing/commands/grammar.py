"""What a decoder is told to listen for: sentences, fillers around them, and decoys."""

from voice_coach.errors import UserError
from voice_coach.hearing.commands.decoder import UNKNOWN
from voice_coach.hearing.commands.model import CommandModel
from voice_coach.hearing.commands.phrasebook import Phrases


def grammar(phrases: Phrases, mode: str, model: CommandModel) -> tuple[str, ...]:
    """Return what to listen for in `mode`: its sentences, also with fillers, and the decoys.

    Vosk makes a bigram of the list, in which a word that follows another once may always
    follow it; each filler therefore stands once before and once after every sentence.
    """
    sentences = phrases.sentences(mode)
    filled = [
        text
        for filler in phrases.skip_words
        for sentence in sentences
        for text in (f"{filler} {sentence}", f"{sentence} {filler}")
    ]
    wanted = {word for sentence in sentences for word in sentence.split()}
    decoys = [
        decoy
        for decoy in phrases.decoys
        if decoy not in sentences
        and all(word in wanted or model.knows(word) for word in decoy.split())
    ]
    return (*sentences, *filled, *decoys, UNKNOWN)


def check_words(phrases: Phrases, model: CommandModel) -> None:
    """Raise UserError naming the words of `phrases` that `model` cannot recognise."""
    unknown = sorted(word for word in phrases.words() if not model.knows(word))
    if unknown:
        named = ", ".join(map(repr, unknown[:5])) + (" and more" if len(unknown) > 5 else "")
        raise UserError(
            f"The recogniser model {model.name!r} does not know the word {named} in "
            f"{phrases.source}; use another word or another model."
        )
