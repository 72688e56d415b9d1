"""``voice-coach calibrate``: in what, and on what."""

from typing import Any

import pytest

from tests.cli.conftest import Command
from voice_coach.home import speaker
from voice_coach.home.heel_store import Underfoot


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the live speaker is asked for; there is no sound card here."""
    calls: list[dict[str, Any]] = []

    def calibrate(settings: object, **more: Any) -> bool:
        calls.append(more)
        return True

    monkeypatch.setattr(speaker, "calibrate", calibrate)
    return calls


@pytest.mark.parametrize(
    ("arguments", "underfoot"),
    [
        ([], None),
        (["--footwear", "Slippers"], Underfoot("slippers")),
        (["--floor", "tiles"], Underfoot(floor="tiles")),
        (["--footwear", "slippers", "--floor", "tiles"], Underfoot("slippers", "tiles")),
    ],
)
def test_footwear_and_floor_may_be_named(
    command: Command, asked: list[dict[str, Any]], arguments: list[str], underfoot: Underfoot | None
) -> None:
    assert command("calibrate", *arguments) == 0
    assert asked[0]["underfoot"] == underfoot


@pytest.mark.parametrize("word", ["../shoes", "my shoes", "", "shoes.json", "x"])
def test_a_name_that_is_no_word_is_refused(
    command: Command, asked: list[dict[str, Any]], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command("calibrate", "--footwear", word)
    assert "such as slippers" in capsys.readouterr().err
    assert asked == []
