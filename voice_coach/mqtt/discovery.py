"""What Home Assistant is told of the speaker, so that it shows up there by itself. Pure.

One retained message describes the device with all its entities, as Home Assistant calls them.
There is no button to start: a session begins with spoken answers, from whoever exercises.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from voice_coach.intercom.messages import Doing, What

EVENTS: Final[tuple[str, ...]] = get_args(What)
DOING: Final[tuple[str, ...]] = get_args(Doing)
COMMANDS: Final = ("stop", "remind", "mute", "volume")


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of a speaker called `node` below `base`."""

    base: str
    node: str

    @property
    def bridge(self) -> str:
        """Whether the program that tells all this is running."""
        return f"{self.base}/{self.node}/bridge"

    @property
    def speaker(self) -> str:
        """Whether the speaker is."""
        return f"{self.base}/{self.node}/speaker"

    def state(self, name: str, person: str | None = None) -> str:
        """Return where the state `name` is told, of `person` where it is somebody's."""
        return "/".join([self.base, self.node, *([person] if person else []), name])

    def command(self, name: str) -> str:
        """Return where the command `name` is listened for."""
        return f"{self.base}/{self.node}/{name}/set"

    def discovery(self, prefix: str) -> str:
        """Return where Home Assistant, which listens below `prefix`, is told."""
        return f"{prefix}/device/{self.base}_{self.node}/config"


def discovery(topics: Topics, people: Sequence[str | None], version: str) -> dict[str, Any]:
    """Return the message that describes the speaker of `people`."""
    ident = f"{topics.base}_{topics.node}".replace("-", "_")
    entities: dict[str, dict[str, Any]] = {
        "doing": {
            "p": "sensor",
            "name": "Session",
            "device_class": "enum",
            "options": list(DOING),
            "icon": "mdi:human-female",
        },
        "problem": {"p": "binary_sensor", "name": "Problem", "device_class": "problem"},
        "news": {
            "p": "event",
            "name": "News",
            "event_types": list(EVENTS),
            "icon": "mdi:bell-ring",
            # Not of the speaker alone: what it tells last must not be lost with it.
            "availability_topic": topics.bridge,
        },
        "volume": {
            "p": "number",
            "name": "Volume",
            "min": -3,
            "max": 3,
            "step": 1,
            "command_topic": topics.command("volume"),
            "icon": "mdi:volume-high",
        },
        "mute": {
            "p": "switch",
            "name": "Microphone muted",
            "command_topic": topics.command("mute"),
            "icon": "mdi:microphone-off",
        },
        "stop": {
            "p": "button",
            "name": "Stop",
            "command_topic": topics.command("stop"),
            "icon": "mdi:stop-circle",
        },
        "remind": {
            "p": "button",
            "name": "Remind now",
            "command_topic": topics.command("remind"),
            "icon": "mdi:bell",
        },
    }
    for name, entity in entities.items():
        if entity["p"] != "button":
            entity["state_topic"] = topics.state(name)
        if "availability_topic" not in entity:
            entity["availability"] = [{"topic": topics.bridge}, {"topic": topics.speaker}]
            entity["availability_mode"] = "all"
    for person in people:
        entities |= _of(person, topics)
    for name, entity in entities.items():
        entity["unique_id"] = f"{ident}_{name}"
    return {
        "dev": {
            "ids": [ident],
            "name": "Heel drops",
            "mf": "voice-coach",
            "mdl": "Heel drop coach",
            "sw": version,
        },
        "o": {"name": "voice-coach", "sw": version},
        "cmps": entities,
        "qos": 1,
    }


def _of(person: str | None, topics: Topics) -> dict[str, dict[str, Any]]:
    """Return the entities that are somebody's; they tell what is written, speaker or not."""
    whose = f" ({person.title()})" if person else ""
    own: dict[str, dict[str, Any]] = {
        "heard": {
            "p": "sensor",
            "name": f"Drops heard today{whose}",
            "state_class": "measurement",
            "icon": "mdi:shoe-print",
        },
        "next": {
            "p": "sensor",
            "name": f"Next session{whose}",
            "device_class": "date",
        },
        "adherence": {
            "p": "sensor",
            "name": f"Days of this week{whose}",
            "unit_of_measurement": "%",
            "icon": "mdi:calendar-check",
        },
        "done": {"p": "binary_sensor", "name": f"Done today{whose}", "icon": "mdi:check"},
    }
    found = {}
    for name, entity in own.items():
        entity["state_topic"] = topics.state(name, person)
        entity["availability_topic"] = topics.bridge
        found[f"{name}_{person}" if person else name] = entity
    return found
