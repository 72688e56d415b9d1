"""What the coach asks for does not end on the answer, which people give a moment later.

The word would be on its way through the room twice, and only one of them be somebody's.
"""

import re

import pytest

from voice_coach.hearing.commands import Phrases
from voice_coach.home.phrases import coach_phrases
from voice_coach.speaking import Script
from voice_coach.speaking.word_times import words_of

PEOPLE = ("anna", "ben")

PROMPT = re.compile(r"\b(say|ask|tell me|will do)\b|[?]$", re.IGNORECASE)
"""What a line is that wants an answer."""


@pytest.fixture(scope="module")
def listened_for() -> Phrases:
    return coach_phrases(people=PEOPLE)


def prompts(script: Script) -> list[str]:
    return [text for text in script.every_line() if PROMPT.search(text)]


def answer_at_its_end(text: str, phrases: Phrases) -> str | None:
    """Return the longest sentence of any mode that `text` ends on."""
    words = words_of(text)
    endings = (" ".join(words[place:]) for place in range(len(words)))
    return next(
        (end for end in endings if any(phrases.match(end, mode) for mode in phrases.modes)), None
    )


def test_no_prompt_ends_on_what_may_be_answered(listened_for: Phrases) -> None:
    script = Script.load("en", people=[name.title() for name in PEOPLE])
    ends = {text: answer_at_its_end(text, listened_for) for text in prompts(script)}
    assert len(ends) > 60
    assert {text: end for text, end in ends.items() if end} == {}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Please say yes, or stop.", "stop"),
        ("Say yes, or no.", "no"),
        ("Or ask me how am I doing.", "how am i doing"),
        ("Say your name: Anna.", "anna"),
        ("Say yes to go on, or stop to end.", None),
    ],
)
def test_the_rule_finds_what_breaks_it(
    text: str, answer: str | None, listened_for: Phrases
) -> None:
    assert PROMPT.search(text)
    assert answer_at_its_end(text, listened_for) == answer
