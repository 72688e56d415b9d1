"""Why the ear answered, or did not: told to whoever asks for it, whenever it makes up its mind."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec

from voice_coach.hearing.commands.acceptance import Reading, Weighed
from voice_coach.hearing.commands.decoder import Hypothesis
from voice_coach.hearing.commands.sentence import Sentence

_LOG = logging.getLogger(__name__)

_READ: Final = 3
"""Hypotheses that one line tells of."""


class Reason(StrEnum):
    """What the ear did with what it had read, and why."""

    BELIEVED = "believed"
    REPEATED = "the last command, heard once more"
    REMNANT = "the rest of the last command, misheard"
    NO_SENTENCE = "no sentence that is listened for now"
    UNCERTAIN = "too uncertain"
    OURS = "our own words"
    HIDDEN = "it does not stand out of our echo"
    INCOMPLETE = "more may follow"
    STOP_DOUBTED = "whether it is the word for stop will be known in a moment"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was made of an utterance over [`start`, `end`), at `decided`, in stream time."""

    start: int
    end: int
    decided: int
    reason: Reason
    hypotheses: tuple[Hypothesis, ...]
    """What the recogniser read, the best first; nothing where the network alone decided."""
    sentence: Sentence | None = None
    """The likeliest sentence that is listened for."""
    weighed: Weighed | None = None
    """How certain it is, where that was asked."""
    threshold: float | None = None
    """How certain it had to be."""

    def features(self) -> dict[str, float]:
        """Return what spoke for the sentence and against it; nothing where it was not weighed."""
        return msgspec.structs.asdict(self.weighed.features) if self.weighed else {}

    def __str__(self) -> str:
        """Return all of it in one line."""
        read = " / ".join(f"{one.text} ({one.score:.1f})" for one in self.hypotheses[:_READ])
        parts = [f"read {read}"] if read else []
        if self.sentence:
            parts.append(f"{self.sentence.match.intent}: {self.sentence.text}")
        if self.weighed and self.threshold is not None:
            parts.append(f"confidence {self.weighed.confidence:.2f} of {self.threshold:.2f}")
            parts.append(", ".join(f"{name} {x:.2f}" for name, x in self.features().items() if x))
        return "; ".join([*parts, self.reason])


def explained(
    reason: Reason,
    *,
    span: tuple[int, int],
    reading: Reading | None,
    weighed: Weighed | None,
    sentence: Sentence | None,
    threshold: float | None,
) -> Explanation:
    """Return the explanation of what was made of an utterance.

    `span` is where the utterance begins, and where it ends by now.
    """
    start, end = span
    words = sentence.words if sentence else reading.words if reading else ()
    return Explanation(
        start=words[0].start if words else start,
        end=words[-1].end if words else end,
        decided=end,
        reason=reason,
        hypotheses=reading.hypotheses if reading else (),
        sentence=sentence,
        weighed=weighed,
        threshold=threshold,
    )


Explain: TypeAlias = Callable[[Explanation], None]
"""Is told of each explanation."""


def noted() -> Explain | None:
    """Return who notes each explanation in the log; nobody where that is not to be seen."""
    if not _LOG.isEnabledFor(logging.INFO):
        return None
    return lambda explanation: _LOG.info("%s", explanation)
