"""Every text that breaks a rule of the texts: short, plain, and promising nothing.

Each rule returns the texts that break it, so that a failure lists them all.
"""

import re
from itertools import product

import pytest

from voice_coach.speaking import Script

LONGEST = 12
"""Words of a sentence."""

GRADE = 6.5
"""Years of school after which a text can be read: about grade six."""

LONG_ENOUGH = 8
"""Words from which a reading grade means anything."""

NAMES = {
    *("beginner", "intermediate", "advanced", "osteoporosis", "wednesday", "saturday"),
    *("january", "february", "september", "october", "november", "december"),
}
"""Words that have no plainer one; they count as two syllables."""

PROMISES = re.compile(
    r"\b(treat|prevent|revers|cure|heal(?!th)|stronger|strengthen|guarantee|improve|diagnos)",
    re.IGNORECASE,
)


def texts(script: Script) -> dict[str, list[str]]:
    """Return every cue with the texts that it may come to: a value of each slot at a time."""
    found = {}
    for cue in script.cues:
        slots = script.slots(cue)
        few = [(values[0], values[len(values) // 2], values[-1]) for values in slots.values()]
        found[cue] = [
            " ".join(script.lines(cue, dict(zip(slots, values, strict=True))))
            for values in product(*few)
        ]
    return found


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"[.?!]\s*", text) if part.strip()]


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z']+", text)


def syllables(word: str) -> int:
    """Return about how many syllables a word has: its groups of vowels, a silent e left out."""
    if word.lower() in NAMES:
        return 2
    count = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = re.search(r"[^aeiouyl]e$|[^aeioudt]ed$|[^aeiouscxz]es$", word.lower())
    return max(count - bool(silent and count > 1), 1)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text (Kincaid et al. 1975)."""
    said = words(text)
    long_words = sum(map(syllables, said)) / len(said)
    return 0.39 * len(said) / len(sentences(text)) + 11.8 * long_words - 15.59


def too_long(text: str) -> bool:
    return any(len(sentence.split()) > LONGEST for sentence in sentences(text))


def too_hard(text: str) -> bool:
    return len(words(text)) >= LONG_ENOUGH and grade(text) > GRADE


def promises(text: str) -> bool:
    return PROMISES.search(text) is not None


@pytest.mark.parametrize("broken", [too_long, too_hard, promises])
def test_no_text_breaks_the_rules(script: Script, broken: object) -> None:
    assert callable(broken)
    listed = {cue: text for cue, every in texts(script).items() for text in every if broken(text)}
    assert listed == {}


def test_where_a_benefit_is_spoken_of_it_may_help(script: Script) -> None:
    listed = {
        cue: text
        for cue, every in texts(script).items()
        for text in every
        if re.search(r"\bhelps?\b", text)
        and not re.search(r"may( not)? help|need help|for help|call", text)
    }
    assert listed == {}


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Please remember to keep both of your feet and hands where they are now.", too_long),
        ("Individual rehabilitation necessitates medical consideration of its utility.", too_hard),
        ("Heel drops prevent fractures.", promises),
        ("They heal your bones.", promises),
    ],
)
def test_the_rules_find_what_breaks_them(text: str, broken: object) -> None:
    assert callable(broken)
    assert broken(text)


def test_a_health_word_is_no_promise() -> None:
    assert not promises("Tell me about your health.")
