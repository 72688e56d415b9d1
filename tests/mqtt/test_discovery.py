"""What Home Assistant is told there is, and what it may ask; without a broker."""

from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.intercom.messages import Doing, Mute, News, Remind, Stop, Volume
from voice_coach.mqtt.discovery import DOING, EVENTS, Topics, discovery

pytest.importorskip("paho.mqtt.client", reason="pip install 'voice-coach[home]'")

from voice_coach.mqtt.bridge import wanted

TOPICS = Topics("voice-coach", "speaker")


def entities(*people: str) -> dict[str, Any]:
    found: dict[str, Any] = discovery(TOPICS, people or (None,), "1")["cmps"]
    return found


def test_every_entity_is_one_of_its_own() -> None:
    found = entities("anna", "ben")
    assert len({each["unique_id"] for each in found.values()}) == len(found)
    assert {"heard_anna", "heard_ben", "done_anna"} <= found.keys()


def test_nothing_begins_a_session() -> None:
    buttons = {name for name, each in entities().items() if each["p"] == "button"}
    assert buttons == {"stop", "remind"}


def test_what_the_speaker_may_tell_is_known_there() -> None:
    assert {"asleep", "exercising", "without_sound"} <= set(DOING) == set(get_args(Doing))
    assert {"not_answering", "asked_for_help"} <= set(EVENTS)
    assert set(EVENTS) == set(get_args(News.__annotations__["what"]))


def test_only_what_is_meant_is_asked_for() -> None:
    assert wanted(TOPICS.command("stop"), "PRESS", TOPICS) == Stop(id=0)
    assert wanted(TOPICS.command("remind"), "PRESS", TOPICS) == Remind(id=0)
    assert wanted(TOPICS.command("mute"), "ON", TOPICS) == Mute(id=0, on=True)
    assert wanted(TOPICS.command("volume"), "-2.0", TOPICS) == Volume(id=0, steps=-2)
    for payload in ("", "9", "nan", "inf", "1.5", "1e9", "ON", "²"):
        assert wanted(TOPICS.command("volume"), payload, TOPICS) is None
    assert wanted(TOPICS.command("mute"), "on", TOPICS) is None
    assert wanted("voice-coach/speaker/start/set", "PRESS", TOPICS) is None


@given(st.text(max_size=40), st.text(max_size=20))
def test_whatever_comes_is_one_of_these_or_nothing(topic: str, payload: str) -> None:
    assert wanted(topic, payload, TOPICS) is None
    for name in ("mute", "volume"):
        request = wanted(TOPICS.command(name), payload, TOPICS)
        assert request is None or isinstance(request, (Mute, Volume))


def test_the_blueprint_waits_for_what_is_told() -> None:
    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        """Reads Home Assistant's own tags as text."""

    Loader.add_constructor("!input", lambda loader, node: loader.construct_scalar(node))
    folder = Path(__file__).parents[2] / "docs" / "homeassistant"
    text = (folder / "she_does_not_answer.yaml").read_text()
    blueprint = yaml.load(text, Loader)
    assert blueprint["blueprint"]["domain"] == "automation"
    condition = blueprint["conditions"][0]["value_template"]
    assert "not_answering" in condition
    assert "asked_for_help" in condition
