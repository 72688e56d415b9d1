"""The one clock: stream time, counted in microphone samples since the stream opened.

Every event and action carries positions on this clock; nothing in the coach, in hearing
or in speaking reads wall time. The same samples therefore give the same session, live or
in a rehearsal that runs as fast as the processor allows.
"""

from typing import Final

SAMPLE_RATE: Final = 16_000
"""Samples per second of the microphone stream, the speaker stream and every clip."""

BLOCK: Final = 320
"""Samples the loop works on at a time: 20 ms."""


def to_samples(seconds: float) -> int:
    """Return the number of samples nearest to `seconds`."""
    return round(seconds * SAMPLE_RATE)


def to_seconds(samples: int) -> float:
    """Return the duration of `samples` in seconds, rounded to the tenth of a millisecond."""
    return round(samples / SAMPLE_RATE, 4)
