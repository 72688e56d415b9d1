"""What the speaking room hands out: a clip to play, or a fault to report."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.samples import Samples
from voice_coach.timed_word import TimedWord

PAUSE = to_samples(0.30)
"""Silence after a sentence, in samples."""

BREATH = to_samples(0.12)
"""Silence after a line that the next one completes: one ending in a colon or a comma."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound ready to be placed in the mixer; `text` is empty for a tone."""

    samples: Samples
    text: str
    words: tuple[TimedWord, ...] = ()
    """When each word of `text` is said, in samples from the clip's beginning."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that will not be heard as it should be: `text` names it, `reason` says why."""

    text: str
    reason: str


def join(clips: Sequence[Clip]) -> Clip:
    """Return one clip that plays `clips` in order, with a pause that suits the punctuation."""
    parts: list[Samples] = []
    words: list[TimedWord] = []
    length = 0
    for index, clip in enumerate(clips):
        words += [word.later(length) for word in clip.words]
        length += len(clip.samples)
        parts.append(clip.samples)
        if index < len(clips) - 1:
            silence = BREATH if clip.text.endswith((":", ",")) else PAUSE
            parts.append(np.zeros(silence, dtype=np.float32))
            length += silence
    samples = np.concatenate(parts) if len(parts) > 1 else parts[0]
    samples.flags.writeable = False
    return Clip(samples, " ".join(clip.text for clip in clips if clip.text), tuple(words))
