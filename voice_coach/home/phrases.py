"""A language's phrases, listened for as the coach's table wants it: where ear and coach meet."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from voice_coach.coach import Intent
from voice_coach.coach.listening import LISTENED_FOR
from voice_coach.hearing.commands import Listening, Phrases
from voice_coach.hearing.commands.phrasebook import PHRASES


def all_words(word: str) -> bool:
    """Return True: a command that is read, not heard, may hold any word."""
    return True


def coach_phrases(
    language: str = "en",
    people: Iterable[str] = (),
    *,
    sounds_like: Mapping[str, str] | None = None,
    knows: Callable[[str], bool] = all_words,
    languages: Path = PHRASES,
) -> Phrases:
    """Return what is said to the coach in `language`, in each of its modes.

    Parameters
    ----------
    language
        The name of a folder in `languages`.
    people
        The names of the household, which may be said.
    sounds_like
        Words to listen for in place of a name.
    knows
        Whether the recogniser knows a word; forms of a name that it lacks are left out.
    languages
        The folder of the languages, by default those shipped.
    """
    modes = {str(mode): [str(intent) for intent in of] for mode, of in LISTENED_FOR.items()}
    listening = Listening.load(modes)
    return Phrases.for_language(
        language, listening, people, sounds_like=sounds_like, knows=knows, languages=languages
    )


def meant(intent: str, slots: Mapping[str, str]) -> Intent:
    """Return what the coach is asked for by `intent` as heard: a "stop" may be a cry."""
    return Intent(slots.get("cry", intent))
