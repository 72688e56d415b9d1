"""The card for the wall: one page, and nothing on it that the ear does not understand."""

import re

import pytest

from tools.quick_start import CARD, TEXT, made
from voice_coach.home.phrases import coach_phrases

SAID = re.findall(r'#say\("(.+?)"\)', TEXT.read_text(encoding="utf-8"))


def test_there_is_something_to_say() -> None:
    assert {"start the session", "stop"} <= set(SAID)


@pytest.mark.parametrize("words", SAID)
def test_what_it_says_to_say_is_understood(words: str) -> None:
    phrases = coach_phrases("en")
    assert any(phrases.match(words.lower(), mode) for mode in phrases.modes)


def test_it_is_one_page_with_a_title_and_tags() -> None:
    card = CARD.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", card)) == 1
    assert b"/MarkInfo" in card
    assert b"Your heel drop coach" in card


def test_it_is_made_from_the_text_as_it_is_now() -> None:
    pytest.importorskip("typst", reason="typst is not installed: pip install typst")
    assert len(made()) == pytest.approx(len(CARD.read_bytes()), rel=0.02)
