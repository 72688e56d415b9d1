"""Rehearsals in which the recogniser hears the person: what was said, all of it, nothing else."""

from pathlib import Path

import pytest

from voice_coach import household
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel, Phrases
from voice_coach.rehearsal import Scenario, rehearse
from voice_coach.rehearsal.scenario import shipped
from voice_coach.settings import Settings
from voice_coach.speaking import Script, Voice


@pytest.fixture(scope="module")
def model() -> CommandModel:
    try:
        return household.model(Settings())
    except UserError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    voice = Voice(Script.load(), cache=tmp_path_factory.mktemp("clips"))
    voice.prepare()
    return voice


@pytest.mark.parametrize("name", shipped())
def test_every_command_that_was_said_is_heard_and_no_other(
    name: str, model: CommandModel, voice: Voice, tmp_path: Path
) -> None:
    rehearsal = rehearse(Scenario.load(name), voice, model=model, out=tmp_path)
    phrases = Phrases.for_language("en")
    said = [
        {m.intent for mode in phrases.modes if (m := phrases.match(saying.text, mode))}
        for saying in rehearsal.person.sayings
    ]
    heard = [e["intent"] for e in rehearsal.transcript.events if e["kind"] == "Command"]
    assert len(heard) == len(said), heard
    assert all(intent in intents for intent, intents in zip(heard, said, strict=True)), heard


def test_the_same_seed_is_heard_the_same(model: CommandModel, voice: Voice, tmp_path: Path) -> None:
    for name in ("once", "again"):
        rehearse(Scenario.load("stopped"), voice, model=model, out=tmp_path / name)
    once, again = (tmp_path / name / "session.json" for name in ("once", "again"))
    assert once.read_bytes() == again.read_bytes()
