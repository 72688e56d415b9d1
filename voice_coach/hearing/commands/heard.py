"""What the command ear reports; all positions are samples of the microphone stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CommandHeard:
    """A sentence of the phrase file was said over [`start`, `end`) and believed at `decided`."""

    start: int
    end: int
    decided: int
    text: str
    intent: str
    slots: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 1.0
    """Our estimate, 0 to 1, that this is what was said."""
    sure: bool = True
    """Whether that is enough for something that is costly to believe wrongly."""


@dataclass(frozen=True, slots=True)
class SpeechNotUnderstood:
    """Somebody spoke over [`start`, `end`), but nothing that is listened for."""

    start: int
    end: int
    decided: int
    text: str
    """The nearest the recogniser came, for the log; ``[unk]`` stands for other speech."""
