"""The rhythm of one repetition, written as therapists write it: ``2-1-x-2``."""

import re
from dataclasses import dataclass
from typing import Self

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)-x-(\d+(?:\.\d+)?)")
_LONGEST = 30.0


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds of rise, of hold at the top, and of pause after the drop (the ``x``: let go)."""

    rise: float
    hold: float
    pause: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the tempo written as ``rise-hold-x-pause``; ValueError says what is wrong."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise ValueError(
                f"'{text}' is not a tempo; write rise-hold-x-pause in seconds, such as 2-1-x-2"
            )
        rise, hold, pause = (float(seconds) for seconds in written.groups())
        if rise == 0 or pause == 0 or max(rise, hold, pause) > _LONGEST:
            raise ValueError(
                f"tempo '{text}': rise and pause must be above 0 and none above {_LONGEST:g} s"
            )
        return cls(rise, hold, pause)

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
