"""The rhythm of one repetition, written as therapists write it: ``2-1-x-2``."""

import re
from dataclasses import dataclass
from typing import Any, Final, Self

_WRITTEN = re.compile(r"(?P<rise>\d+(?:\.\d+)?)-(?P<hold>\d+(?:\.\d+)?)-x-(?P<pause>\d+(?:\.\d+)?)")
_LONGEST = 30.0

WRITTEN: Final = re.sub(r"\?P<\w+>", "?:", _WRITTEN.pattern)
"""Regular expression of a written tempo, as other programs understand it too."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds of rise, of hold at the top, and of pause after the drop (the ``x``: let go)."""

    rise: float
    hold: float
    pause: float

    def __post_init__(self) -> None:
        phases = (self.rise, self.hold, self.pause)
        if self.rise <= 0 or self.hold < 0 or self.pause <= 0 or max(phases) > _LONGEST:
            raise ValueError(
                f"tempo {self}: rise and pause must be above 0, and none above {_LONGEST:g} s"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the tempo written as ``rise-hold-x-pause``; ValueError says what is wrong."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(
                f"'{text}' is not a tempo; write rise-hold-x-pause in seconds, such as 2-1-x-2"
            )
        return cls(*map(float, written.groups()))

    @property
    def seconds(self) -> float:
        """How long one repetition lasts; the fall itself takes no counted time."""
        return self.rise + self.hold + self.pause

    def __str__(self) -> str:
        return f"{self.rise:g}-{self.hold:g}-x-{self.pause:g}"


@dataclass(frozen=True, slots=True)
class Pace:
    """How far, and in what steps, "slower" and "faster" change a tempo."""

    step: float
    fastest: Tempo
    slowest: Tempo

    def slower(self, tempo: Tempo) -> Tempo:
        """Return the next slower tempo, the same one when it is as slow as it may be."""
        return self._scaled(tempo, self.step)

    def faster(self, tempo: Tempo) -> Tempo:
        """Return the next faster tempo, the same one when it is as fast as is safe."""
        return self._scaled(tempo, 1 / self.step)

    def _scaled(self, tempo: Tempo, factor: float) -> Tempo:
        def phase(seconds: float, least: float, most: float) -> float:
            # A level or prescription may lie outside the limits: then it is not pulled inside
            # by a step in the other direction.
            if factor > 1:
                return max(seconds, min(round(seconds * factor, 2), most))
            return min(seconds, max(round(seconds * factor, 2), least))

        return Tempo(
            rise=phase(tempo.rise, self.fastest.rise, self.slowest.rise),
            hold=phase(tempo.hold, self.fastest.hold, self.slowest.hold),
            pause=phase(tempo.pause, self.fastest.pause, self.slowest.pause),
        )


def spelt_out(content: Any) -> Any:
    """Return parsed TOML with every written tempo as a table, which msgspec turns into one."""
    if isinstance(content, dict):
        return {key: spelt_out(value) for key, value in content.items()}
    if isinstance(content, list):
        return [spelt_out(value) for value in content]
    written = _WRITTEN.fullmatch(content) if isinstance(content, str) else None
    if written:
        return {phase: float(seconds) for phase, seconds in written.groupdict().items()}
    return content
