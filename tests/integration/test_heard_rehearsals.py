"""Rehearsals in which the recogniser hears the person: what was said, all of it, nothing else."""

from pathlib import Path

import pytest

from tests.rehearsal.test_rehearse import CHEST_PAIN, EVERYDAY_WORDS
from tests.rehearsals import Rehearsals
from voice_coach.coach import Intent
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel
from voice_coach.home import equipment
from voice_coach.home.phrases import coach_phrases, meant
from voice_coach.home.settings import Settings
from voice_coach.programme.ledger import Complaint, EndReason
from voice_coach.rehearsal import Scenario, rehearse
from voice_coach.rehearsal.scenario import shipped
from voice_coach.speaking import Script, Voice

pytestmark = pytest.mark.slow

SAID_AGAIN = {"household": 1}
"""How often something has to be said again: a name, once."""


@pytest.fixture(scope="session")
def model() -> CommandModel:
    try:
        return equipment.model(Settings())
    except UserError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def voice(script: Script, voice_cache: Path) -> Voice:
    return Voice(script, cache=voice_cache / "clips")


@pytest.fixture(scope="session")
def heard(shared: Path, voice: Voice, model: CommandModel) -> Rehearsals:
    """The shipped scenarios, each rehearsed once a run, with its commands recognised."""
    return Rehearsals(shared / "heard", voice, model)


@pytest.mark.parametrize("name", shipped())
def test_every_command_that_was_said_is_heard_and_no_other(
    name: str, model: CommandModel, heard: Rehearsals, rehearsed: Rehearsals
) -> None:
    rehearsal = heard.of(name)
    phrases = coach_phrases(people=rehearsal.scenario.people, knows=model.knows)
    answered = [
        event
        for event in rehearsal.transcript.events
        if event["kind"] in {"Command", "NotUnderstood"}
    ]
    told = [(event["kind"], event.get("intent")) for event in answered]
    sayings = [saying.text for saying in rehearsal.person.sayings]
    assert len(told) == len(sayings), told
    for (kind, intent), said in zip(told, sayings, strict=True):
        meanings = {
            meant(match.intent, match.slots)
            for mode in phrases.modes
            if (match := phrases.match(said, mode))
        }
        # What was not understood is said again; it is never taken for something else.
        assert kind == "NotUnderstood" or intent in meanings, (said, intent)
    assert sum(kind == "NotUnderstood" for kind, _ in told) <= SAID_AGAIN.get(name, 0), told
    scripted = rehearsed.of(name)
    assert rehearsal.transcript.ended == scripted.transcript.ended
    assert len(rehearsal.transcript.repetitions) == len(scripted.transcript.repetitions)


def test_the_same_seed_is_heard_the_same(
    model: CommandModel, voice: Voice, heard: Rehearsals, tmp_path: Path
) -> None:
    heard.of("stopped")
    rehearse(Scenario.load("stopped"), voice, model=model, out=tmp_path)
    once, again = (folder / "session.json" for folder in (heard.folder / "stopped", tmp_path))
    assert once.read_bytes() == again.read_bytes()


def test_chest_pain_is_heard_at_whose_plan(
    model: CommandModel, voice: Voice, tmp_path: Path
) -> None:
    rehearsal = rehearse(Scenario.load(str(CHEST_PAIN)), voice, model=model, out=tmp_path)
    # Where it is hardly understood, it is read back, and confirmed.
    cues = [cue["cue"] for cue in rehearsal.transcript.cues if cue["cue"] != "read_back"]
    assert cues[-4:] == ["whose", "whose", "whose.ask", "answer.chest_pain"]
    complaints = [
        event["complaint"]
        for event in rehearsal.transcript.events
        if event.get("intent") == "complain"
    ]
    assert complaints == [Complaint.CHEST_PAIN]


def test_everyday_words_lead_through_a_session_and_dont_stop_does_not_end_it(
    model: CommandModel, voice: Voice, tmp_path: Path
) -> None:
    rehearsal = rehearse(Scenario.load(str(EVERYDAY_WORDS)), voice, model=model, out=tmp_path)
    answered = [
        event.get("intent")
        for event in rehearsal.transcript.events
        if event["kind"] in {"Command", "NotUnderstood"}
    ]
    assert answered == [
        *(Intent.START, Intent.NO, Intent.YES),
        *(Intent.KEEP_GOING, Intent.TIRED, Intent.PAUSE, Intent.RESUME),
        *(Intent.FELT_FINE, Intent.SKIP_REST, Intent.STOP),
    ]
    assert rehearsal.transcript.ended == EndReason.STOPPED
    assert len(rehearsal.transcript.repetitions) == 10
