"""“It does not know my name”: whatever somebody is called, they can be told apart."""

from pathlib import Path

import numpy as np
import pytest

from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar, CommandHeard
from voice_coach.home import equipment
from voice_coach.home.settings import Person, Settings
from voice_coach.rehearsal.voices import voice

UNKNOWN = ("siobhan", "sheila", "d'arcy", "maureen", "xyzzq")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the copy that is taught lies."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    try:
        equipment.model(Settings())
    except UserError as error:
        pytest.skip(str(error))


def test_a_copy_is_taught_the_names_that_are_not_known() -> None:
    settings = Settings(people={name: Person() for name in (*UNKNOWN, "anna")})
    assert not any(map(equipment.model(Settings()).knows, UNKNOWN))
    model = equipment.model(settings)
    assert all(map(model.knows, settings.people))
    folder = model.path
    assert equipment.model(settings).path == folder, "it is taught once"


def test_somebody_whose_name_was_not_known_is_heard() -> None:
    settings = Settings(people={"maureen": Person(), "ben": Person()})
    model = equipment.model(settings)
    ear = CommandEar(model, equipment.phrases(settings, model))
    ear.listen_for("choosing")
    silence = np.zeros(SAMPLE_RATE, np.float32)
    said = voice("gmw/en-us+m3")("maureen") * np.float32(0.3)
    heard = ear.feed(np.concatenate([silence, said, silence]))
    assert [e.slots.get("person") for e in heard if isinstance(e, CommandHeard)] == ["maureen"]


def test_what_a_name_sounds_like_is_listened_for_in_its_place() -> None:
    settings = Settings(people={"siobhan": Person(sounds_like="shiv awn"), "ben": Person()})
    model = equipment.model(settings)
    phrases = equipment.phrases(settings, model)
    match = phrases.match("shiv awn", "choosing")
    assert match is not None
    assert match.slots["person"] == "siobhan"
    assert "siobhan" not in phrases.words()


def test_what_sounds_like_a_command_is_refused() -> None:
    settings = Settings(people={"stopp": Person(sounds_like="stop"), "ben": Person()})
    with pytest.raises(UserError, match="Nobody can be called 'stop'"):
        equipment.phrases(settings, None)
