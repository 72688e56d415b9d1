"""What a decoder is told to listen for, and how likely each of it is.

Vosk counts which word follows which in the list it is given; a sentence that stands there twice
is twice as likely. The weights here are how often people are expected to say what.
"""

from collections.abc import Iterable
from typing import Final

from voice_coach.errors import UserError
from voice_coach.hearing.commands.decoder import UNKNOWN
from voice_coach.hearing.commands.model import CommandModel
from voice_coach.hearing.commands.phrasebook import Phrases

_PER_INTENT: Final = 300
"""Every intent is equally likely, however many sentences it has: about this many entries each."""
_DECOYS: Final = 0.4
_OTHER: Final = 0.001
"""Share of the decoys and of other speech, in relation to the sentences."""


def grammar(phrases: Phrases, mode: str, model: CommandModel) -> tuple[str, ...]:
    """Return what to listen for in `mode`: sentences, fillers around them, decoys, beginnings."""
    sentences = phrases.sentences(mode)
    by_intent: dict[str, list[str]] = {}
    for sentence, intent in phrases.meanings(mode).items():
        by_intent.setdefault(intent, []).append(sentence)
    listed = [text for every in by_intent.values() for text in _repeated(every, _PER_INTENT)]
    # Only pairs of words are counted: one sentence for each first and each last word will do.
    first = {sentence.split()[0]: sentence for sentence in sentences}
    last = {sentence.split()[-1]: sentence for sentence in sentences}
    for filler in phrases.skip_words:
        listed += [f"{filler} {sentence}" for sentence in first.values()]
        listed += [f"{sentence} {filler}" for sentence in last.values()]
    decoys = [text for text in phrases.decoys(mode) if all(map(model.knows, text.split()))]
    # What has only begun ("how ...") must not look like the nearest thing that is out ("help").
    decoys += phrases.beginnings(mode)
    count = len(listed)
    listed += _repeated(decoys, round(_DECOYS * count))
    listed += _repeated([UNKNOWN, UNKNOWN, f"{UNKNOWN} {UNKNOWN}"], round(_OTHER * count))
    return tuple(listed)


def _repeated(texts: list[str], count: int) -> Iterable[str]:
    """Return `texts` over and over, to about `count` entries."""
    return texts * max(1, round(count / len(texts))) if texts else ()


def check_words(phrases: Phrases, model: CommandModel) -> None:
    """Raise UserError naming the words of `phrases` that `model` cannot recognise."""
    unknown = sorted(word for word in phrases.words() if not model.knows(word))
    if unknown:
        named = ", ".join(map(repr, unknown[:5])) + (" and more" if len(unknown) > 5 else "")
        raise UserError(
            f"The recogniser model {model.name!r} does not know the word {named} in "
            f"{phrases.source}; use another word or another model."
        )
