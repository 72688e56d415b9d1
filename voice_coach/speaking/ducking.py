"""Ducking: when to lower our voice, because somebody talks over it."""

from typing import Final

from voice_coach.clock import to_samples

TALKED_OVER: Final = to_samples(0.2)
"""Sound that began within our words is speech over them once it has lasted so long."""

SENTENCE: Final = to_samples(0.8)
"""Shorter words ("rise", a count) are over before lowering them would help anybody."""


def is_talked_over(words: tuple[int, int], since: int | None, position: int) -> bool:
    """Tell whether somebody talks over our words at `position`.

    What began before our words is what they answer, a landing above all.

    Parameters
    ----------
    words
        Where our last words begin and end.
    since
        Since when somebody else has been speaking, if somebody is.
    position
        Up to where the microphone has been heard.
    """
    start, end = words
    return (
        since is not None
        and end - start >= SENTENCE
        and start < since <= position - TALKED_OVER
        and position < end
    )
