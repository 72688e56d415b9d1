"""The JSON Schema of the prescription file, for editors and other programs that write one."""

from collections.abc import Sequence
from typing import Any

import msgspec

from voice_coach.programme.levels import Level
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.tempo import WRITTEN


def schema(levels: Sequence[Level]) -> dict[str, Any]:
    """Return the schema, with what each of `levels` allows at most.

    It requires what :meth:`Prescription.parse` requires, except for two things that a schema
    cannot say: `signed_on` is not after `valid_until`, and no phase of a tempo is too long.
    """
    made = msgspec.json.schema(Prescription)
    found = made["$defs"]["Prescription"]
    fields = {name: _field(field) for name, field in found["properties"].items()}
    fields["level"]["enum"] = [level.name for level in levels]
    fields["days"]["minItems"] = 1
    for name in ("repetitions", "sets", "ceiling"):
        fields[name]["minimum"] = 1
    # A file holds the tempo as it is written; the phases are how it is kept in memory.
    fields["tempo"] = {
        "description": fields["tempo"]["description"],
        "type": "string",
        "pattern": f"^{WRITTEN}$",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A therapist's prescription for voice-coach",
        "type": "object",
        "properties": fields,
        "required": found["required"],
        "additionalProperties": False,
        "allOf": [
            {
                "if": {"properties": {"approved": {"const": True}}, "required": ["approved"]},
                "then": {"required": ["signed_on"]},
            },
            *(_limits(level) for level in levels),
        ],
    }


def _field(made: dict[str, Any]) -> dict[str, Any]:
    """Return a field without null, which TOML does not have: what is not prescribed is left out."""
    field = {name: value for name, value in made.items() if name != "anyOf"}
    for kind in made.get("anyOf", ()):
        if kind != {"type": "null"}:
            field |= kind
    if field.get("default", "") is None:
        del field["default"]
    return field


def _limits(level: Level) -> dict[str, Any]:
    most = {
        "repetitions": level.repetitions.high,
        "sets": level.sets.high,
        "ceiling": level.cap,
    }
    return {
        "if": {"properties": {"level": {"const": level.name}}},
        "then": {"properties": {name: {"maximum": high} for name, high in most.items()}},
    }
