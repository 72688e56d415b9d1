"""The script: every cue has words, and the words suit those who hear them."""

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from voice_coach.errors import UserError
from voice_coach.programme.briefing import TAUGHT
from voice_coach.speaking import Script
from voice_coach.speaking.tones import tones

CUES = {"nod": {"tone": "tick"}, "count": {"tone": "tick", "slots": {"number": "1..3"}}}
WORDS: dict[str, Any] = {
    "language": "xx",
    "voice": "gmw/en",
    "numbers": "none one two three",
    "cues": {"nod": ["Yes."], "count": ["{number}."]},
}


def with_cues(**cues: Any) -> dict[str, Any]:
    return {**WORDS, "cues": {**WORDS["cues"], **cues}}


def all_slots(script: Script, cue: str) -> list[dict[str, str]]:
    slots = script.slots(cue)
    return [dict(zip(slots, values, strict=True)) for values in product(*slots.values())]


def test_every_cue_has_words_for_every_value_of_its_slots(script: Script) -> None:
    every = set(script.every_line())
    for cue in script.cues:
        for slots in all_slots(script, cue):
            lines = script.lines(cue, slots)
            assert lines
            assert every.issuperset(lines)


def test_all_that_can_be_said_is_a_few_hundred_lines(script: Script) -> None:
    every = script.every_line()
    assert len(every) == len(set(every))
    assert len(every) < 950


def test_a_line_is_one_short_sentence_in_words(script: Script) -> None:
    for line in script.every_line():
        assert len(line.split()) <= 12, line
        assert not re.search(r"\d", line), line
        assert "{" not in line, line
        assert line[0].isupper(), line
        assert line[-1] in ".?:,", line


def test_every_stand_in_is_a_tone_that_exists(script: Script) -> None:
    assert {script.tone(cue) for cue in script.cues} <= tones().keys()


def test_one_is_singular() -> None:
    script = Script.load()
    one = script.lines("briefing", {"repetitions": 1, "sets": 1})
    two = script.lines("briefing", {"repetitions": 15, "sets": 2})
    assert one == ("One drop in a set.", "One set today.")
    assert two == ("Fifteen drops in a set.", "Two sets today.")
    assert script.lines("left", {"repetitions": 1}) == ("One more drop in this set.",)


def test_what_is_said_before_a_session_names_what_makes_it_safe(script: Script) -> None:
    every = " ".join((*script.lines("ask.place", {}), *script.lines("briefing.setup", {})))
    for word in ("both hands", "sink", "hip-width", "dry", "tall", "shoulders back"):
        assert word in every.lower()
    plan = " ".join(script.lines("briefing", {"repetitions": 20, "sets": 3})).lower()
    assert "twenty" in plan
    assert "three" in plan
    assert script.lines("teach", {"command": TAUGHT[0]}) == ("Say stop whenever you like.",)


def test_each_posture_reminder_is_different(script: Script) -> None:
    reminders = {script.lines("posture", {"number": n}) for n in range(1, 7)}
    assert len(reminders) == 6


def test_a_slot_may_be_given_as_a_number_or_as_text(script: Script) -> None:
    assert script.lines("count", {"number": 7}) == script.lines("count", {"number": "7"})


def test_a_tone_has_no_words(script: Script) -> None:
    assert script.lines("tone.drop", {}) == ()


@pytest.mark.parametrize("slots", [{}, {"number": 31}, {"number": "seven"}, {"level": 1}])
def test_a_value_without_words_is_refused(script: Script, slots: dict[str, str | int]) -> None:
    with pytest.raises(UserError, match="no words for number"):
        script.lines("count", slots)


def test_an_unknown_cue_is_a_mistake_of_the_program(script: Script) -> None:
    with pytest.raises(KeyError):
        script.lines("no_such_cue", {})


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (with_cues(nod=[]), "no words for the cue 'nod'"),
        (with_cues(nod=[""]), "empty line"),
        (with_cues(shake=["No."]), "unknown cue 'shake'"),
        (with_cues(nod=["{who}."]), "unknown slot 'who'"),
        (with_cues(nod=["{}."]), "unknown slot ''"),
        (with_cues(nod=["{who."]), "cue 'nod'"),
        (with_cues(nod="Yes."), "not in order"),
        (with_cues(count=[{"by": "level", "is": {}}]), "unknown slot 'level'"),
        (with_cues(count=[{"by": "number", "is": {"1": "One."}}]), "no words for number '2'"),
        (with_cues(count=[{"by": "number", "is": {"9": "Nine."}, "other": "x"}]), "never '9'"),
        ({**WORDS, "numbers": "none one two"}, "no word for 3"),
        ({**WORDS, "cues": {"nod": ["Yes."]}}, "no words for the cue 'count'"),
        ({**WORDS, "accent": "soft"}, "accent"),
        ({}, "not in order"),
    ],
)
def test_a_script_that_is_not_whole_is_refused_when_loaded(
    words: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(UserError, match=complaint):
        Script(words, CUES, name="xx.toml")


def test_a_number_needs_no_word_where_the_text_does_without() -> None:
    line = {"by": "number", "is": {"3": "A few."}, "other": "{number}."}
    words = {**with_cues(count=[line]), "numbers": "none one two"}
    script = Script(words, CUES, name="xx.toml")
    assert script.lines("count", {"number": 3}) == ("A few.",)


def test_a_range_of_values_that_is_none_is_refused() -> None:
    cues = {**CUES, "count": {"tone": "tick", "slots": {"number": "1 to 3"}}}
    with pytest.raises(UserError, match="not a range"):
        Script(WORDS, cues, name="xx.toml")


def test_a_language_that_we_do_not_speak_is_named_with_those_that_we_do() -> None:
    with pytest.raises(UserError, match="choose de, en"):
        Script.load("tlh")


@pytest.mark.parametrize("content", [b"[cues\n", b"\xff\xfe", b""])
def test_a_broken_file_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_bytes(content)
    with pytest.raises(UserError, match=r"en\.toml"):
        Script.load("en", tmp_path)
