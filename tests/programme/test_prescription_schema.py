"""The schema says what the reader holds a file to, and the one in the docs is the present one."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.programme.past import LEVELS
from voice_coach.errors import UserError
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.prescription_schema import schema
from voice_coach.programme.tempo import WRITTEN, Tempo

FILE = Path(__file__).parents[2] / "docs" / "prescription.schema.json"
SCHEMA = schema(LEVELS)


def parsed(level: str, rest: str = "") -> Prescription:
    text = f'signed_by = "A"\nvalid_until = 2030-01-01\nlevel = "{level}"\n{rest}'
    return Prescription.parse(text, "rx.toml", LEVELS)


def test_the_one_in_the_docs_is_up_to_date() -> None:
    made = f"{json.dumps(SCHEMA, indent=2)}\n"
    assert FILE.read_text(encoding="utf-8") == made, "run: voice-coach plan --schema > docs/..."


def test_it_has_every_key_with_its_remedy() -> None:
    assert set(SCHEMA["properties"]) == set(Prescription.__struct_fields__)
    assert all(field["description"] for field in SCHEMA["properties"].values())
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["required"] == ["signed_by", "valid_until", "level"]


def limits() -> list[tuple[str, str, int]]:
    found: list[Any] = [rule for rule in SCHEMA["allOf"] if "level" in rule["if"]["properties"]]
    return [
        (rule["if"]["properties"]["level"]["const"], key, limit["maximum"])
        for rule in found
        for key, limit in rule["then"]["properties"].items()
    ]


@pytest.mark.parametrize(("level", "key", "most"), limits())
def test_its_limits_are_those_of_the_reader(level: str, key: str, most: int) -> None:
    assert getattr(parsed(level, f"{key} = {most}"), key) == most
    with pytest.raises(UserError, match=f"{key}: {most + 1} is not between 1 and {most}"):
        parsed(level, f"{key} = {most + 1}")


def test_it_has_limits_for_every_level() -> None:
    assert {level for level, _, _ in limits()} == {level.name for level in LEVELS}
    assert SCHEMA["properties"]["level"]["enum"] == [level.name for level in LEVELS]


def test_a_tempo_is_as_it_is_written() -> None:
    assert SCHEMA["properties"]["tempo"]["pattern"] == f"^{WRITTEN}$"
    assert parsed("beginner", 'tempo = "2-1.5-x-2"').tempo == Tempo(2, 1.5, 2)


def test_an_approval_needs_its_day_for_both() -> None:
    (rule,) = (rule for rule in SCHEMA["allOf"] if "approved" in rule["if"]["properties"])
    assert rule["then"] == {"required": ["signed_on"]}
    with pytest.raises(UserError, match="line 4: approved: an approval needs its day"):
        parsed("beginner", "approved = true")
    assert parsed("beginner", "approved = true\nsigned_on = 2026-01-01").approved
