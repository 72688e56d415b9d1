"""Ear and coach agree: what can be said is handled, and what is handled can be said."""

import tomllib
from pathlib import Path

import pytest

from voice_coach.coach import Intent, Mode, State
from voice_coach.coach.listening import CRIES, LISTENED_FOR, handled
from voice_coach.coach.states import MODES
from voice_coach.errors import UserError
from voice_coach.hearing.commands import Phrases, listening
from voice_coach.hearing.commands.phrasebook import PHRASES
from voice_coach.home.phrases import coach_phrases, meant
from voice_coach.programme.ledger import Complaint

LANGUAGES = sorted(folder.name for folder in PHRASES.iterdir() if folder.is_dir())
SHIPPED = {language: coach_phrases(language, ("anna", "ben")) for language in LANGUAGES}
COSTS = tomllib.loads(Path(listening.__file__).with_name("listening.toml").read_text("utf-8"))

in_every_language = pytest.mark.parametrize("phrases", SHIPPED.values(), ids=SHIPPED)


@in_every_language
def test_the_modes_are_the_coachs(phrases: Phrases) -> None:
    assert phrases.modes == tuple(Mode)
    for mode in Mode:
        assert set(phrases.intents(mode)) == set(LISTENED_FOR[mode])


@in_every_language
@pytest.mark.parametrize("state", State)
def test_whatever_is_heard_does_something_and_whatever_does_something_can_be_said(
    phrases: Phrases, state: State
) -> None:
    mode = MODES[state]
    said = {
        meant(match.intent, match.slots)
        for sentence in phrases.sentences(mode)
        if (match := phrases.match(sentence, mode))
    }
    assert said == handled(state)


@in_every_language
@pytest.mark.parametrize("mode", Mode)
def test_every_complaint_can_be_made_in_every_mode(phrases: Phrases, mode: Mode) -> None:
    made = {
        match.slots["complaint"]
        for sentence in phrases.sentences(mode)
        if (match := phrases.match(sentence, mode)) and match.intent == Intent.COMPLAIN
    }
    # How sore a set has left somebody is an answer where that is asked.
    assert made >= set(Complaint) - ({Complaint.SORENESS} if mode is Mode.FEELING else set())


@in_every_language
@pytest.mark.parametrize("mode", Mode)
def test_the_word_for_stop_stops_in_every_mode(phrases: Phrases, mode: Mode) -> None:
    assert phrases.stop_word is not None
    match = phrases.match(phrases.stop_word, mode)
    assert match is not None
    assert match.intent == Intent.STOP
    assert phrases.stop_network is not None
    assert phrases.stop_network.is_file()


@in_every_language
@pytest.mark.parametrize("mode", Mode)
def test_what_belongs_to_two_intents_is_decided_by_their_precedence(
    phrases: Phrases, mode: Mode
) -> None:
    """No sentence owes its meaning to the order of a file."""
    first = COSTS["precedence_in"].get(mode, COSTS["precedence"])
    owners: dict[str, set[str]] = {}
    for intent in phrases.intents(mode):
        for sentence in phrases.sentences_of(intent):
            owners.setdefault(sentence, set()).add(intent)
    for sentence, intents in owners.items():
        if len(intents) > 1:
            ranked = [intent for intent in first if intent in intents]
            assert ranked, (sentence, intents)
            assert phrases.meanings(mode)[sentence] == ranked[0]


def test_costs_and_precedence_name_what_there_is() -> None:
    named = set(COSTS["precedence"]).union(*COSTS["precedence_in"].values())
    named = named.union(*(COSTS[cost] for cost in ("strict", "lenient", "urgent")))
    assert named <= set(Intent) - CRIES
    assert {*COSTS["idle"], *COSTS["precedence_in"]} <= set(Mode)


def test_only_forms_of_a_name_that_the_recogniser_knows_are_listened_for() -> None:
    phrases = coach_phrases("en", ("anna",), knows=lambda word: word != "anna's")
    assert phrases.match("start anna", "asleep")
    assert "anna's" not in phrases.words()


def test_sentences_for_which_nobody_listens_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "phrases.yaml").write_text("intents: {strat: {data: [{sentences: [go]}]}}")
    with pytest.raises(UserError, match="'strat'"):
        coach_phrases("xx", languages=tmp_path)
