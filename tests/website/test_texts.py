"""The words of the page: every language has them all, and says them in full sentences."""

import re
from datetime import date
from pathlib import Path

import pytest

from voice_coach.programme.ledger import Answer, Complaint, EndReason
from voice_coach.programme.levels import load_levels
from voice_coach.programme.rules import load_rules
from voice_coach.website import texts

TEMPLATES = Path(texts.__file__).with_name("templates")


@pytest.mark.parametrize("language", texts.languages())
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    assert texts.missing(language) == ()


@pytest.mark.parametrize("language", texts.languages())
def test_what_the_programme_may_say_has_words(language: str) -> None:
    t = texts.load(language)
    for reason in load_rules().may_override:
        assert t.why[reason]
    for complaint in Complaint:
        assert t.complaints[complaint]
    for answer in Answer:
        assert t.answers[answer]
    for reason_of_end in EndReason:
        assert t.ended[reason_of_end]
    for level in load_levels():
        assert t.levels[level.name]
    for notice in ("stepped_back", "prescription_expired", "clock_behind"):
        assert t.notices[notice]


def test_numbers_and_days_are_said_as_people_say_them() -> None:
    t = texts.load("en")
    assert t.count(t.today.free_in, 1) == "The next session can be tomorrow."
    assert t.count(t.today.free_in, 3) == "The next session can be in 3 days."
    assert t.day(date(2026, 11, 28)) == "Saturday, 28 November 2026"
    assert t.short(date(2026, 11, 28)) == "28 Nov 2026"


def test_templates_hold_no_words_of_their_own() -> None:
    for file in TEMPLATES.glob("*.html"):
        text = re.sub(r"{% macro.*?endmacro %}|<pre>.*?</pre>", " ", file.read_text(), flags=re.S)
        text = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", text, flags=re.S)
        words = set(re.findall(r"[A-Za-z]{3,}", text)) - {"voice", "coach"}
        assert not words, f"{file.name}: {words}"


def test_an_unknown_language_is_english() -> None:
    assert texts.load("xx").title == texts.load("en").title
