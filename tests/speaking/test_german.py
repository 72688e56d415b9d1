"""What the coach says in German, on trial: as short and plain as in English, and no promise."""

import re
from pathlib import Path

import pytest

from tests.speaking.test_texts import sentences, too_long
from tests.speaking.test_texts import texts as said
from voice_coach import assets
from voice_coach.home import equipment
from voice_coach.home.settings import Settings
from voice_coach.speaking import Script, Voice, script
from voice_coach.speaking.script import missing

PROMISES = re.compile(
    r"heil(?!ig)|(?<!laut)stärk|kräftig|verhinder|vorbeug|behandl|garant|verbesser", re.I
)

ENGLISH = re.compile(r"\b(the|you|your|and|please|when|heels?|drops?)\b")
COMMANDS = re.compile(
    r"start (the session|beginner|intermediate|advanced|anyway)|teach me|how many are left|"
    r"how am I doing|what is today's plan|skip the rest|carry on|change my answers|"
    r"I don't know|I have pain|I feel dizzy|I fell"
)
"""What may be said, which is understood in English alone."""


@pytest.fixture(scope="module")
def german() -> Script:
    return Script.load("de", people=("anna", "ben"), cautions=("Die Knie locker lassen.",))


def test_no_sentence_is_longer_than_twelve_words(german: Script) -> None:
    listed = {cue: text for cue, every in said(german).items() for text in every if too_long(text)}
    assert listed == {}


def test_nothing_is_promised(german: Script) -> None:
    assert [text for text in german.every_line() if PROMISES.search(text)] == []


def test_nothing_is_english_but_what_may_be_said(german: Script) -> None:
    own = {cue for cue in german.cues if cue not in missing("de")}
    listed = [
        text
        for cue, every in said(german).items()
        if cue in own
        for text in every
        if ENGLISH.search(COMMANDS.sub("", text))
    ]
    assert listed == []


def test_nobody_is_asked_to_say_what_is_not_understood(german: Script) -> None:
    wrong = re.compile(r"\bsagen Sie:? (ja|nein|weiter|halt|lauter|leiser)\b", re.IGNORECASE)
    assert [text for text in german.every_line() if wrong.search(text)] == []


def test_every_word_for_a_number_is_german(german: Script) -> None:
    assert german.lines("count", {"number": 21}) == ("Einundzwanzig.",)
    assert german.lines("count", {"number": 30}) == ("Dreißig.",)
    assert german.lines("digit", {"number": 0}) == ("Null.",)


def test_names_and_words_of_the_therapist_have_their_places(german: Script) -> None:
    assert german.lines("caution", {"text": "Die Knie locker lassen."})
    assert german.lines("whose", {"person": "ben"}) == ("Ben,",)


def test_what_has_no_words_or_wrong_ones_is_said_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in script.SCRIPTS.glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "de.toml").read_text(encoding="utf-8")
    text = text.replace('last_one = ["Der letzte."]', 'last_one = ["{place}."]\nnews = ["Neues."]')
    (tmp_path / "de.toml").write_text(text.replace('halfway = ["', '# ["'), encoding="utf-8")
    monkeypatch.setattr(script, "SCRIPTS", tmp_path)
    assert missing("de") == ("halfway", "last_one")
    german = Script.load("de", tmp_path)
    assert german.lines("halfway", {}) == ("Halfway there.",)
    assert german.lines("last_one", {}) == ("Last one.",)
    assert german.lines("rise", {}) == ("Hoch.",)


def test_it_is_spoken_by_a_german_voice_while_english_is_understood(tmp_path: Path) -> None:
    settings = Settings(speaks="de", cache=tmp_path, recordings=tmp_path)
    voice = equipment.voice(settings)
    assert voice.name == "gmw/de"
    voice.prepare_cue("halfway")
    clip = voice.clip("halfway")
    assert clip.text == "Die Hälfte ist geschafft."
    assert len(clip.samples) > 8000
    assert equipment.phrases(settings, None).match("stop", "exercising") is not None


def test_a_natural_english_voice_does_not_speak_it(german: Script, tmp_path: Path) -> None:
    emma = assets.folder("audio") / "voices" / "emma"
    if not emma.is_dir():
        pytest.skip("no natural voice ships")
    assert Voice(Script.load("en"), voice="emma", cache=tmp_path).name == "emma"
    assert Voice(german, voice="emma", cache=tmp_path).name == "gmw/de"


def test_sentences_end(german: Script) -> None:
    assert all(sentences(text) for text in german.every_line())
    assert all(text[-1] in ".?,:" for text in german.every_line())
