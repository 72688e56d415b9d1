"""What the coach can say, by name.

The coach knows cues by name and slots; which words or tones they are is the business of
`speaking/`. A cue whose name begins with ``tone.`` has no words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to say or sound: a name of the script with the values of its slots."""

    name: str
    slots: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, name: str, **slots: str | int) -> "Cue":
        """Return the cue `name` with `slots` in alphabetical order."""
        return cls(name, tuple(sorted(slots.items())))

    @property
    def is_tone(self) -> bool:
        """Whether the cue has no words."""
        return self.name.startswith("tone.")
