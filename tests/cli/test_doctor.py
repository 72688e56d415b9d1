"""What the doctor finds in a household; sound devices are their own tests' business."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Command
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home.heel_store import Underfoot, keep
from voice_coach.home.settings import Person, Settings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def line(capsys: pytest.CaptureFixture[str], name: str) -> str:
    return next(line for line in capsys.readouterr().out.splitlines() if f"{name}:" in line)


def test_one_person_who_has_not_begun(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    command("doctor")
    out = capsys.readouterr().out
    assert "ok  heels: not learnt yet; the first session begins" in out
    assert "ok  prescription: none" in out


def test_each_of_two_people(
    command: Command, household: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    command("doctor")
    assert line(capsys, "heels").endswith("anna not learnt yet, ben not learnt yet")


def test_a_prescription_that_is_wrong_is_found(
    command: Command, in_use: list[Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = tmp_path / "rx.toml"
    paper.write_text('signed_by = "R. Jones"\nvalid_until = 2030-01-01\nlevel = "beginner"\n')
    people = {"anna": Person(prescription=paper), "ben": Person()}
    in_use[0] = msgspec.structs.replace(in_use[0], people=people)
    command("doctor")
    assert line(capsys, "prescription") == "  ok  prescription: by R. Jones, until 2030-01-01"
    paper.write_text("level = 7")
    assert command("doctor") == 1
    assert line(capsys, "prescription").startswith(f"FAIL  prescription: {paper}")


def test_a_name_that_is_a_command_is_found(
    command: Command, in_use: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    in_use[0] = msgspec.structs.replace(in_use[0], people={"pause": Person(), "ben": Person()})
    assert command("doctor") == 1
    assert "Nobody can be called 'pause'" in line(capsys, "recogniser")


def test_every_footwear_and_floor_that_was_learnt_is_named(
    command: Command, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    learnt = HeelTemplate.generic()
    keep(settings.calibration, learnt, NOW)
    command("doctor")
    assert "ok  heels: learnt, kept in" in capsys.readouterr().out
    keep(settings.calibration, learnt, NOW, Underfoot("slippers", "tiles"))
    command("doctor")
    found = line(capsys, "heels")
    assert "learnt (slippers on tiles, 1 without a name), kept in" in found
